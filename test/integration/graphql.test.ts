import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "../support/service.ts";

const { url, store } = await startService([]);

async function post(path: string, body: object): Promise<{ status: number; answer: ReturnType<typeof Object> }> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body), headers });
  return { status: response.status, answer: Object(await response.json()) };
}

async function ask(query: string, data: object) {
  const { status, answer } = await post("/graphql", { query, variables: { data } });
  assert.equal(status, 200);
  return answer;
}

const { info } = await store.createRun({ experiment_id: "0", run_name: "first", start_time: 1_700_000_000_000 });
const { run_id } = info;
const metrics = [1, 2, 3].map((step) => ({ key: "loss", value: 1 / step, timestamp: step, step }));
const unknown = { key: "unknown", value: Number.NaN, timestamp: 1, step: 0 };
await store.logBatch({ run_id, metrics: [...metrics, unknown], params: [{ key: "p", value: "1" }], tags: [] });
await store.createRegisteredModel({ name: "wine", tags: [] });
await store.createModelVersion({ name: "wine", source: `runs:/${run_id}/model`, run_id, tags: [] });

test("a run is given with its experiment and model versions; what is not set has protobuf's default", async () => {
  const query = `query GetRun($data: MlflowGetRunInput!) @component(name: "MLflow.ExperimentRunTracking") {
    mlflowGetRun(input: $data) { apiError { code } run {
      info { runName status startTime endTime ...ids } experiment { name tags { key } } modelVersions { name version runId }
      data { metrics { key value step } params { key value } } inputs { datasetInputs { dataset { digest } } } } } }
    fragment ids on MlflowRunInfo { runId lifecycleStage }`;
  const { data, errors } = await ask(query, { runId: run_id });
  assert.equal(errors, null);
  const startTime = "1700000000000";
  assert.deepEqual(data.mlflowGetRun, {
    apiError: null,
    run: {
      info: { runName: "first", status: "RUNNING", startTime, endTime: "0", runId: run_id, lifecycleStage: "active" },
      experiment: { name: "Default", tags: [] },
      modelVersions: [{ name: "wine", version: "1", runId: run_id }],
      data: {
        metrics: [
          { key: "loss", value: 1 / 3, step: "3" },
          { key: "unknown", value: null, step: "0" },
        ],
        params: [{ key: "p", value: "1" }],
      },
      inputs: { datasetInputs: [] },
    },
  });
});

test("runs are searched and histories sampled by the names that the web page uses", async () => {
  const search = `query SearchRuns($data: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $data) { runs { info { runId } } } }`;
  const found = await ask(search, { experimentIds: ["0"], filter: "metrics.loss < 1", runViewType: "ACTIVE_ONLY" });
  assert.deepEqual(found.data.mlflowSearchRuns.runs, [{ info: { runId: run_id } }]);
  const history = `query H($data: MlflowGetMetricHistoryBulkIntervalInput!) {
    mlflowGetMetricHistoryBulkInterval(input: $data) { metrics { key value step timestamp runId } } }`;
  const { data } = await ask(history, { runIds: [run_id], metricKey: "loss", startStep: 2, endStep: 3 });
  assert.deepEqual(
    data.mlflowGetMetricHistoryBulkInterval.metrics.map(({ step }: { step: string }) => step),
    ["2", "3"],
  );
});

test("what MLflow refuses is told in `errors`; a text that is no query is a bad request", async () => {
  const missing = `query G($data: MlflowGetRunInput!) { mlflowGetRun(input: $data) { run { info { runId } } } }`;
  const { data, errors } = await ask(missing, { runId: "0".repeat(32) });
  assert.deepEqual([data.mlflowGetRun, errors.length], [null, 1]);
  assert.match(errors[0], /Run with id=0{32} not found/);
  const field = await ask(`query G { mlflowGetRun(input: {}) { nothing } }`, {});
  assert.match(field.errors[0], /Cannot query field "nothing"/);
  for (const body of [{}, { query: "{" }, { query: 1 }]) {
    const { status, answer } = await post("/graphql", body);
    assert.deepEqual([status, answer.error_code], [400, "INVALID_PARAMETER_VALUE"]);
  }
});

test("a query may not be deep, wide, long, or a batch", async () => {
  const one = (n: number) => `a${n}: test(inputString: "x") { output }`;
  const many = Array.from({ length: 11 }, (_, n) => one(n)).join(" ");
  const refused = [
    [`{ ${many} }`, /^GraphQL queries should have at most 10 root fields, got 11 root fields/],
    [`{ ${one(1)} test { ${many.replace(/: test[^}]*}/g, ": output")} } }`, /at most 10 aliases, got 11 aliases/],
    [`{ mlflowGetRun(input: {}) { run { info { ${"runId ".repeat(1100)} } } } }`, /exceeds maximum total selections/],
    [`{ mlflowGetRun ${"{ run ".repeat(12)} ${"}".repeat(12)} }`, /^Query exceeds maximum depth of 10$/],
    ["fragment f on MlflowRunInfo { ...f } { mlflowGetRun(input: {}) { run { info { ...f } } } }", /within itself/],
    [`fragment f on Test { ${"output ".repeat(1900)} } { test { output } }`, /./],
  ] as const;
  assert.equal((await ask(`{ ${one(1)} }`, {})).data.a1.output, "x");
  for (const [query, message] of refused) assert.match((await ask(query, {})).errors[0], message);
  for (const query of [
    `{ ${"test { output } ".repeat(900)} }`,
    `#${"x".repeat(100_000)}`,
    `{ ${"... {".repeat(900)}`,
  ]) {
    const { status, answer } = await post("/graphql", { query });
    assert.deepEqual([status, answer.error_code], [400, "INVALID_PARAMETER_VALUE"]);
  }
});

test("the experiment and the model versions of many runs are looked up within bounds", async () => {
  const names = ["first", "second", "third"];
  for (const run_name of names.slice(1)) await store.createRun({ experiment_id: "0", run_name });
  const fields = "experiment { name } a: experiment { name } modelVersions { name } b: modelVersions { name }";
  const query = `query S($data: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $data) { runs { info { runName } ${fields} } } }`;
  const { data, errors } = await ask(query, { experimentIds: ["0"], orderBy: ["attributes.run_name ASC"] });
  assert.equal(errors, null);
  const [first, second] = data.mlflowSearchRuns.runs;
  const experiment = { name: "Default" };
  const modelVersions = [{ name: "wine" }];
  assert.deepEqual(first, { info: { runName: "first" }, experiment, a: experiment, modelVersions, b: modelVersions });
  assert.deepEqual(second.modelVersions, []);
});

test("the datasets of an experiment are told once for each use, those of deleted runs too", async () => {
  const { experiment_id } = await store.createExperiment({ name: "with datasets" });
  const dataset = (name: string) => ({ name, digest: "d", source_type: "local", source: "{}" });
  for (const context of ["training", "training", "eval"]) {
    const run = await store.createRun({ experiment_id });
    const tags = [{ key: "mlflow.data.context", value: context }];
    const datasets = [
      { dataset: dataset("grapes"), tags },
      { dataset: dataset("plain"), tags: [] },
    ];
    await store.logInputs({ run_id: run.info.run_id, datasets, models: [] });
    await store.deleteRun({ run_id: run.info.run_id });
  }
  const path = "/ajax-api/2.0/mlflow/experiments/search-datasets";
  const { answer } = await post(path, { experiment_ids: ["0", experiment_id] });
  const told = answer.dataset_summaries.map((one: object) => Object.values(one).join(" "));
  assert.deepEqual(
    told.toSorted(),
    ["eval", "training"].map((one) => `${experiment_id} grapes d ${one}`).concat(`${experiment_id} plain d`),
  );
  const query = `mutation D($data: MlflowSearchDatasetsInput!) { mlflowSearchDatasets(input: $data) { datasetSummaries { name } } }`;
  const { data } = await ask(query, { experimentIds: [experiment_id] });
  assert.equal(data.mlflowSearchDatasets.datasetSummaries.length, 3);
  assert.equal((await post(path, { experiment_ids: ["x"] })).answer.error_code, "INVALID_PARAMETER_VALUE");
});

test("the web page hears that telemetry is off, and of empty lists as MLflow tells them", async () => {
  const telemetry = `${url}/ajax-api/3.0/mlflow/ui-telemetry`;
  assert.equal(Object(await (await fetch(telemetry)).json()).disable_ui_telemetry, true);
  assert.deepEqual((await post("/ajax-api/3.0/mlflow/ui-telemetry", { records: [] })).answer, { status: "disabled" });
  const bulk = `${url}/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id=${run_id}&metric_key=none`;
  assert.deepEqual(await (await fetch(bulk)).json(), { metrics: [] });
  const datasets = "/ajax-api/2.0/mlflow/experiments/search-datasets";
  assert.deepEqual((await post(datasets, { experiment_ids: ["0"] })).answer, {});
  const wrongMethod = await fetch(`${url}${datasets}`);
  assert.deepEqual([wrongMethod.status, wrongMethod.headers.get("allow")], [405, "POST"]);
});

test("models that clients before 3.0 log are listed in a tag of their run, all of them", async () => {
  const model = (n: number) => ({
    artifact_path: `m${n}`,
    flavors: { sklearn: { config: { a: 1 }, code: null } },
    utc_time_created: "2026-01-01 00:00:00",
    run_id,
    signature: { inputs: "[]" },
  });
  const log = (n: number) => post("/api/2.0/mlflow/runs/log-model", { run_id, model_json: JSON.stringify(model(n)) });
  for (const { status } of await Promise.all([1, 2, 3].map(log))) assert.equal(status, 200);
  const { data } = await store.getRun({ run_id });
  const tag = data.tags.find(({ key }) => key === "mlflow.log-model.history")?.value ?? "";
  assert.equal(
    tag.slice(0, tag.indexOf("}}") + 3),
    `[{"run_id": "${run_id}", "artifact_path": "m1", "utc_time_created": "2026-01-01 00:00:00", "model_uuid": null, ` +
      `"flavors": {"sklearn": {"code": null}}}`,
  );
  assert.deepEqual(
    JSON.parse(tag).map(({ artifact_path }: { artifact_path: string }) => artifact_path),
    ["m1", "m2", "m3"],
  );
  const refused = await post("/api/2.0/mlflow/runs/log-model", { run_id, model_json: "{}" });
  assert.deepEqual([refused.status, refused.answer.error_code], [400, "INVALID_PARAMETER_VALUE"]);
});
