// The stores that are measured, made once and kept in the cache folder: 100,000 runs, a registry, long histories.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheFolder, installOnce } from "../../scripts/tools/cache.mjs";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";
import { startServer } from "./servers.mjs";

/** Change it with what is written. */
const VERSION = 1;

export const RUNS = 100_000;
const KEYS = 20;
const MODELS = 100;
const VERSIONS_EACH = 100;

/** Run `n` of `manyRuns`; ids are as random as mlflow's. */
export function runId(n) {
  return createHash("md5").update(`run ${n}`).digest("hex");
}

/** Runs whose metric `history` has this many points. */
export const HISTORIES = { hundredThousand: runId(0), million: runId(1), thousandEach: ids(100, 100) };

function ids(from, count) {
  return Array.from({ length: count }, (_, i) => runId(from + i));
}

/**
 * mlflow.db with 100,000 runs in experiments 1 (80 %) and 2 (20 %), 2 % of them deleted, each with 20 params, up to 20 metrics (some NaN) and
 * 4 to 6 tags, written run after run as a client writes them; 100 registered models of 100 versions; histories.
 */
export async function manyRuns() {
  const folder = join(cacheFolder, `bench-${VERSION}-mlflow`);
  await installOnce(folder, "mlflow.db", async (temporary) => fill(join(temporary, "mlflow.db")));
  return join(folder, "mlflow.db");
}

/** The same runs in a database of FastTrackML, which has no registry. */
export async function manyRunsOfFastTrack() {
  const source = await manyRuns();
  const folder = join(cacheFolder, `bench-${VERSION}-fasttrackml`);
  await installOnce(folder, "fasttrackml.db", async (temporary) => {
    const path = join(temporary, "fasttrackml.db");
    await (await startServer("fasttrackml", { path })).stop();
    const db = openConnection(path, { busyTimeout: 1_000 });
    db.prepare("ATTACH ? AS from_mlflow").run(source);
    db.exec(`
      PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; PRAGMA foreign_keys = OFF;
      BEGIN;
      INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time, namespace_id)
        SELECT experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time, 1
        FROM from_mlflow.experiments WHERE experiment_id > 0;
      INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
          source_version, lifecycle_stage, artifact_uri, experiment_id, deleted_time, row_num)
        SELECT run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
          source_version, lifecycle_stage, artifact_uri, experiment_id, deleted_time, rowid - 1 FROM from_mlflow.runs;
      INSERT INTO params (key, value_str, run_uuid) SELECT key, value, run_uuid FROM from_mlflow.params;
      INSERT INTO tags (key, value, run_uuid) SELECT key, value, run_uuid FROM from_mlflow.tags;
      INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan, iter, context_id)
        SELECT key, value, timestamp, run_uuid, step, is_nan, step + 1, 1 FROM from_mlflow.metrics;
      INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid, last_iter, context_id)
        SELECT key, value, timestamp, step, is_nan, run_uuid, step + 1, 1 FROM from_mlflow.latest_metrics;
      COMMIT;`);
    db.close();
  });
  return join(folder, "fasttrackml.db");
}

function fill(path) {
  createDatabase(path, "/artifacts");
  const db = openConnection(path, { busyTimeout: 1_000 });
  db.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA foreign_keys = OFF; BEGIN");
  for (const id of [1, 2]) {
    db.exec(`INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time, workspace)
      VALUES (${id}, 'experiment ${id}', '/artifacts/${id}', 'active', ${id}, ${id}, 'default')`);
  }
  fillRuns(db);
  fillHistories(db);
  fillModels(db);
  db.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
  db.close();
}

function fillRuns(db) {
  const run = db.prepare(
    `INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
       deleted_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
     VALUES (?, ?, 'UNKNOWN', '', '', ?, ?, ?, ?, NULL, '', ?, ?, ?)`,
  );
  const param = db.prepare("INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?)");
  const tag = db.prepare("INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)");
  const metric = db.prepare(
    "INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const random = randomNumbers(7);
  const start = 1_700_000_000_000;
  for (let n = 0; n < RUNS; n++) {
    const id = runId(n);
    const experiment = n % 5 === 4 ? 2 : 1;
    const status = n % 100 === 0 ? "RUNNING" : n % 10 === 1 ? "FAILED" : "FINISHED";
    const stage = n % 50 === 7 ? "deleted" : "active";
    // Two runs of a sweep often start in one millisecond.
    const started = start + Math.floor(n / 2) * 1_000;
    const name = `run-${n % 1_000}-${["calm", "brave", "eager", "witty"][n % 4]}`;
    const ended = status === "RUNNING" ? null : started + 60_000;
    run.run(
      id,
      name,
      `user${n % 7}`,
      status,
      started,
      ended,
      stage,
      `/artifacts/${experiment}/${id}/artifacts`,
      experiment,
    );
    for (let k = 0; k < KEYS; k++) param.run(id, `param_${k}`, paramValue(k, n, random));
    for (let k = 0; k < KEYS; k++) {
      // A run that was stopped early has not logged everything.
      if (k > 15 && n % 8 === 3) continue;
      const nan = k % 5 === 2 && n % 97 === 5 ? 1 : 0;
      const value = k === 1 ? n % 50 : random() * 10 ** (k % 4);
      metric.run(id, `metric_${k}`, nan ? 0 : value, started + k, 10, nan);
    }
    tag.run(id, "mlflow.runName", name);
    tag.run(id, "mlflow.user", `user${n % 7}`);
    tag.run(id, "mlflow.source.name", `train_${n % 30}.py`);
    tag.run(id, "mlflow.source.type", "LOCAL");
    if (n % 2 === 0) tag.run(id, "team", `team ${n % 12}`);
    if (n % 1_000 === 500) tag.run(id, "rare", "yes");
  }
}

function paramValue(k, n, random) {
  if (k % 4 === 0) return String([0.1, 0.01, 0.001, 1e-4][n % 4]);
  if (k % 4 === 1) return `value ${n}`;
  if (k % 4 === 2) return ["adam", "sgd", "Adagrad", "RMSprop", "lion"][Math.floor(random() * 5)];
  return String(Math.floor(random() * 512));
}

function fillHistories(db) {
  const points = db.prepare(
    `WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < ? - 1)
     INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan)
     SELECT ?, 'history', abs(random() % 1000000) / 1234.5, 1700000000000 + n * 17, n, 0 FROM s`,
  );
  points.run(100_000, HISTORIES.hundredThousand);
  points.run(1_000_000, HISTORIES.million);
  for (const id of HISTORIES.thousandEach) points.run(1_000, id);
}

function fillModels(db) {
  const model = db.prepare(
    "INSERT INTO registered_models (name, creation_time, last_updated_time, description, workspace) VALUES (?, ?, ?, ?, 'default')",
  );
  const modelTag = db.prepare(
    "INSERT INTO registered_model_tags (key, value, name, workspace) VALUES (?, ?, ?, 'default')",
  );
  const version = db.prepare(
    `INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, user_id, current_stage, source, run_id, status,
       status_message, run_link, storage_location, workspace)
     VALUES (?, ?, ?, ?, '', '', ?, ?, ?, 'READY', NULL, '', NULL, 'default')`,
  );
  const tag = db.prepare(
    "INSERT INTO model_version_tags (key, value, name, version, workspace) VALUES (?, ?, ?, ?, 'default')",
  );
  const alias = db.prepare(
    "INSERT INTO registered_model_aliases (alias, version, name, workspace) VALUES (?, ?, ?, 'default')",
  );
  for (let m = 0; m < MODELS; m++) {
    const name = `model_${m}`;
    model.run(name, 1_000 + m, 2_000 + ((m * 37) % 100), `model number ${m}`);
    modelTag.run("task", m % 3 === 0 ? "classification" : "regression", name);
    for (let v = 1; v <= VERSIONS_EACH; v++) {
      const stage = v === 90 ? "Production" : v > 95 ? "None" : "Archived";
      const at = 10_000 + ((m * 7_919 + v * 104_729) % 1_000_003);
      version.run(name, v, at, at + v, stage, `/artifacts/1/${m}/${v}`, runId(m * VERSIONS_EACH + v));
      tag.run("validation", v % 4 === 0 ? "passed" : "pending", name, v);
      tag.run("round", String(v % 10), name, v);
    }
    alias.run("champion", 90, name);
    alias.run("challenger", 99, name);
  }
}

/** Mulberry32: the same data at each run. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
