// One request of any route, its fields mostly right, sometimes odd, missing or of the wrong type.
import fc from "fast-check";
import type { Call } from "./call.ts";
import { METRIC_KEYS, TEXTS } from "./contents.ts";
import { LOGGED_MODELS, MODELS } from "./contentsModels.ts";
import { asQuery } from "./filters.ts";

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;
type Route = readonly [method: Call["method"], path: string, fields: Fields];

const one = (...values: unknown[]) => fc.constantFrom(...values);
const some = <T>(value: fc.Arbitrary<T>, maxLength = 3) => fc.array(value, { maxLength });

const runs = Array.from({ length: 20 }, (_, i) => `<run${i}>`);
const run_id = fc.oneof({ weight: 12, arbitrary: one(...runs) }, one("<run99>", "x", "../x", "0".repeat(32)));
const experiment_id = fc.oneof({ weight: 8, arbitrary: one("1", "2", "3") }, one("0", "99", "x", "1.5", " 1", "-1"));
const model_id = one(...Array.from({ length: LOGGED_MODELS }, (_, i) => `<model${i}>`), `m-${"0".repeat(32)}`, "x");
const long = one("k".repeat(250), "k".repeat(251), "😀".repeat(251));
const key = fc.oneof(
  { weight: 8, arbitrary: one("team", "new", "a/b", "a b", "a.b", "m:1") },
  one("", "a/../b", "/a", "..", "a//b", "a|b", "ä", "."),
  long,
);
const value = fc.oneof(
  { weight: 6, arbitrary: one(...TEXTS) },
  one("v".repeat(500), "v".repeat(6001), "v".repeat(8001), "\u0000"),
);
const time = fc.oneof(
  { weight: 6, arbitrary: one(0, 1, 1000, "1000", 1_700_000_000_000) },
  one(-1, 2 ** 40, "9007199254740991"),
);
const number = fc.oneof(
  { weight: 6, arbitrary: one(0, 1, -1.5, 1e300, "NaN", "Infinity", "-Infinity", "1.5") },
  one("inf", "-INF", "1_0", " 2 "),
);
const pair = fc.record({ key, value }, { requiredKeys: [] });
/** Each key once: twice, only ours takes it, and the stores part. */
const tags = fc.uniqueArray(pair, { maxLength: 3, selector: (one) => one.key });
const name = fc.oneof(
  { weight: 8, arbitrary: one(...MODELS) },
  one("no such", "", "a/b", "a:b", " ", "..", "n".repeat(257)),
);
const version = fc.oneof({ weight: 8, arbitrary: one("1", "2", "3") }, one("9", "x", "", "0", "-1", "1.0", " 1"));
const metric = fc.record(
  { key, value: number, timestamp: time, step: time },
  { requiredKeys: ["key", "value", "timestamp"] },
);
const max_results = fc.oneof({ weight: 4, arbitrary: one(1, 2, 100) }, one(0, -1, 1001, 50_001, 200_001, "5", "x"));
const page_token = one("", "x", "eyJvZmZzZXQiOiAxfQ==", "MQ==", "e30=", "😀");
const path = one(
  "",
  "plots",
  "plots/deep",
  "a.txt",
  "nothing",
  "../x",
  "/etc",
  "plots/../..",
  "%2e%2e",
  "a//b",
  ".",
  "plots/",
);
const dataset = fc.record(
  {
    name: one("wine", "", "n".repeat(501)),
    digest: one("d1", "", "d".repeat(37)),
    source_type: one("local", ""),
    source: one("{}", "x"),
    schema: one("{}", ""),
    profile: one("{}"),
  },
  { requiredKeys: [] },
);
const alias = one("best", "new", "latest", "v1", "V2", "", "a b", "a/b", "ä", "a".repeat(256));

const ROUTES: readonly Route[] = [
  [
    "POST",
    "experiments/create",
    {
      name: fc.oneof(fc.uuid(), one("first", "", "e".repeat(501), "a/b")),
      artifact_location: one(
        "",
        "s3://b/x",
        "relative",
        "file:///tmp/x",
        "s3://b/x#y",
        "s3://b/x?a=../b",
        "mlflow-artifacts:/x",
      ),
      tags,
    },
  ],
  ["GET", "experiments/get", { experiment_id }],
  ["GET", "experiments/get-by-name", { experiment_name: one("first", "Second", "none", "Default", "") }],
  [
    "POST",
    "experiments/update",
    { experiment_id: one("1", "2", "99", "x"), new_name: one("first", "Second", "", "renamed") },
  ],
  ["POST", "experiments/set-experiment-tag", { experiment_id, key, value }],
  ["POST", "experiments/delete-experiment-tag", { experiment_id, key }],
  ["POST", "experiments/delete", { experiment_id: one("99", "x", "") }],
  ["POST", "experiments/restore", { experiment_id: one("1", "99", "x") }],
  [
    "GET",
    "experiments/search",
    {
      max_results,
      page_token,
      view_type: one("ALL", "ACTIVE_ONLY", "x", "1"),
      filter: one("name = 'first'", "x"),
      order_by: some(one("name", "name DESC", "x")),
    },
  ],
  [
    "POST",
    "runs/create",
    { experiment_id, user_id: one("u", ""), run_name: one("n", "", "r".repeat(300)), start_time: time, tags },
  ],
  ["GET", "runs/get", { run_id, run_uuid: run_id }],
  [
    "POST",
    "runs/update",
    { run_id, status: one("FINISHED", "RUNNING", 3), end_time: time, run_name: one("renamed", "", " ") },
  ],
  ["POST", "runs/delete", { run_id: one("<run15>", "<run99>", "x", "") }],
  ["POST", "runs/restore", { run_id: one("<run15>", "<run17>", "<run99>", "x") }],
  ["POST", "runs/log-metric", { run_id, key, value: number, timestamp: time, step: time }],
  ["POST", "runs/log-parameter", { run_id, key, value }],
  ["POST", "runs/set-tag", { run_id, key, value }],
  ["POST", "runs/delete-tag", { run_id, key: one("team", "none", "", "k-1") }],
  ["POST", "runs/log-batch", { run_id, metrics: some(metric), params: some(pair), tags }],
  [
    "POST",
    "runs/log-inputs",
    {
      run_id,
      datasets: some(fc.record({ dataset, tags }, { requiredKeys: [] }), 2),
      models: some(fc.record({ model_id }), 1),
    },
  ],
  ["POST", "runs/outputs", { run_id, models: some(fc.record({ model_id, step: time }), 2) }],
  ["GET", "metrics/get-history", { run_id, metric_key: one(...METRIC_KEYS, "none", ""), max_results, page_token }],
  [
    "GET",
    "metrics/get-history-bulk-interval",
    {
      run_ids: some(run_id),
      metric_key: one(...METRIC_KEYS, ""),
      start_step: one(0, 1, -1, "x"),
      end_step: one(0, 1, 5),
      max_results: one(1, 2, 2500, 0, 2501),
    },
  ],
  ["GET", "artifacts/list", { run_id, path, page_token }],
  ["GET", "logged-models/<model1>", {}],
  ["GET", "logged-models/x", {}],
  [
    "POST",
    "logged-models",
    {
      experiment_id,
      name: one("net", "", "a/b", "a.b", "it's"),
      model_type: one("t", ""),
      source_run_id: run_id,
      params: tags,
      tags,
    },
  ],
  [
    "PATCH",
    "logged-models/<model2>",
    {
      model_id: one("<model2>", "<model4>", ""),
      status: one("LOGGED_MODEL_READY", "LOGGED_MODEL_PENDING", 2, "LOGGED_MODEL_STATUS_UNSPECIFIED"),
    },
  ],
  ["PATCH", "logged-models/<model3>/tags", { tags }],
  ["DELETE", "logged-models/<model3>/tags/team", {}],
  ["DELETE", "logged-models/x/tags/a", {}],
  ["POST", "logged-models/<model4>/params", { model_id: one("<model4>", "<model3>", "x"), params: tags }],
  ["GET", "logged-models/<model1>/artifacts/directories", { artifact_directory_path: path }],
  ["POST", "logged-models/search", { experiment_ids: some(experiment_id), max_results, page_token }],
  ["POST", "registered-models/create", { name: fc.oneof(fc.uuid(), name), tags, description: value }],
  ["GET", "registered-models/get", { name }],
  ["PATCH", "registered-models/update", { name, description: value }],
  ["POST", "registered-models/rename", { name: one("no such", "", "wine"), new_name: one("Wine", "", "a/b", "wine") }],
  ["DELETE", "registered-models/delete", { name: one("no such", "", " ") }],
  [
    "POST",
    "registered-models/get-latest-versions",
    { name, stages: some(one("None", "production", "Archived", "x", "")) },
  ],
  ["GET", "registered-models/get-latest-versions", { name, stages: some(one("None", "Production")) }],
  ["POST", "registered-models/set-tag", { name, key, value }],
  ["DELETE", "registered-models/delete-tag", { name, key }],
  ["POST", "registered-models/alias", { name, alias, version }],
  ["GET", "registered-models/alias", { name, alias }],
  ["DELETE", "registered-models/alias", { name, alias }],
  ["GET", "registered-models/search", { max_results, page_token }],
  [
    "POST",
    "model-versions/create",
    {
      name,
      source: one("s3://b/m", "file:///etc", "/etc", "", "models:/<model1>", "models:/wine/1", "../x"),
      run_id,
      tags,
      run_link: one("", "l"),
      description: value,
    },
  ],
  ["GET", "model-versions/get", { name, version }],
  ["GET", "model-versions/get-download-uri", { name, version }],
  ["PATCH", "model-versions/update", { name, version, description: value }],
  [
    "POST",
    "model-versions/transition-stage",
    {
      name,
      version,
      stage: one("Staging", "production", "x", "", "None"),
      archive_existing_versions: one(true, false),
    },
  ],
  ["DELETE", "model-versions/delete", { name: one("no such", ""), version }],
  ["POST", "model-versions/set-tag", { name, version, key, value }],
  ["DELETE", "model-versions/delete-tag", { name, version, key }],
  ["GET", "model-versions/search", { max_results, page_token }],
];

const odd = one(
  null,
  "",
  " ",
  0,
  -1,
  1.5,
  true,
  [],
  {},
  [null],
  ["a"],
  { a: 1 },
  "NaN",
  2 ** 31,
  2 ** 53,
  "9223372036854775808",
  "😀",
  "null",
  "true",
  [[]],
  [1],
);

/** A request whose values have the right types. */
export const request: fc.Arbitrary<Call> = fc.constantFrom(...ROUTES).chain(([method, route, fields]) => {
  const whole = fc.record(fields);
  const partial = fc.record(fields, { requiredKeys: [] });
  const body = fc.oneof({ weight: 5, arbitrary: whole }, { weight: 2, arbitrary: partial });
  return asCall(method, route, body);
});

/** A request with one value of any type in the place of a right one. */
export const confusedRequest: fc.Arbitrary<Call> = fc
  .constantFrom(...ROUTES.filter(([, , fields]) => Object.keys(fields).length > 0))
  .chain(([method, route, fields]) => {
    const wrong = fc.tuple(fc.record(fields), one(...Object.keys(fields)), odd);
    return asCall(
      method,
      route,
      wrong.map(([body, field, bad]) => ({ ...body, [String(field)]: bad })),
    );
  });

function asCall(method: Call["method"], route: string, body: fc.Arbitrary<object>): fc.Arbitrary<Call> {
  const prefix = fc.constantFrom("/api/2.0/mlflow", "/api/2.0/mlflow", "/ajax-api/2.0/mlflow");
  return fc.tuple(body, prefix).map(([sent, at]): Call => {
    const to = { method, path: `${at}/${route}` };
    return method === "GET" ? { ...to, query: asQuery({ ...sent }) } : { ...to, body: sent };
  });
}
