// FastTrackML, a tracking server written in Go whose wheel is on PyPI: what bench/server.mjs runs beside ours.
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, withLock } from "./cache.mjs";
import { run, Trouble } from "./run.mjs";
import { findProgram } from "./system.mjs";

const VERSION = "0.6.0";

/** Its program `fml`. Throws a Trouble when there is no Python to install it with. */
export async function ensureFastTrack() {
  const folder = join(cacheFolder, `fasttrackml-${VERSION}`);
  const marker = join(folder, "flowdeck-complete");
  const program = join(folder, "bin/fml");
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(marker)) return;
    const base = findProgram("python3", "python");
    if (base === undefined) throw new Trouble("python3 is not on this machine");
    await rm(folder, { recursive: true, force: true });
    await run(base, ["-m", "venv", folder], {
      failure: "python3 could not make a virtual environment (package python3-venv).",
    });
    console.log(`Installing FastTrackML ${VERSION} for the benchmark (once) …`);
    const options = ["--quiet", "--timeout", "20", "--retries", "2"];
    await run(join(folder, "bin/python"), ["-m", "pip", "install", ...options, `fasttrackml==${VERSION}`], {
      limit: 600_000,
      failure: `FastTrackML could not be installed into ${folder}.`,
    });
    await writeFile(marker, VERSION);
  });
  return program;
}
