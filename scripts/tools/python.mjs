// The real MLflow client, in a virtual environment of the cache folder: what the conformance tests run against us.
import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, withLock } from "./cache.mjs";
import { run, Trouble } from "./run.mjs";
import { findProgram } from "./system.mjs";

const MLFLOW = "3.17.2";
const REQUIREMENTS = [`mlflow==${MLFLOW}`, "scikit-learn", "matplotlib", "pandas", "uv"];

/** The interpreter that has all of the requirements. Throws a Trouble when there is no Python to make it with. */
export async function ensurePython() {
  const named = process.env.FLOWDECK_PYTHON;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Trouble(`FLOWDECK_PYTHON names ${named}, which does not exist.`);
  }
  const folder = join(cacheFolder, `python-mlflow-${MLFLOW}`);
  const windows = process.platform === "win32";
  const python = join(folder, windows ? "Scripts/python.exe" : "bin/python");
  const pip = join(folder, windows ? "Scripts/pip.exe" : "bin/pip");
  if (isComplete(folder)) return python;
  // A virtual environment cannot be renamed (its scripts name its path), so a marker written last says that it is whole.
  await withLock(`${folder}.lock`, async () => {
    if (isComplete(folder)) return;
    if (!existsSync(pip)) await makeEnvironment(folder);
    console.log(`Installing mlflow ${MLFLOW} for the tests (once) …`);
    await run(python, ["-m", "pip", "install", "--quiet", "--timeout", "20", "--retries", "2", ...REQUIREMENTS], {
      limit: 900_000,
      failure: `The Python packages could not be installed into ${folder}.`,
    });
    await writeFile(marker(folder), REQUIREMENTS.join("\n"));
  });
  return python;
}

async function makeEnvironment(folder) {
  const base = findProgram("python3", "python");
  if (base === undefined) throw new Trouble("python3 is not on this machine");
  await rm(folder, { recursive: true, force: true });
  await run(base, ["-m", "venv", folder], {
    failure: "python3 could not make a virtual environment (package python3-venv).",
  });
}

function isComplete(folder) {
  return existsSync(marker(folder)) && readFileSync(marker(folder), "utf8") === REQUIREMENTS.join("\n");
}

function marker(folder) {
  return join(folder, "flowdeck-complete");
}
