// Programs that come from the system: found on PATH, or installed through apt where that is permitted.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, Trouble } from "./run.mjs";

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Absolute path of the first of `names` on PATH, or undefined. */
export function findProgram(...names) {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      for (const suffix of suffixes) {
        const file = join(folder, name + suffix);
        if (isExecutable(file)) return file;
      }
    }
  }
  return undefined;
}

/** The browser of the end-to-end tests. Throws a Trouble when it is missing and may not be installed. */
export async function ensureChromium() {
  const named = process.env.FLOWDECK_CHROMIUM;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Trouble(`FLOWDECK_CHROMIUM names ${named}, which does not exist.`);
  }
  const found = findProgram(...CHROMIUM_NAMES);
  if (found !== undefined) return found;
  await aptInstall(["chromium"], "Chromium is missing.");
  const installed = findProgram(...CHROMIUM_NAMES);
  if (installed === undefined)
    throw new Trouble("Chromium is missing after its install: name it in FLOWDECK_CHROMIUM.");
  return installed;
}

/** What compiling code-server's native modules needs on Linux. */
export async function ensureBuildTools() {
  if (process.platform !== "linux") return;
  const missing = [];
  if (findProgram("g++") === undefined || findProgram("make") === undefined) missing.push("build-essential");
  if (!existsSync("/usr/include/gssapi/gssapi.h")) missing.push("libkrb5-dev");
  if (findProgram("python3") === undefined) missing.push("python3");
  if (missing.length > 0) await aptInstall(missing, "code-server needs tools that compile native modules.");
}

async function aptInstall(packages, reason) {
  const byHand = `Install ${packages.join(" and ")} with the system's package manager and try again.`;
  if (findProgram("apt-get") === undefined) throw new Trouble(`${reason} ${byHand}`);
  const sudo = await mayInstall();
  if (sudo === undefined) throw new Trouble(`${reason} Neither root nor passwordless sudo is at hand. ${byHand}`);
  console.log(`Installing ${packages.join(", ")} through apt …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const failure = `${reason} apt could not install it. ${byHand}`;
  const waits = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "-o", "DPkg::Lock::Timeout=60"];
  const apt = (limit, ...args) => {
    const [command, ...rest] = [...sudo, "apt-get", "-q", ...waits, ...args];
    return run(command, rest, { env, limit, failure });
  };
  await apt(120_000, "update");
  await apt(600_000, "install", "-y", "--no-install-recommends", ...packages);
}

/** The words before apt-get, or undefined when this user may not install. */
async function mayInstall() {
  if (process.getuid?.() === 0) return [];
  if (findProgram("sudo") === undefined) return undefined;
  try {
    await run("sudo", ["-n", "true"], { limit: 5_000 });
    return ["sudo", "-n"];
  } catch (error) {
    if (error instanceof Trouble) return undefined;
    throw error;
  }
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
