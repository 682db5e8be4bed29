import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readModelEnvironment } from "../../src/extension/models/modelEnvironment.ts";
import { readText } from "../../src/extension/stores/readText.ts";
import { latestMetrics, readLoggedModel, readLoggedModels } from "../../src/extension/models/readLoggedModels.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

const ALL = { filter: "", order: { field_name: "name", ascending: true }, limit: 50 };

test("the list has the runs and the versions of its models, the details what only one tells", async () => {
  const store = openStore(storeUri(join(temporaryFolder(), "mlflow.db")));
  whenOver(() => store.close());
  const { experiment_id } = await store.createExperiment({ name: "wine" });
  const run = (run_name: string) => store.createRun({ experiment_id, run_name, tags: [] });
  const [trainer, user, judge] = [await run("train"), await run("use"), await run("judge")];
  const made = { experiment_id, params: [{ key: "alpha", value: "0.3" }], tags: [{ key: "team", value: "cellar" }] };
  const source_run_id = trainer.info.run_id;
  const wine = (await store.createLoggedModel({ ...made, name: "wine", source_run_id })).info;
  const alone = (await store.createLoggedModel({ ...made, name: "alone" })).info;
  const { model_id } = wine;
  await store.logInputs({ run_id: user.info.run_id, datasets: [], models: [{ model_id }] });
  const of = { key: "rmse", timestamp: 1, model_id };
  const log = (run_id: string, metrics: { value: number; step: number; dataset_name?: string }[]) =>
    store.logBatch({
      ...{ run_id, params: [], tags: [] },
      metrics: metrics.map(({ dataset_name, ...metric }) => ({
        ...{ ...of, run_id, ...metric },
        ...(dataset_name === undefined ? {} : { dataset_name, dataset_digest: "d1" }),
      })),
    });
  await log(source_run_id, [
    { value: 0.5, step: 0 },
    { value: 0.4, step: 1 },
  ]);
  await log(judge.info.run_id, [{ value: 0.75, step: 0, dataset_name: "holdout" }]);
  await store.createRegisteredModel({ name: "wine-quality" });
  for (const id of [model_id, alone.model_id]) {
    const run_id = id === model_id ? { run_id: source_run_id } : {};
    await store.createModelVersion({ name: "wine-quality", source: `models:/${id}`, model_id: id, ...run_id });
  }
  await store.setRegisteredModelAlias({ name: "wine-quality", alias: "champion", version: "1" });

  const { rows, next_page_token } = await readLoggedModels(store, experiment_id, ALL);
  assert.equal(next_page_token, undefined);
  assert.deepEqual(
    rows.map(({ name, run: of, versions }) => [name, of?.run_name, versions.map((one) => [one.version, one.aliases])]),
    [
      ["alone", undefined, [["2", []]]],
      ["wine", "train", [["1", ["champion"]]]],
    ],
  );
  const found = await readLoggedModels(store, experiment_id, { ...ALL, filter: "metrics.rmse < 0.45" });
  assert.deepEqual(
    found.rows.map(({ name }) => name),
    ["wine"],
  );
  const details = await readLoggedModel(store, model_id);
  assert.deepEqual(
    details.runs.map(({ run_name, link }) => `${run_name} ${link}`),
    ["train output", "use input", "judge input"],
  );
  assert.deepEqual(
    details.metrics.map(({ key, value, step, dataset_name }) => [key, value, step, dataset_name]),
    [
      ["rmse", 0.4, 1, undefined],
      ["rmse", 0.75, 0, "holdout"],
    ],
  );
  assert.deepEqual([details.params, details.tags], [made.params, made.tags]);
  assert.match(details.problem ?? "", /^It has no MLmodel file yet/);
  await assert.rejects(readLoggedModel(store, "m-none"), { error_code: "RESOURCE_DOES_NOT_EXIST" });
});

test("of a metric's values on a dataset the one of the last step counts, then the latest", () => {
  const of = { key: "rmse", run_id: "r" };
  const metrics = latestMetrics([
    { ...of, value: 1, step: 2, timestamp: 1 },
    { ...of, value: 2, step: 1, timestamp: 9 },
    { ...of, value: 3, step: 2, timestamp: 2 },
    { ...of, value: Number.NaN, step: 0, timestamp: 0, dataset_name: "d", dataset_digest: "1" },
  ]);
  assert.deepEqual(
    metrics.map(({ value, dataset_name }) => [value, dataset_name]),
    [
      [3, undefined],
      [Number.NaN, "d"],
    ],
  );
});

test("a model's environment is compared with an interpreter on disk; without one nothing is said", async () => {
  const root = temporaryFolder();
  const store = openStore(storeUri(join(root, "mlflow.db")));
  whenOver(() => store.close());
  const { experiment_id } = await store.createExperiment({ name: "wine" });
  const { info } = await store.createLoggedModel({ experiment_id, name: "wine", params: [], tags: [] });
  const folder = info.artifact_uri.replace("file://", "");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "requirements.txt"), "scikit-learn==1.5.0\n");
  writeFileSync(join(folder, "python_env.yaml"), 'python: "3.11.2"\n');
  mkdirSync(join(root, "venv/lib/python3.11/site-packages/scikit_learn-1.9.1.dist-info"), { recursive: true });
  writeFileSync(join(root, "venv/pyvenv.cfg"), "home = /nowhere\nversion = 3.11.7\n");
  const python = join(root, "venv/bin/python");
  const read = (path: string) => readText(store, { model_id: info.model_id }, path);
  const files = ["requirements.txt", "python_env.yaml"];
  assert.deepEqual(await readModelEnvironment(read, async () => python), {
    ...{ files, python },
    mismatches: [
      {
        ...{ name: "scikit-learn", logged: "1.5.0", here: "1.9.1" },
        text: "scikit-learn 1.5 logged, 1.9 in the selected interpreter",
      },
    ],
  });
  assert.deepEqual(await readModelEnvironment(read, async () => undefined), { files, mismatches: [] });
  const broken = () => Promise.reject(new Error("an extension fails"));
  assert.deepEqual(await readModelEnvironment(read, broken), { files, mismatches: [] });
  assert.deepEqual(await readModelEnvironment(async () => undefined, broken), { files: [], mismatches: [] });
});
