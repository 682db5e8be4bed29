import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HistoryEntry } from "../../../src/mlflow/modelVersions.ts";
import { historyTag } from "../../../src/models/history.ts";
import { openConnection } from "../../../src/store/sqlite/connection.ts";
import type { Store } from "../../../src/store/store.ts";

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const COLUMNS =
  "fixed_acidity volatile_acidity citric_acid residual_sugar chlorides free_so2 total_so2 density pH sulphates alcohol";

/** The versions of design/06-model-predict, oldest first: run, val_rmse, val_r2, train_rmse, eta, max_depth, xgboost, age, who. */
const VERSIONS = [
  ["mellow-ant-12", 0.7391, 0.3517, 0.4102, "0.30", "4", "3.0.2", 28 * DAY, "jonas"],
  ["rare-finch-655", 0.7024, 0.4012, 0.3801, "0.20", "4", "3.0.2", 21 * DAY, "jonas"],
  ["bright-lynx-440", 0.5934, 0.5301, 0.2911, "0.10", "5", "3.0.2", 21 * DAY, "jonas"],
  ["royal-wren-31", 0.5689, 0.5622, 0.2401, "0.10", "6", "3.0.2", 9 * DAY, "jonas"],
  ["gentle-crane-512", 0.5612, 0.574, 0.2214, "0.08", "6", "3.0.2", 2 * DAY, "mira"],
  ["eta=0.05", 0.5571, 0.5802, 0.1938, "0.05", "8", "3.1.0", 2 * HOUR, "mira"],
] as const;

export interface SeededModel {
  name: string;
  /** Of version 1 first. */
  run_ids: string[];
}

/** The model of design/06-model-predict; `database` is the store's file, where its times are set back. */
export async function seedModel(store: Store, database: string, now: number): Promise<SeededModel> {
  const name = "wine-quality";
  const { experiment_id } = await store.createExperiment({ name, tags: [] });
  await store.createRegisteredModel({
    name,
    description: "Scores red wines from 11 lab measurements. Owner: mira.",
    tags: [{ key: "team", value: "cellar" }],
  });
  const run_ids: string[] = [];
  for (const [run_name, val_rmse, val_r2, train_rmse, eta, max_depth, xgboost, age] of VERSIONS) {
    const { info } = await store.createRun({ experiment_id, run_name, start_time: now - age - HOUR, tags: [] });
    const { run_id } = info;
    const point = (key: string, value: number) => ({ key, value, timestamp: now - age, step: 1 });
    await store.logBatch({
      run_id,
      metrics: [point("val_rmse", val_rmse), point("val_r2", val_r2), point("train_rmse", train_rmse)],
      params: [
        { key: "eta", value: eta },
        { key: "max_depth", value: max_depth },
      ],
      tags: [],
    });
    await store.updateRun({ run_id, status: "FINISHED", end_time: now - age });
    writeModel(join(folderOf(info.artifact_uri), "model"), { run_id, xgboost });
    await store.createModelVersion({ name, source: `${info.artifact_uri}/model`, run_id });
    run_ids.push(run_id);
  }
  await store.setModelVersionTag({ name, version: "6", key: "data", value: "v3" });
  await store.updateModelVersion({ name, version: "5", description: "The one in the **shop**." });
  for (const version of ["1", "2", "3", "4"]) await stage(store, name, version, "Archived");
  await stage(store, name, "5", "Production");
  for (const [alias, version] of [
    ["first", "1"],
    ["champion", "5"],
    ["challenger", "6"],
  ] as const)
    await store.setRegisteredModelAlias({ name, alias, version });
  const acts: HistoryEntry[] = [
    { time: now - 2 * HOUR + 1, who: "mira", what: "alias", alias: "challenger", version: "6", from: "4", to: "6" },
    {
      time: now - 2 * DAY + 2,
      who: "mira",
      what: "stage",
      version: "5",
      from: "Staging",
      to: "Production",
      archived: ["4"],
    },
    { time: now - 2 * DAY + 1, who: "mira", what: "alias", alias: "champion", version: "5", from: "4", to: "5" },
  ];
  for (const act of acts) await store.setRegisteredModelTag({ name, ...historyTag(act) });
  setTimes(database, name, now);
  return { name, run_ids };
}

function stage(store: Store, name: string, version: string, to: "Archived" | "Production") {
  return store.transitionModelVersionStage({ name, version, stage: to, archive_existing_versions: false });
}

/** Versions are made now; the design's are of the last weeks. */
function setTimes(database: string, name: string, now: number): void {
  const connection = openConnection(database, { busyTimeout: 5_000 });
  const set = connection.prepare<[number, string, string, number], unknown>(
    "UPDATE model_versions SET creation_time = ?, user_id = ? WHERE name = ? AND version = ?",
  );
  for (const [at, version] of VERSIONS.entries()) set.run(now - version[7], version[8], name, at + 1);
  connection.close();
}

export function folderOf(artifact_uri: string): string {
  return artifact_uri.startsWith("file:") ? fileURLToPath(artifact_uri) : artifact_uri;
}

/** The files that tell of a model, as mlflow writes them. */
export function writeModel(folder: string, { run_id, xgboost }: { run_id: string; xgboost: string }): void {
  const inputs = COLUMNS.split(" ").map((column) => {
    const type = column.endsWith("so2") ? "long" : "double";
    return { type, name: column, required: true };
  });
  const outputs = [{ type: "double", name: "quality", required: true }];
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "MLmodel"),
    `artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.xgboost
    python_version: 3.11.7
  xgboost:
    code: null
    data: model.xgb
    model_format: xgb
    xgb_version: ${xgboost}
mlflow_version: 3.17.2
model_size_bytes: 1398102
run_id: ${run_id}
signature:
  inputs: '${JSON.stringify(inputs)}'
  outputs: '${JSON.stringify(outputs)}'
  params: null
`,
  );
  writeFileSync(join(folder, "requirements.txt"), `mlflow==3.17.2\nnumpy==2.1.3\nxgboost==${xgboost}\n`);
  writeFileSync(
    join(folder, "python_env.yaml"),
    "python: 3.11.7\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n",
  );
}

/** A model of `count` versions, without files, by one statement, of ten runs with a metric. */
export async function seedManyVersions(store: Store, database: string, count: number): Promise<SeededModel> {
  const name = "many-versions";
  const { experiment_id } = await store.createExperiment({ name, tags: [] });
  const run_ids: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    const { info } = await store.createRun({ experiment_id, run_name: `run-${n}`, start_time: n, tags: [] });
    const metrics = [{ key: "val_rmse", value: 0.5 + n / 100, timestamp: n, step: 1 }];
    await store.logBatch({ run_id: info.run_id, metrics, params: [], tags: [] });
    run_ids.push(info.run_id);
  }
  await store.createRegisteredModel({ name });
  for (const run_id of run_ids) await store.createModelVersion({ name, source: "s3://models/1", run_id });
  const connection = openConnection(database, { busyTimeout: 5_000 });
  const columns =
    "name, creation_time, last_updated_time, description, user_id, current_stage, source, run_id, run_link, status, status_message, storage_location, workspace";
  const insert = connection.prepare<[number, string], unknown>(
    `WITH RECURSIVE n(i) AS (SELECT 11 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT INTO model_versions (version, ${columns})
     SELECT n.i, ${columns.replaceAll(/(\w+)/g, "v.$1")} FROM n
     JOIN model_versions v ON v.name = ? AND v.version = n.i % 10 + 1`,
  );
  insert.run(count, name);
  connection.close();
  return { name, run_ids };
}

/** As many logged models `model-1`, `model-2` … of one experiment, with a metric, by two statements; its id. */
export async function seedManyLoggedModels(store: Store, database: string, count: number): Promise<string> {
  const { experiment_id } = await store.createExperiment({ name: "many-logged", tags: [] });
  const { info } = await store.createRun({ experiment_id, run_name: "train", start_time: 1, tags: [] });
  const made = { experiment_id, source_run_id: info.run_id, params: [], tags: [] };
  const { info: first } = await store.createLoggedModel({ ...made, name: "model-1" });
  await store.finalizeLoggedModel({ model_id: first.model_id, status: "LOGGED_MODEL_READY" });
  const connection = openConnection(database, { busyTimeout: 5_000 });
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
  const id = "CASE n.i WHEN 1 THEN m.model_id ELSE printf('m-%032d', n.i) END";
  const columns =
    "status, lifecycle_stage, model_type, source_run_id, status_message, artifact_location, experiment_id";
  connection
    .prepare<[number], unknown>(
      `${numbers} INSERT INTO logged_models (model_id, name, creation_timestamp_ms, last_updated_timestamp_ms, ${columns})
       SELECT ${id}, 'model-' || n.i, m.creation_timestamp_ms - 1000000 + n.i, 1, ${columns} FROM n JOIN logged_models m WHERE n.i > 1`,
    )
    .run(count);
  connection
    .prepare<[number, string], unknown>(
      `${numbers} INSERT INTO logged_model_metrics
         (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value, experiment_id, run_id)
       SELECT ${id}, 'rmse', 1, 0, n.i / 10000.0, m.experiment_id, m.source_run_id
       FROM n JOIN logged_models m ON m.model_id = ?`,
    )
    .run(count, first.model_id);
  connection
    .prepare<[number, string], unknown>(
      "UPDATE logged_models SET creation_timestamp_ms = creation_timestamp_ms - ? WHERE model_id = ?",
    )
    .run(1_000_000, first.model_id);
  connection.close();
  return experiment_id;
}
