import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { cacheFolder, findPython, root, temporaryFolder } from "./environment.ts";
import { clientEnvironment } from "./python.ts";

/** A registered version of a real model. */
export interface RealVersion {
  version: string;
  run_id: string;
  /** `m-…`. */
  model_id: string;
}

/** The names that realModels.py registers. */
export type RealName = "wine-quality" | "picture-brightness" | "wine-boosted" | "echo" | "order-totals" | "forecast";

/** A store of its own for a test, with models that mlflow itself logged and registered. */
export interface RealModels {
  /** Holds `mlflow.db` and `mlruns/`; the test may write to both. */
  folder: string;
  /** `sqlite:///<folder>/mlflow.db`, for our store, our server and MLflow itself. */
  uri: string;
  experiment_id: string;
  /** In the order of their registration, version 1 first. */
  models: Record<RealName, RealVersion[]>;
}

/**
 * Copies a store with real models, logged by the installed mlflow, into `folder` (by default one that is removed when the
 * file's tests are over). The first call on a machine takes about 20 s, later ones a few ms. Throws without Python: skip the
 * test with `skipWithout(findPython(), "Python with mlflow")`. One experiment, "real models"; requirements are pinned.
 *
 * - `wine-quality`: four versions of a scikit-learn ElasticNet (pickled), four double columns with spaces in their names, an input
 *   example; 1 Archived, 2 Production and `@champion`, 3 Staging and `@challenger`, 4 neither, and its `alcohol` is optional. From
 *   version 2 on with params: `clip` (double, 10), `digits` (long, 2), `rounding` (string, "half up"), `weights` (double list).
 *   1 wants mlflow 2.9.2 and scikit-learn 1.3.0, 2 wants scikit-learn 1.5.2. Metrics `rmse`, `r2` (of the dataset "wine"),
 *   params `alpha`, `l1_ratio`, descriptions, tags `reviewed`; the model has the tag `team` = "cellar".
 * - `picture-brightness`: pyfunc, one float32 tensor without a name (-1, 2, 3), with an input example; answers (-1,).
 * - `wine-boosted`: xgboost, the columns of wine-quality, `@champion`.
 * - `echo`: pyfunc without a signature, `@champion`; answers each row as Python prints it.
 * - `order-totals`: pyfunc of `id` (long), `items` (list of objects: name, price, count optional), `labels` (map, optional),
 *   `ordered` (datetime), `note` (string, optional), `gift` (boolean, optional); param `currency`; answers a table.
 * - `forecast`: needs the module `forecast_tools`, which is nowhere: it cannot be loaded.
 */
export async function realModels(folder = temporaryFolder("flowdeck-models-")): Promise<RealModels> {
  const built = await build();
  cpSync(built, folder, { recursive: true });
  const { root: was, experiment_id, models } = readFacts(folder);
  const move = (text: string) => text.replaceAll(was, folder);
  const inside = join(folder, "mlruns/models/models");
  for (const model of readdirSync(inside)) {
    const file = join(inside, model, "artifacts/MLmodel");
    writeFileSync(file, move(readFileSync(file, "utf8")));
  }
  const database = openConnection(join(folder, "mlflow.db"), { busyTimeout: 1_000 });
  for (const [table, column] of LOCATIONS) {
    database
      .prepare<[string, string], never>(`UPDATE ${table} SET ${column} = replace(${column}, ?, ?)`)
      .run(was, folder);
  }
  database.close();
  return { folder, uri: `sqlite:///${join(folder, "mlflow.db")}`, experiment_id, models };
}

/** Where MLflow writes absolute places. */
const LOCATIONS = [
  ["experiments", "artifact_location"],
  ["runs", "artifact_uri"],
  ["model_versions", "source"],
  ["model_versions", "storage_location"],
  ["logged_models", "artifact_location"],
] as const;

interface Facts extends Pick<RealModels, "experiment_id" | "models"> {
  /** The folder they were written in. */
  root: string;
}

function readFacts(folder: string): Facts {
  return JSON.parse(readFileSync(join(folder, "facts.json"), "utf8")) as Facts;
}

/** The folder of the cache that has them; made when there is none for this script and these packages. */
async function build(): Promise<string> {
  const python = findPython();
  if (python === undefined) throw new Error("Python with mlflow is not on this machine");
  const script = join(root, "test/support/realModels.py");
  const hash = createHash("sha256").update(readFileSync(script)).update(packagesOf(python).join("\n"));
  const folder = join(cacheFolder, `real-models-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheFolder, { recursive: true });
  const part = `${folder}.${process.pid}`;
  await promisify(execFile)(python, [script, part], { env: clientEnvironment(""), maxBuffer: 1 << 24 });
  try {
    renameSync(part, folder);
  } catch (error) {
    // Another test file was first.
    if (!existsSync(folder)) throw error;
    rmSync(part, { recursive: true });
  }
  return folder;
}

/** Names and versions of what the interpreter has installed. */
function packagesOf(python: string): string[] {
  const lib = join(dirname(python), "../lib");
  const places = readdirSync(lib).map((name) => join(lib, name, "site-packages"));
  const names = places.filter((place) => existsSync(place)).flatMap((place) => readdirSync(place));
  return names.filter((name) => name.endsWith(".dist-info")).sort();
}
