// The store with 5,000 runs, beside Python's mlflow on the same file. CPU time, median of five.
// `node_modules/.bin/node bench/store.mjs`; FLOWDECK_PYTHON names an interpreter with mlflow 3.17.2.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ensurePython } from "../scripts/tools/python.mjs";
import { openStore, storeUri } from "../src/store/open.ts";
import { createManyRuns } from "../test/store/manyRuns.ts";
import { median, record } from "./results.mjs";

const RUNS = 5_000;
const TIMES = 5;

const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
try {
  const database = join(folder, "mlflow.db");
  createManyRuns(database, RUNS, 1_000_000);
  // mlflow 3.17.2 reads no run without a user.
  const connection = new DatabaseSync(database);
  connection.exec("UPDATE runs SET user_id = 'bench'");
  connection.close();
  const uri = storeUri(database);
  const python = await ensurePython();

  const pythons = inPython(python, database);
  const page = { experiment_ids: ["0"], max_results: 100 };
  const rows = [
    [
      "open and first page of 100 runs",
      pythons.open,
      async () => {
        const store = openStore(uri);
        await store.searchRuns(page);
        store.close();
      },
    ],
    ["search, 1,000 runs", pythons.search, (store) => store.searchRuns({ ...page, max_results: 1_000 })],
    [
      "table window of 100 runs, 8 columns",
      undefined,
      (store) =>
        store.runColumns({
          experiment_ids: ["0"],
          offset: 0,
          limit: 100,
          fields: eightFields(),
        }),
    ],
    [
      "table window, sorted by a metric",
      undefined,
      (store) =>
        store.runColumns({
          experiment_ids: ["0"],
          offset: 0,
          limit: 100,
          order: [{ field: { kind: "metric", key: "m3" }, ascending: false }],
          fields: eightFields(),
        }),
    ],
    [
      "series of 1,000,000 points as 1,000 buckets",
      undefined,
      (store) =>
        store.metricSeries({
          run_ids: [(RUNS - 1).toString(16).padStart(32, "0")],
          metric_key: "m0",
          points: 1_000,
        }),
    ],
  ];
  for (const [what, beside, work] of rows) {
    const figure = await cpuTime(uri, work);
    record("store", what, {
      figure: `${figure.toFixed(1)} ms`,
      beside: beside === undefined ? "" : `mlflow 3.17.2: ${beside.toFixed(0)} ms`,
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function eightFields() {
  return [
    ...keys("p", 4).map((key) => ({ kind: "param", key })),
    ...keys("m", 4).map((key) => ({ kind: "metric", key })),
  ];
}

function keys(letter, count) {
  return Array.from({ length: count }, (_, index) => `${letter}${index}`);
}

async function cpuTime(uri, work) {
  const store = openStore(uri);
  const times = [];
  await work(store);
  for (let time = 0; time < TIMES; time += 1) {
    const start = process.cpuUsage();
    await work(store);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  store.close();
  return median(times);
}

/** The same by MLflow's own store, without a server between, warm as ours is. */
function inPython(python, database) {
  const script = `
import json, sys, time
from mlflow.entities import ViewType
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
uri = "sqlite:///" + sys.argv[1]
def median(work):
    work()
    times = []
    for _ in range(${TIMES}):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return sorted(times)[len(times) // 2]
def search(store, count):
    return store.search_runs(["0"], "", ViewType.ACTIVE_ONLY, max_results=count)
def first_page():
    store = SqlAlchemyStore(uri, "${tmpdir()}")
    search(store, 100)
    store.engine.dispose()
store = SqlAlchemyStore(uri, "${tmpdir()}")
print(json.dumps({"open": median(first_page), "search": median(lambda: search(store, 1000))}))
`;
  const printed = execFileSync(python, ["-c", script, database], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(printed.trim().split("\n").at(-1));
}
