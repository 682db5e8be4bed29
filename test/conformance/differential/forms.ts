// Requests as other clients than Python's write them: R, Java, curl, older releases and tools that guess.
import type { Call } from "./call.ts";

const API = "/api/2.0/mlflow";
const AJAX = "/ajax-api/2.0/mlflow";

type Query = NonNullable<Call["query"]>;

/** A GET without a body: R and Java put all fields into the query. */
const get = (path: string, ...query: Query): Call => ({ method: "GET", path, query, contentType: null });
const post = (path: string, body: object): Call => ({ method: "POST", path: `${API}/${path}`, body });
/** A POST of a text, as it is. */
const raw = (path: string, text: string): Call => ({ method: "POST", path: `${API}/${path}`, raw: text });

const point = { key: "acc", value: 0.5, timestamp: 1, step: 1 };

/** What reads: the same answer however often it is asked for. */
const READS: readonly Call[] = [
  // Repeated fields, numbers and words as texts.
  get(`${API}/experiments/search`, ["max_results", "2"]),
  get(`${API}/experiments/search`, ["max_results", "1000"], ["view_type", "ALL"], ["order_by", "name DESC"]),
  get(`${API}/experiments/search`, ["max_results", "5"], ["order_by", "name"], ["order_by", "experiment_id DESC"]),
  get(`${API}/experiments/search`, ["view_type", "2"], ["max_results", "9"]),
  get(`${API}/experiments/search`, ["view_type", "all"], ["max_results", "9"]),
  get(`${API}/experiments/search`, ["max_results", "2.0"]),
  get(`${API}/experiments/search`, ["max_results", " 2"]),
  get(`${API}/experiments/search`, ["max_results", "1e1"]),
  get(`${API}/experiments/search`, ["maxResults", "2"]),
  get(`${API}/experiments/search`, ["max_results", "2"], ["max_results", "3"]),
  get(`${API}/experiments/search`, ["max_results", "2"], ["unknown", "1"]),
  get(`${API}/experiments/search`),
  get(`${API}/experiments/get`, ["experiment_id", "1"]),
  get(`${API}/experiments/get`, ["experimentId", "1"]),
  get(`${API}/experiments/get`, ["experiment_id", ""]),
  get(`${API}/experiments/get`),
  get(`${AJAX}/experiments/get`, ["experiment_id", "1"]),
  get("/api/3.0/mlflow/experiments/get", ["experiment_id", "1"]),
  get("/api/2.0/preview/mlflow/experiments/get", ["experiment_id", "1"]),
  get("/api/2.0/preview/mlflow/runs/search"),
  get("/ajax-api/2.0/preview/mlflow/experiments/search"),
  get(`${API}/experiments/list`),
  get(`${API}/experiments/get-by-name`, ["experiment_name", "Second"]),
  get(`${API}/runs/get`, ["run_id", "<run0>"]),
  get(`${API}/runs/get`, ["run_uuid", "<run0>"]),
  get(`${API}/runs/get`, ["run_uuid", "<run1>"], ["run_id", "<run0>"]),
  get(`${API}/runs/get`, ["run_uuid", "<run1>"], ["run_id", ""]),
  get(`${AJAX}/runs/get`, ["run_id", "<run0>"]),
  get("/api/3.0/mlflow/runs/get", ["run_id", "<run0>"]),
  get(`${API}/metrics/get-history`, ["run_uuid", "<run1>"], ["metric_key", "acc"]),
  get(`${API}/metrics/get-history`, ["run_id", "<run1>"], ["metric_key", "loss"], ["max_results", "1"]),
  get(`${API}/metrics/get-history`, ["run_id", "<run1>"]),
  get(
    `${API}/metrics/get-history-bulk-interval`,
    ["run_ids", "<run1>"],
    ["run_ids", "<run2>"],
    ["metric_key", "acc"],
    ["start_step", "0"],
    ["end_step", "1"],
    ["max_results", "10"],
  ),
  get(`${AJAX}/metrics/get-history-bulk`, ["run_id", "<run1>"], ["run_id", "<run2>"], ["metric_key", "acc"]),
  get(`${AJAX}/metrics/get-history-bulk`, ["run_id", "<run1>"], ["metric_key", "acc"], ["max_results", "1"]),
  get(`${AJAX}/metrics/get-history-bulk`, ["metric_key", "acc"]),
  ...["-1", "-2", "-99", "0", " 2", "1_0", "+1", "1.0", "", "99999"].map((max_results) =>
    get(`${AJAX}/metrics/get-history-bulk`, ["run_id", "<run1>"], ["metric_key", "acc"], ["max_results", max_results]),
  ),
  get("/get-artifact", ["run_id", "<run99>"]),
  get("/get-artifact", ["run_id", "<run99>"], ["path", ""]),
  get("/get-artifact", ["run_id", "<run0>"], ["path", ""]),
  get("/model-versions/get-artifact", ["name", "none"], ["version", "1"], ["path", ""]),
  get("/model-versions/get-artifact", ["name", "none"], ["version", "1"]),
  get("/model-versions/get-artifact", ["path", "a.txt"]),
  get("/model-versions/get-artifact", ["path", "a.txt"], ["version", "1"]),
  get("/model-versions/get-artifact", ["path", "a.txt"], ["name", "none"]),
  get("/model-versions/get-artifact", ["path", "a.txt"], ["name", "wine"], ["version", "x"]),
  get("/api/3.0/mlflow/server-info"),
  ...[".", "../x", ""].map((path): Call => {
    const query = [["run_uuid", "<run99>"] as const, ["path", path] as const];
    return {
      method: "POST",
      path: `${AJAX}/upload-artifact`,
      query,
      raw: "{}",
      contentType: "application/octet-stream",
    };
  }),
  get(`${API}/artifacts/list`, ["run_uuid", "<run0>"]),
  get(`${API}/artifacts/list`, ["run_id", "<run0>"], ["path", "plots"]),
  get("/api/2.0/mlflow-artifacts/artifacts", ["path", "1"]),
  get("/api/2.0/mlflow-artifacts/artifacts", ["path", "1/<run0>/artifacts"]),
  get("/ajax-api/2.0/mlflow-artifacts/artifacts"),
  get(`${API}/registered-models/get`, ["name", "ä b"]),
  get(`${API}/registered-models/get-latest-versions`, ["name", "wine"], ["stages", "None"], ["stages", "Staging"]),
  get(`${API}/registered-models/search`, ["max_results", "2"], ["order_by", "name DESC"]),
  get(`${API}/registered-models/alias`, ["name", "Wine"], ["alias", "best"]),
  get(`${API}/model-versions/get`, ["name", "wine"], ["version", "1"]),
  get(`${API}/model-versions/search`, ["filter", "name='wine'"], ["max_results", "5"]),
  get(`${API}/traces`, ["experiment_ids", "1"], ["experiment_ids", "2"], ["max_results", "3"]),
  get("/api/3.0/mlflow/traces/get", ["trace_id", `tr-${"0".repeat(32)}`], ["allow_partial", "True"]),
  get("/api/3.0/mlflow/traces/get", ["trace_id", `tr-${"0".repeat(32)}`], ["allow_partial", "1"]),
  post("runs/search", { experiment_ids: ["1"], max_results: "2", order_by: ["metrics.acc DESC"] }),
  post("runs/search", { experiment_ids: "1" }),
  post("runs/search", { experiment_ids: [1] }),
  post("runs/search", { experimentIds: ["1"], maxResults: 1, runViewType: "ALL" }),
  post("runs/search", { experiment_ids: ["1"], max_results: 1, run_view_type: 3, unknown: { a: [1] } }),
  post("experiments/search", { max_results: "3" }),
  raw("experiments/search", ""),
  raw("experiments/search", "null"),
  raw("experiments/search", "[]"),
  raw("experiments/search", '{"max_results": 2'),
  raw("experiments/search", JSON.stringify(JSON.stringify({ max_results: 2 }))),
  raw("runs/search", JSON.stringify(JSON.stringify({ experiment_ids: ["2"], max_results: 1 }))),
  { method: "DELETE", path: `${API}/runs/get` },
  { method: "GET", path: `${API}/runs/create`, contentType: null },
  get("/health"),
  get("/version"),
];

/**
 * What writes, in this order, with what was written read again. `<run4>` is not: of a message with a value that protobuf
 * does not take, MLflow stores what stands before it (a bare NaN as 0, for example).
 */
const WRITES: readonly Call[] = [
  raw("experiments/create", ""),
  raw("experiments/create", '"{\\"name\\": \\"by a string\\"}"'),
  post("experiments/create", { name: "by number", tags: null }),
  { method: "POST", path: `${API}/experiments/create`, body: { name: "typeless" }, contentType: null },
  { method: "POST", path: `${API}/experiments/create`, body: { name: "text" }, contentType: "text/plain" },
  {
    method: "POST",
    path: `${API}/experiments/create`,
    body: { name: "charset" },
    contentType: "application/json; charset=utf-8",
  },
  post("runs/create", { experiment_id: "1" }),
  post("runs/create", { experiment_id: 1, start_time: 5 }),
  post("runs/create", { experiment_id: "1", start_time: "1234", user_id: "r" }),
  post("runs/create", { experimentId: "1", startTime: "1234", runName: "java" }),
  raw("runs/create", '{"experiment_id": "1", "start_time": 1.234e3, "run_name": "float"}'),
  raw("runs/create", '{"experiment_id": "1", "start_time": 12.5}'),
  raw("runs/create", '{"experiment_id": "1", "experiment_id": "2", "run_name": "twice"}'),
  raw("runs/create", "{}"),
  post("runs/log-metric", { run_uuid: "<run3>", ...point }),
  post("runs/log-metric", { run_id: "<run3>", run_uuid: "<run3>", key: "text", value: "0.25", timestamp: "7" }),
  post("runs/log-metric", { runId: "<run3>", key: "camel", value: 1, timestamp: 7, step: "3" }),
  post("runs/log-metric", { run_id: "<run3>", key: "timeless", value: 1 }),
  post("runs/log-metric", { run_id: "<run3>", key: "valueless", timestamp: 1 }),
  ...[{ toString: null, valueOf: null }, {}, [], [1], ["1"], true, "", " 1 ", "0x10", null].map((value) =>
    post("runs/log-metric", { run_id: "<run3>", key: "odd", value, timestamp: 7 }),
  ),
  raw("runs/log-metric", '{"run_id": "<run4>", "key": "nan", "value": NaN, "timestamp": 7}'),
  raw("runs/log-metric", '{"run_id": "<run4>", "key": "inf", "value": Infinity, "timestamp": 7}'),
  raw("runs/log-metric", '{"run_id": "<run4>", "key": "minus", "value": -Infinity, "timestamp": 7}'),
  post("runs/log-metric", { run_id: "<run3>", key: "nan text", value: "NaN", timestamp: 7 }),
  raw("runs/log-metric", '{"run_id": "<run4>", "key": "big", "value": 1e400, "timestamp": 7}'),
  raw("runs/log-metric", '{"run_id": "<run4>", "key": "late", "value": 1, "timestamp": 9223372036854775807}'),
  raw("runs/log-metric", '{"run_id": "<run4>", "key": "later", "value": 1, "timestamp": 9223372036854775808}'),
  post("runs/log-parameter", { run_uuid: "<run3>", key: "r", value: "1" }),
  post("runs/log-parameter", { run_id: "<run3>", key: "number", value: 1 }),
  post("runs/log-parameter", { run_id: "<run3>", key: "none", value: null }),
  post("runs/log-parameter", { run_id: "<run3>", key: "empty" }),
  post("runs/set-tag", { run_uuid: "<run3>", key: "r", value: "1" }),
  post("runs/set-tag", { run_id: "<run3>", key: "valueless" }),
  post("runs/log-batch", { run_id: "<run3>" }),
  post("runs/log-batch", { run_uuid: "<run3>", params: [{ key: "b", value: "1" }] }),
  raw(
    "runs/log-batch",
    '{"run_id": "<run4>", "metrics": [{"key": "b", "value": NaN, "timestamp": "8", "step": "2"}, {"key": "c", "value": "-Infinity", "timestamp": 8}]}',
  ),
  post("runs/log-batch", { run_id: "<run4>", metrics: [{ key: "d", value: 1, timestamp: 1, step: null }], tags: null }),
  get(`${API}/runs/get`, ["run_id", "<run3>"]),
  get(`${API}/metrics/get-history`, ["run_id", "<run3>"], ["metric_key", "nan text"]),
  post("runs/update", { run_uuid: "<run3>", status: "FINISHED", end_time: "99" }),
  post("runs/update", { run_id: "<run3>", status: 3 }),
  post("runs/update", { run_id: "<run3>", status: "3" }),
  post("runs/update", { run_id: "<run3>", status: "finished" }),
  post("runs/update", { run_id: "<run3>" }),
  get(`${API}/runs/get`, ["run_uuid", "<run3>"]),
  post("runs/delete", { run_uuid: "<run3>" }),
  ...[{}, { model_id: "" }, { model_id: null }, { model_id: 5 }, { model_id: "x" }, { model_id: "<model2>" }].flatMap(
    (named): Call[] => [
      { ...post("logged-models/<model1>", { ...named, status: 2 }), method: "PATCH" },
      post("logged-models/<model1>/params", { ...named, params: [{ key: "form", value: JSON.stringify(named) }] }),
      get(`${API}/logged-models/<model1>`),
      get(`${API}/logged-models/<model2>`),
    ],
  ),
  raw("registered-models/create", '"{\\"name\\": \\"stringly\\"}"'),
  post("model-versions/create", { name: "stringly", source: "s3://b/m", run_id: null }),
  get(`${API}/registered-models/get`, ["name", "stringly"]),
];

export const FORMS: readonly Call[] = [...READS, ...WRITES];
