// Flowdeck's cache folder: what the scripts install outside the repository, one folder a version.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Trouble } from "./run.mjs";

export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "flowdeck");

/**
 * Makes `folder` by `install(temporary)` and one rename, so that an interrupted install is never taken for a whole one.
 * `proof` is a path inside it that a whole one has.
 */
export async function installOnce(folder, proof, install) {
  if (existsSync(join(folder, proof))) return;
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(join(folder, proof))) return;
    const temporary = `${folder}.part`;
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    await install(temporary);
    if (!existsSync(join(temporary, proof)))
      throw new Trouble(`${proof} is missing after its install into ${temporary}.`);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  });
}

/** One process at a time; a lock whose owner is gone is taken over. Waits at most 15 minutes. */
export async function withLock(lock, work) {
  await mkdir(dirname(lock), { recursive: true });
  const end = Date.now() + 15 * 60_000;
  while (!(await take(lock))) {
    if (Date.now() > end) throw new Trouble(`Another install holds ${lock}. Wait for it, or remove that file.`);
    await pause(500);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock) {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  const owner = Number(await readFile(lock, "utf8").catch(() => "0"));
  if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
