// Sends every route what a Fuzzer makes, to a server in this process, and looks whether each answer is one.
import assert from "node:assert/strict";
import { join } from "node:path";
import { ENDPOINTS } from "../../src/mlflow/api.generated.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import type { Store } from "../../src/store/store.ts";
import { type Fuzzed, Fuzzer, type Known, type Outcome, send } from "./fuzzing.ts";
import { startService } from "./service.ts";

/** ms of CPU, of eight clients and all that is asked at the same time; and ms on a machine that does much else. */
const QUICK = 2_500;
const PATIENCE = 60_000;

/** Things that are there, so that requests get past the first look. */
async function fill(url: string, store: Store): Promise<Known> {
  const { experiment_id } = await store.createExperiment({ name: "fuzzed" });
  const runs = await Promise.all([1, 2, 3].map(() => store.createRun({ experiment_id, start_time: 1 })));
  const run_ids = runs.map(({ info }) => info.run_id);
  for (const run_id of run_ids) {
    const metrics = [0, 1, 2].map((step) => ({ key: "m", value: step, timestamp: step, step }));
    await store.logBatch({ run_id, metrics, params: [{ key: "p", value: "v" }], tags: [{ key: "t", value: "a" }] });
  }
  await store.createRegisteredModel({ name: "model" });
  await store.createModelVersion({ name: "model", source: "s3://bucket/model" });
  const model = await store.createLoggedModel({ experiment_id, name: "logged", params: [], tags: [] });
  const started = { method: "POST", path: "/api/2.0/mlflow/traces", headers: { "Content-Type": "application/json" } };
  const body = Buffer.from(JSON.stringify({ experiment_id, timestamp_ms: 1, request_metadata: [], tags: [] }));
  const trace = String(Object(JSON.parse((await send(url, { ...started, body })).text)).trace_info.request_id);
  return {
    experiment_id: [experiment_id, "0"],
    experiment_ids: [experiment_id, "0"],
    artifact_location: ["", "s3://bucket/a"],
    source: ["s3://bucket/model", `runs:/${run_ids[0]}/a`, `models:/${model.info.model_id}`, "http://127.0.0.1:9/a"],
    run_id: run_ids,
    run_ids,
    run_uuid: run_ids,
    metric_key: ["m"],
    metric_keys: ["m"],
    new_name: ["model", "renamed"],
    model_name: ["model"],
    model_id: [model.info.model_id],
    name: ["model", "fuzzed", "logged"],
    version: ["1", "2"],
    stage: ["Production", "Staging", "None", "Archived"],
    key: ["m", "p", "t"],
    alias: ["champion"],
    model_json: [`{"run_id":"${run_ids[0]}","artifact_path":"a"}`],
    serialization_format: ["JSON_FORMAT"],
    request_id: ["tr-1", trace],
    trace_id: ["tr-1", trace],
    trace_ids: ["tr-1", trace],
    request_ids: ["tr-1", trace],
    path: ["a.txt", "a/b.txt", "."],
  };
}

function complaintOf(folder: string, asked: Fuzzed, { status, type, text, took, cpu }: Outcome): string | undefined {
  const shown = `${asked.method} ${asked.path.slice(0, 300)} ${asked.body?.toString().slice(0, 600) ?? ""} → ${status} ${text.slice(0, 300)}`;
  if (status >= 500 || status < 200) return shown;
  if (cpu > QUICK || took > PATIENCE) return `${Math.round(cpu)} ms of CPU, ${Math.round(took)} ms: ${shown}`;
  if (asked.method === "HEAD") return undefined;
  if (status >= 400) {
    if (type !== "application/json") return `${type}: ${shown}`;
    const { error_code, message, ...more } = Object(JSON.parse(text));
    const whole = typeof error_code === "string" && typeof message === "string" && Object.keys(more).length === 0;
    const leak =
      /\n\s+at |SELECT |INSERT INTO|no such column|near "|node:|\/src\/(?:server|store)\//.test(text) ||
      text.includes(folder);
    if (!whole || leak) return shown;
  } else if (type === "application/json") JSON.parse(text);
  return undefined;
}

/** `each` requests for each route that is offered, the same for the same seed; returns how many there were. */
export async function fuzzRoutes(each: number, seed: number): Promise<number> {
  const { folder, url, store, errors } = await startService(["--artifacts-destination", "artifacts"]);
  const fuzzer = new Fuzzer(seed, await fill(url, store));
  const asked: Fuzzed[] = [];
  for (const endpoint of ENDPOINTS) {
    const path = `/api${endpoint[2].replace(/[{}]/g, "")}`;
    const probe = await send(url, { method: endpoint[1], path, headers: {}, body: undefined });
    const offered = !probe.text.includes("does not offer");
    for (let i = 0; i < (offered ? each : 2); i++) asked.push(fuzzer.ask(endpoint));
  }
  for (let i = 0; i < each; i++) {
    asked.push(fuzzer.get("/get-artifact", ["run_id", "path"]));
    asked.push(fuzzer.get("/model-versions/get-artifact", ["name", "version", "path"]));
    asked.push(fuzzer.get("/ajax-api/2.0/mlflow/metrics/get-history-bulk", ["run_id", "metric_key", "max_results"]));
    asked.push(fuzzer.get("/api/2.0/mlflow-artifacts/artifacts", ["path"]));
  }
  // Mixed, so that a deletion is not the end of what the next route would find.
  asked.sort(() => fuzzer.random() - 0.5);
  const complaints: string[] = [];
  const next = asked.values();
  const client = async () => {
    for (const one of next) {
      const outcome = await send(url, one).catch((error: unknown) => ({
        status: 0,
        type: "",
        text: String(error),
        took: 0,
        cpu: 0,
      }));
      const complaint = complaintOf(folder, one, outcome);
      if (complaint !== undefined) complaints.push(complaint);
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  assert.deepEqual(complaints.slice(0, 20), [], `${complaints.length} of ${asked.length}`);
  assert.deepEqual(errors, []);
  const health = await send(url, { method: "GET", path: "/health", headers: {}, body: undefined });
  assert.equal(health.text, "OK");
  const database = openConnection(join(folder, "mlflow.db"), { busyTimeout: 1_000 });
  assert.deepEqual(database.prepare("PRAGMA integrity_check").all(), [{ integrity_check: "ok" }]);
  database.close();
  return asked.length;
}
