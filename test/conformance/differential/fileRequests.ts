// Requests that are no remote calls of MLflow's protobuf files: artifacts, and what its web page asks for.
import fc from "fast-check";
import type { Call } from "./call.ts";
import { METRIC_KEYS } from "./contents.ts";
import { MODELS } from "./contentsModels.ts";
import { asQuery } from "./filters.ts";

const one = (...values: string[]) => fc.constantFrom(...values);
const AJAX = "/ajax-api/2.0/mlflow";
const PROXY = "/api/2.0/mlflow-artifacts/artifacts";

/** The first three have files. */
const run = one("<run0>", "<run1>", "<run2>", "<run3>", "<run17>", "<run99>", "x", "");
const file = fc.oneof(
  { weight: 5, arbitrary: one("a.txt", "plots/b.json", "ä.bin", "plots/deep/c d.html", "new.txt", "plots/new.txt") },
  one("", "plots", "nothing", "../x", "/etc/passwd", "plots/../a.txt", "%2e%2e/x", "a.txt/b", ".", "a//b", "C:/x"),
);
const query = (method: Call["method"], path: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .record(fields, { requiredKeys: [] })
    .map((sent): Call => ({ method, path, query: asQuery(sent), contentType: null }));

const upload = fc
  .tuple(query("POST", `${AJAX}/upload-artifact`, { run_uuid: run, path: file }), one("text", "", "{}"))
  .map(([call, raw]): Call => ({ ...call, raw, contentType: "application/octet-stream" }));

const proxied = fc
  .tuple(
    fc.constantFrom("GET", "GET", "PUT", "DELETE"),
    one("<run0>", "<run1>", "<run99>"),
    one("a.txt", "plots/b.json", "plots", "put/new.txt", "none", "plots%2Fdeep%2Fc%20d.html"),
  )
  .map(([method, of, path]): Call => {
    const call = { method, path: `${PROXY}/1/${of}/artifacts/${path}` };
    return method === "PUT" ? { ...call, raw: "put", contentType: "application/octet-stream" } : call;
  });

const datasets = fc
  .array(one("1", "2", "3", "99", "x", ""), { maxLength: 3 })
  .chain((ids) => fc.constantFrom<object>({ experiment_ids: ids }, {}, { experiment_ids: [...ids, "1"] }))
  .map((body): Call => ({ method: "POST", path: `${AJAX}/experiments/search-datasets`, body }));

const plain = one(
  "/version",
  "/health",
  "/api/3.0/mlflow/server-info",
  "/ajax-api/3.0/mlflow/server-info",
  "/api/2.0/mlflow/none",
).map((path): Call => ({ method: "GET", path, contentType: null }));

/** A request for a file, or of MLflow's web page. */
export const fileRequest: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: query("GET", "/get-artifact", { run_id: run, path: file }) },
  { weight: 1, arbitrary: query("GET", "/get-artifact", { run_uuid: run, path: file }) },
  { weight: 3, arbitrary: upload },
  { weight: 3, arbitrary: proxied },
  { weight: 2, arbitrary: query("GET", PROXY, { path: one("1", "1/<run0>/artifacts", "none", "", "..", "1/<run1>") }) },
  { weight: 2, arbitrary: query("GET", "/api/2.0/mlflow/artifacts/list", { run_id: run, path: file }) },
  {
    weight: 1,
    arbitrary: query("GET", "/model-versions/get-artifact", {
      name: one(...MODELS, "none"),
      version: one("1", "9"),
      path: file,
    }),
  },
  {
    weight: 3,
    arbitrary: query("GET", `${AJAX}/metrics/get-history-bulk`, {
      run_id: fc.array(run, { maxLength: 3 }),
      metric_key: one(...METRIC_KEYS, "none"),
      max_results: one("1", "3", "0", "-1", "x", "1.5", ""),
    }),
  },
  { weight: 2, arbitrary: datasets },
  { weight: 1, arbitrary: plain },
);
