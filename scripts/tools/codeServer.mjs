// code-server, VS Code in a browser: in the cache folder, because its 98 packages have no place in this repository's.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, installOnce } from "./cache.mjs";
import { run, Trouble, withPath } from "./run.mjs";
import { ensureBuildTools } from "./system.mjs";

const CODE_SERVER = "4.139.1";
const ENTRY = "node_modules/code-server/out/node/entry.js";

/** Entry file of code-server and the Node 24 that it is compiled for. */
export async function ensureCodeServer() {
  const node = await ensureNodeCopy();
  const folder = join(cacheFolder, `code-server-${CODE_SERVER}`);
  if (!existsSync(join(folder, ENTRY))) await ensureBuildTools();
  await installOnce(folder, ENTRY, async (temporary) => {
    console.log(`Installing code-server ${CODE_SERVER} (once; it compiles native modules) …`);
    await npmInstall(temporary, `code-server@${CODE_SERVER}`, {
      ...withPath(node.binFolder),
      npm_config_nodedir: node.headers,
    });
  });
  return { entry: join(folder, ENTRY), node: node.executable };
}

/** Node 24 with its header files, which the package in node_modules is stripped of. */
async function ensureNodeCopy() {
  const folder = join(cacheFolder, "node-24");
  await installOnce(folder, "node_modules/node/bin", async (temporary) => {
    console.log("Installing Node 24 for code-server (once) …");
    await npmInstall(temporary, "node@24", withPath());
  });
  const modules = join(folder, "node_modules");
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const headers = [join(modules, "node/node_modules", name), join(modules, name)].find((path) =>
    existsSync(join(path, "include")),
  );
  if (headers === undefined)
    throw new Trouble(`The header files of Node 24 are missing: remove ${folder} and try again.`);
  const executable = join(modules, "node/bin", process.platform === "win32" ? "node.exe" : "node");
  return { executable, headers, binFolder: join(modules, ".bin") };
}

async function npmInstall(folder, what, env) {
  const failure = `${what} could not be installed. Check the network or npm's registry setting and try again.`;
  // Both packages are made by their install scripts, which npm 11 asks permission for.
  const permitted = { ...env, npm_config_dangerously_allow_all_scripts: "true" };
  await run("npm", ["init", "-y"], { cwd: folder, env, failure });
  await run("npm", ["install", "--no-audit", "--no-fund", what], {
    cwd: folder,
    env: permitted,
    limit: 900_000,
    failure,
  });
}
