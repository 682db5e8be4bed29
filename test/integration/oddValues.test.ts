import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { parseMessage } from "../../src/server/messages.ts";
import { findRoute } from "../../src/server/routes.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { memoryFolder } from "../support/environment.ts";
import { startService } from "../support/service.ts";
import { makeBase } from "../store/writeOperations.ts";

// SQLite keeps a value of any kind in any column: each column gets values of the wrong kind in turn, and all that shows it is read.

const folder = memoryFolder();
const path = join(folder, "mlflow.db");
const { experiment_id, run_id, model_id } = await makeBase(path);
const { url } = await startService([], undefined, folder);
const other = openConnection(path, { busyTimeout: 5_000 });
other.exec("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF");

interface Read {
  path: string;
  body?: object;
}

const v2 = (path: string, body?: object): Read => ({
  path: `/api/2.0/mlflow/${path}`,
  ...(body === undefined ? {} : { body }),
});
const scope = { experiment_ids: [experiment_id] };
const traces = { locations: [{ type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: "0" } }] };
const loss = "metric_key=loss";
const FIELDS =
  "info { runName status startTime } data { metrics { key value step timestamp } params { key value } tags { key value } }";
const GRAPHQL = {
  query: `query GetRun($data: MlflowGetRunInput!) { mlflowGetRun(input: $data) { run { ${FIELDS} } } }`,
  variables: { data: { runId: run_id } },
};

const EXPERIMENTS = [
  v2(`experiments/get?experiment_id=${experiment_id}`),
  v2("experiments/get-by-name?experiment_name=kept"),
  v2("experiments/search", { max_results: 9, view_type: "ALL", order_by: ["creation_time"] }),
];
const RUNS = [
  v2(`runs/get?run_id=${run_id}`),
  v2("runs/search", scope),
  v2("runs/search", { ...scope, filter: "metrics.loss < 1", order_by: ["params.depth", "start_time", "end_time"] }),
  v2("runs/search", { ...scope, filter: "params.depth LIKE '%' AND tags.team != 'x' AND start_time > 0" }),
  { path: "/graphql", body: GRAPHQL },
];
const HISTORIES = [
  ...["", "&max_results=1"].flatMap((count) => [
    v2(`metrics/get-history?run_id=${run_id}&${loss}${count}`),
    v2(`metrics/get-history-bulk-interval?run_ids=${run_id}&${loss}${count}`),
  ]),
  { path: `/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id=${run_id}&${loss}` },
];
const LOGGED_MODELS = [
  v2(`logged-models/${model_id}`),
  v2("logged-models/search", scope),
  v2("logged-models/search", { ...scope, order_by: [{ field_name: "creation_timestamp" }] }),
];
const REGISTRY = [
  ...["get?name=wine", "search", "alias?name=wine&alias=best", "get-latest-versions?name=wine"].map((rest) =>
    v2(`registered-models/${rest}`),
  ),
  ...["get?name=wine&version=1", "search", "get-download-uri?name=wine&version=1"].map((rest) =>
    v2(`model-versions/${rest}`),
  ),
];
const TRACES = [
  v2("traces/tr-base"),
  { path: "/api/3.0/mlflow/traces/tr-base" },
  { path: "/api/3.0/mlflow/traces/search", body: traces },
];

/** What shows a table, by its name. */
const READS: readonly [RegExp, Read[]][] = [
  [/^experiment/, EXPERIMENTS],
  [/^metrics$/, HISTORIES],
  [/^(?:runs|params|tags|latest_metrics|datasets|inputs|input_tags)$/, RUNS],
  [/^logged_model/, LOGGED_MODELS],
  [/^(?:registered_model|model_version)/, REGISTRY],
  [/^(?:trace_|assessments)/, TRACES],
];

/** Not UTF-8 even where it is taken for a text; the others only where MLflow keeps numbers. */
const BLOB = "x'00ff80'";
const NO_NUMBERS = ["'abc'", "1.5"];

async function complaint({ path, body }: Read): Promise<string | undefined> {
  const method = body === undefined ? "GET" : "POST";
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(
    `${url}${path}`,
    body === undefined ? {} : { method, headers, body: JSON.stringify(body) },
  );
  const text = await response.text();
  const shown = `${method} ${path} → ${response.status} ${text.slice(0, 300)}`;
  if (response.status >= 500 || /"type":"Buffer"|\{"0":/.test(text)) return shown;
  const route = findRoute(method, path.split("?")[0] ?? "");
  const message: unknown = JSON.parse(text);
  if (response.status !== 200 || route === undefined) return undefined;
  // A state that no release of MLflow knows is told as it is.
  const known = JSON.parse(JSON.stringify(message, (key, value: unknown) => (key === "status" ? undefined : value)));
  return parseMessage(route.response, known).ok ? undefined : `no ${route.response}: ${shown}`;
}

/** Columns of tables; `number` where MLflow keeps numbers. An experiment's id is its rowid, which SQLite itself keeps an integer. */
const columns = other
  .prepare<[], { table: string; column: string; number: number }>(
    `SELECT m.name AS "table", c.name AS "column", c.type NOT LIKE '%CHAR%' AND c.type NOT LIKE '%TEXT%' AS number
     FROM sqlite_master m JOIN pragma_table_info(m.name) c
     WHERE m.type = 'table' AND NOT (m.name = 'experiments' AND c.name = 'experiment_id')`,
  )
  .all();

for (const [tables, reads] of READS) {
  test(`values of a wrong kind are read as others, or refused: ${tables.source}`, async () => {
    const found: (string | undefined)[] = [];
    let cases = 0;
    for (const { table, column, number } of columns.filter((each) => tables.test(each.table))) {
      const row = other.prepare<[], { id: number }>(`SELECT min(rowid) AS id FROM ${table}`).get()?.id;
      if (row === undefined || row === null) continue;
      for (const value of number === 1 ? [BLOB, ...NO_NUMBERS] : [BLOB]) {
        other.exec(`CREATE TEMP TABLE kept AS SELECT ${column} AS value FROM main.${table} WHERE rowid = ${row};
          UPDATE ${table} SET ${column} = ${value} WHERE rowid = ${row}`);
        for (const told of await Promise.all(reads.map(complaint)))
          found.push(told && `${table}.${column} = ${value}: ${told}`);
        other.exec(
          `UPDATE ${table} SET ${column} = (SELECT value FROM kept) WHERE rowid = ${row}; DROP TABLE temp.kept`,
        );
        cases += 1;
      }
    }
    assert.deepEqual(
      found.filter((told) => told !== undefined),
      [],
    );
    assert.ok(cases > 5);
  });
}
