// Real MLflow clients, in virtual environments of the cache folder: what the conformance tests run against us.
import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, withLock } from "./cache.mjs";
import { run, Trouble } from "./run.mjs";
import { findProgram } from "./system.mjs";

const MLFLOW = "3.17.2";

/** The whole client, with what it trains and draws with. `xgboost-cpu` is xgboost without its GPU libraries. */
const WHOLE = {
  folder: `python-mlflow-${MLFLOW}`,
  variable: "FLOWDECK_PYTHON",
  requirements: [`mlflow==${MLFLOW}`, "scikit-learn", "matplotlib", "pandas", "uv", "xgboost-cpu"],
};

/** The small client. It has the package name of the whole one, so the two never share an environment. */
const SKINNY = {
  folder: `python-mlflow-skinny-${MLFLOW}`,
  variable: "FLOWDECK_SKINNY",
  requirements: [`mlflow-skinny==${MLFLOW}`],
};

/** What scripts read their command line with. */
const SCRIPTS = {
  folder: "python-scripts",
  variable: "FLOWDECK_SCRIPTS",
  requirements: ["click==8.5.1", "typer==0.29.2", "fire==0.7.1", "absl-py==2.5.1", "hydra-core==1.3.8"],
};

/** What the editor debugs scripts with. */
const DEBUGPY = { folder: "python-debugpy-1.8.22", variable: "FLOWDECK_DEBUGPY", requirements: ["debugpy==1.8.22"] };

/** What `mlflow run --backend kubernetes` speaks to a cluster with: the newest that mlflow 3.17.2 can, for 37 refuses `pretty=True`. */
const KUBERNETES = {
  folder: "python-kubernetes-36.0.3",
  variable: "FLOWDECK_KUBERNETES",
  requirements: ["kubernetes==36.0.3"],
};

/** The interpreter that has the whole client. Throws a Trouble when there is no Python to make it with. */
export function ensurePython() {
  return ensureEnvironment(WHOLE);
}

/** The interpreter that has `mlflow-skinny` and nothing beside it; the same Trouble. */
export function ensureSkinny() {
  return ensureEnvironment(SKINNY);
}

/** The interpreter that runs the scripts of test/language/fixtures; the same Trouble. */
export function ensureScripts() {
  return ensureEnvironment(SCRIPTS);
}

/** The interpreter that has `kubernetes` and no mlflow; the same Trouble. */
export function ensureKubernetes() {
  return ensureEnvironment(KUBERNETES);
}

/** The interpreter that has `debugpy` alone; the same Trouble. */
export function ensureDebugpy() {
  return ensureEnvironment(DEBUGPY);
}

async function ensureEnvironment({ folder: name, variable, requirements }) {
  const named = process.env[variable];
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Trouble(`${variable} names ${named}, which does not exist.`);
  }
  const folder = join(cacheFolder, name);
  const windows = process.platform === "win32";
  const python = join(folder, windows ? "Scripts/python.exe" : "bin/python");
  const pip = join(folder, windows ? "Scripts/pip.exe" : "bin/pip");
  if (isComplete(folder, requirements)) return python;
  // A virtual environment cannot be renamed (its scripts name its path), so a marker written last says that it is whole.
  await withLock(`${folder}.lock`, async () => {
    if (isComplete(folder, requirements)) return;
    if (!existsSync(pip)) await makeEnvironment(folder);
    console.log(`Installing ${requirements[0]} for the tests (once) …`);
    await run(python, ["-m", "pip", "install", "--quiet", "--timeout", "20", "--retries", "2", ...requirements], {
      limit: 900_000,
      failure: `The Python packages could not be installed into ${folder}.`,
    });
    await writeFile(marker(folder), requirements.join("\n"));
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

function isComplete(folder, requirements) {
  return existsSync(marker(folder)) && readFileSync(marker(folder), "utf8") === requirements.join("\n");
}

function marker(folder) {
  return join(folder, "flowdeck-complete");
}
