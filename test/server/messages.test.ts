import assert from "node:assert/strict";
import { test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { parseModelsUri } from "../../src/mlflow/uris.ts";
import { type JsonObject, parseMessage, printMessage } from "../../src/server/messages.ts";
import { readRequest } from "../../src/server/request.ts";
import { allowedMethods, findRoute } from "../../src/server/routes.ts";
import { spansInFile } from "../../src/server/spans.ts";
import { likePattern } from "../../src/store/files/matching.ts";

/** JSON in, the message and whether its types were right. */
const PARSED: [string, JsonObject, object, boolean][] = [
  ["Metric", { key: "a", value: 1, timestamp: "5", step: 2 }, { key: "a", value: 1, timestamp: 5, step: 2 }, true],
  ["Metric", { value: "NaN" }, { value: Number.NaN }, true],
  ["Metric", { value: "-Infinity" }, { value: Number.NEGATIVE_INFINITY }, true],
  ["Metric", { value: "0.5" }, { value: 0.5 }, true],
  ["Metric", { key: "a", value: "x", step: 3 }, { key: "a" }, false],
  ["Metric", { step: 1.5 }, {}, false],
  ["Metric", { timestamp: "9223372036854775808" }, {}, false],
  ["Metric", { step: -1e19 }, {}, false],
  ["SearchRuns", { max_results: 2147483648 }, {}, false],
  ["CreateRun", { experimentId: "1", unknown: 3, run_name: null }, { experiment_id: "1" }, true],
  ["UpdateRun", { status: "FINISHED" }, { status: "FINISHED" }, true],
  ["UpdateRun", { status: 3 }, { status: "FINISHED" }, true],
  ["UpdateRun", { status: "DONE" }, {}, false],
  ["CreateRun", { tags: [{ key: "a", value: "b" }] }, { tags: [{ key: "a", value: "b" }] }, true],
  ["CreateRun", { tags: { key: "a" } }, {}, false],
];

for (const [name, json, expected, ok] of PARSED) {
  test(`${name} is read from ${JSON.stringify(json)}`, () => {
    assert.deepEqual(parseMessage(name, json), { message: expected, ok });
  });
}

test("a message is printed in the order of the wire, without what is unset, empty or unknown", () => {
  const run = {
    data: { metrics: [{ key: "a", value: Number.NaN, timestamp: 1, step: 0 }], params: [], tags: undefined },
    info: { run_id: "r", secret: "x", status: "RUNNING", end_time: null },
  };
  const text =
    '{"info":{"status":"RUNNING","run_id":"r"},"data":{"metrics":[{"key":"a","value":"NaN","timestamp":1,"step":0}]}}';
  assert.equal(printMessage("Run", run), text);
});

test("a path finds its call under api and ajax-api, a literal part before a parameter", () => {
  assert.equal(findRoute("POST", "/api/2.0/mlflow/runs/create")?.rpc, "createRun");
  assert.equal(findRoute("POST", "/ajax-api/2.0/mlflow/logged-models/search")?.rpc, "searchLoggedModels");
  const tag = findRoute("DELETE", "/api/2.0/mlflow/logged-models/m-1/tags/a%2Fb");
  assert.deepEqual(tag?.parameters, { model_id: "m-1", tag_key: "a/b" });
  assert.equal(findRoute("POST", "/mlflow/runs/create"), undefined);
  assert.deepEqual(allowedMethods("/api/2.0/mlflow/runs/create", { createRun: true }), ["POST"]);
});

const DOCS = " See the API docs for more information about request parameters.";

/** Requests that mlflow 3.17.2 refuses, with its sentences. */
const REFUSED: [string, string, string, string][] = [
  ["POST", "/api/2.0/mlflow/experiments/create", "{}", `Missing value for required parameter 'name'.${DOCS}`],
  ["POST", "/api/2.0/mlflow/experiments/create", "no json", `Missing value for required parameter 'name'.${DOCS}`],
  ["POST", "/api/2.0/mlflow/experiments/create", '{"name":""}', `Missing value for required parameter 'name'.${DOCS}`],
  [
    "POST",
    "/api/2.0/mlflow/experiments/create",
    '{"name":7}',
    `Invalid value 7 for parameter 'name' supplied:  Hint: Value was of type 'int'.${DOCS}`,
  ],
  ["GET", "/api/2.0/mlflow/runs/get?x=1", "", `Missing value for required parameter 'run_id'.${DOCS}`],
  [
    "POST",
    "/api/2.0/mlflow/runs/search",
    '{"max_results":50001}',
    `Invalid value 50001 for parameter 'max_results' supplied:  Hint: Value was of type 'int'.${DOCS}`,
  ],
  // A number is quoted as Python reads and prints it.
  ...[
    ["9", "9", "int"],
    ["9.0", "9.0", "float"],
    ["1e3", "1000.0", "float"],
    ["1e16", "1e+16", "float"],
    ["0.00001", "1e-05", "float"],
    ["-0.0", "-0.0", "float"],
    ["12345678901234567890", "12345678901234567890", "int"],
    ['{"b":[1.0,null],"a":"é"}', '{"a":"\\u00e9","b":[1.0,null]}', "dict"],
  ].map(([sent, quoted, type]): [string, string, string, string] => [
    "POST",
    "/api/2.0/mlflow/experiments/create",
    `{"name":"a","artifact_location":${sent}}`,
    `Invalid value ${quoted} for parameter 'artifact_location' supplied:  Hint: Value was of type '${type}'.${DOCS}`,
  ]),
  [
    "POST",
    "/api/2.0/mlflow/runs/log-batch",
    '{"run_id":"a","metrics":[{"key":"a","value":1}]}',
    `Missing value for required parameter 'metrics[0].timestamp'.${DOCS}`,
  ],
  [
    "POST",
    "/api/2.0/mlflow/runs/create",
    '{"run_name":"a","runName":"b"}',
    "Request specifies both 'run_name' and 'runName'; provide only one of them.",
  ],
];

for (const [method, path, body, message] of REFUSED) {
  test(`${method} ${path} with ${body || "nothing"} is refused`, () => {
    assert.throws(
      () => read(method, path, body),
      (error) => {
        assert.ok(error instanceof MlflowError);
        assert.deepEqual([error.error_code, error.message], ["INVALID_PARAMETER_VALUE", message]);
        return true;
      },
    );
  });
}

test("a query string gives lists, booleans and numbers their types", () => {
  const stages = read(
    "GET",
    "/api/2.0/mlflow/registered-models/get-latest-versions?name=a&stages=Staging&stages=x",
    "",
  );
  assert.deepEqual(stages, { name: "a", stages: ["Staging", "x"] });
  const history = read("GET", "/api/2.0/mlflow/metrics/get-history?run_id=r&metric_key=k&max_results=5", "");
  assert.deepEqual(history, { run_id: "r", metric_key: "k", max_results: 5 });
});

test("what the path names is not changed by the body", () => {
  const path = "/api/2.0/mlflow/logged-models/m-1/tags";
  assert.deepEqual(read("PATCH", path, '{"model_id":"m-2","tags":[]}'), { model_id: "m-1", tags: [] });
});

test("a body that is a JSON string of JSON is read, as old clients send it", () => {
  assert.deepEqual(read("POST", "/api/2.0/mlflow/experiments/create", JSON.stringify('{"name":"a"}')), { name: "a" });
});

function read(method: string, target: string, body: string): object {
  const url = new URL(target, "http://localhost");
  const route = findRoute(method, url.pathname);
  assert.ok(route);
  return readRequest(route, { method, query: url.searchParams, contentType: "application/json", body });
}

/** Seconds of processor time that some work takes. */
function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

test("values made to keep a reader busy are refused at once, and not told back whole", () => {
  const digits = "1".repeat(30_000);
  const slashes = "/".repeat(200_000);
  const works: (() => void)[] = [
    () => assert.equal(parseMessage("Metric", { value: `${digits}x` }).ok, false),
    () => assert.equal(parseMessage("Metric", { value: `${digits}.${digits}_x` }).ok, false),
    () => assert.equal(parseModelsUri(`models:/${slashes}x`), undefined),
    () => assert.equal(likePattern("%a%a%a%b", false)("a".repeat(150)), false),
    () => {
      const create = () => read("POST", "/api/2.0/mlflow/experiments/create", `{"name":${"7".repeat(2_000_000)}}`);
      assert.throws(create, ({ message }: Error) => message.length < 6_000 && /^Invalid value 7+… for/.test(message));
    },
    () => assert.deepEqual(spansInFile(`{"spans":[{"a":${"7".repeat(2_000_000)}}]}`), ['{"a":null}']),
  ];
  for (const work of works) assert.ok(cpuSeconds(work) < 1, String(work));
});
