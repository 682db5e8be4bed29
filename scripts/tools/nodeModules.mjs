// The packages of this repository, Node 24 among them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, Trouble, withPath } from "./run.mjs";

/** Node 24 of this repository (better-sqlite3 13 and TypeScript without a build need it). */
export const node24 = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** A program of node_modules/.bin. */
export function bin(name) {
  return join(root, "node_modules", ".bin", process.platform === "win32" ? `${name}.cmd` : name);
}

/** Runs `npm ci` when node_modules is absent or does not match package-lock.json. */
export async function ensureNodeModules() {
  if (isCurrent()) return;
  console.log("Installing the packages of package-lock.json …");
  await run("npm", ["ci", "--no-audit", "--no-fund"], {
    env: withPath(),
    limit: 600_000,
    failure: "The packages could not be installed. Check the network or npm's registry setting and try again.",
  });
  if (!existsSync(node24)) {
    throw new Trouble(
      "Node 24 is missing after `npm ci`: let npm run install scripts (npm config get ignore-scripts).",
    );
  }
}

/** npm keeps a copy of what it installed; it is written last, so an interrupted install is not current. */
function isCurrent() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed) || !existsSync(node24)) return false;
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(installed);
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || present[path]?.version === version,
  );
}

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}
