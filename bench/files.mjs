// An mlruns folder of 5,000 runs, beside Python's mlflow on the same folder. CPU time; Python reads twice, we five times.
// `node_modules/.bin/node bench/files.mjs`; FLOWDECK_PYTHON names an interpreter with mlflow 3.17.2.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ensurePython } from "../scripts/tools/python.mjs";
import { openStore, storeUri } from "../src/store/open.ts";
import { median, record } from "./results.mjs";

const RUNS = 5_000;
const TIMES = 3;
const QUERY = { experiment_ids: ["1"], order_by: ["metrics.m3 DESC"], max_results: 100 };

const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
try {
  const root = join(folder, "mlruns");
  createRuns(root);
  const python = inPython(await ensurePython(), root);
  const uri = storeUri(root, "files");
  const cacheFolder = join(folder, "cache");

  const first = [];
  for (let i = 0; i < TIMES; i++) {
    const store = openStore(uri);
    first.push(await cpuTime(() => same(store, python.ids)));
    store.close();
  }
  const store = openStore(uri, { cacheFolder });
  await same(store, python.ids);
  const again = [];
  for (let i = 0; i < TIMES; i++) again.push(await cpuTime(() => same(store, python.ids)));
  // What is left to be read for the next session is read after the answers.
  while (!isKept(cacheFolder)) await pause(100);
  store.close();
  const next = [];
  for (let i = 0; i < TIMES; i++) {
    const later = openStore(uri, { cacheFolder });
    next.push(await cpuTime(() => same(later, python.ids)));
    later.close();
  }
  tell("mlruns of 5,000 runs: first read, sorted by a metric", first, python.first);
  tell("mlruns of 5,000 runs: next read", again, python.next);
  tell("mlruns of 5,000 runs: first read of the next session", next, python.first);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function isKept(cacheFolder) {
  return (
    existsSync(cacheFolder) && readdirSync(cacheFolder, { recursive: true }).some((path) => path.endsWith(".json"))
  );
}

function tell(what, times, beside) {
  const figure = median(times);
  const mlflow = `mlflow 3.17.2: ${beside.toFixed(0)} ms (${(beside / figure).toFixed(0)}×)`;
  record("mlruns folder", what, { figure: `${figure.toFixed(1)} ms`, beside: mlflow });
}

/** The same ids in the same order as Python's. */
async function same(store, ids) {
  const { items } = await store.searchRuns(QUERY);
  const found = items.map(({ info }) => info.run_id);
  if (found.join() !== ids.join()) throw new Error("The two stores disagree.");
}

async function cpuTime(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Each run with 20 params, 20 metrics (one of 50 points) and 7 tags, as mlflow writes them. */
function createRuns(root) {
  const experiment = join(root, "1");
  mkdirSync(join(root, ".trash"), { recursive: true });
  mkdirSync(experiment);
  const place = `artifact_location: file://${experiment}\ncreation_time: 1\nexperiment_id: '1'\nlast_update_time: 1\n`;
  writeFileSync(join(experiment, "meta.yaml"), `${place}lifecycle_stage: active\nname: bench\n`);
  for (let n = 0; n < RUNS; n++) {
    const run_id = n.toString(16).padStart(32, "0");
    const run = join(experiment, run_id);
    for (const inside of ["metrics", "params", "tags", "artifacts"]) mkdirSync(join(run, inside), { recursive: true });
    const meta = [
      `artifact_uri: file://${run}/artifacts`,
      `end_time: ${5_000 + n}`,
      "entry_point_name: ''",
      "experiment_id: '1'",
      "lifecycle_stage: active",
      `run_id: '${run_id}'`,
      `run_name: run-${n}`,
      "source_name: ''",
      "source_type: 4",
      "source_version: ''",
      `start_time: ${1_000 + n}`,
      `status: ${n % 100 === 0 ? 1 : 3}`,
      "tags: []",
      "user_id: bench",
    ];
    writeFileSync(join(run, "meta.yaml"), `${meta.join("\n")}\n`);
    for (let k = 0; k < 20; k++) {
      writeFileSync(join(run, "params", `p${k}`), String((n * 7 + k) % 97));
      const points = Array.from(
        { length: k === 0 ? 50 : 1 },
        (_, step) => `${1_000 + step} ${((n * 13 + k) % 1009) / 7} ${step}\n`,
      );
      writeFileSync(join(run, "metrics", `m${k}`), points.join(""));
    }
    for (let k = 0; k < 7; k++) writeFileSync(join(run, "tags", `tag${k}`), `value ${n * k}`);
  }
}

function inPython(python, root) {
  const script = `
import json, os, sys, time
from mlflow.store.tracking.file_store import FileStore
store = FileStore(sys.argv[1])
times = []
for _ in range(2):
    before = time.process_time()
    runs = store.search_runs(["1"], "", 1, max_results=100, order_by=["metrics.m3 DESC"])
    times.append((time.process_time() - before) * 1000)
print(json.dumps({"first": times[0], "next": times[1], "ids": [run.info.run_id for run in runs]}))
`;
  const env = { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true", MLFLOW_DISABLE_TELEMETRY: "true" };
  return JSON.parse(execFileSync(python, ["-c", script, root], { encoding: "utf8", env }));
}
