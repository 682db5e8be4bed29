import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { headOfRelease } from "../../src/store/sqlite/heads.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";
import { temporaryFolder } from "../support/environment.ts";
import { startService } from "../support/service.ts";

// Where mlflow 3.17 answers otherwise than 3.6, a database of 3.6 is answered for as 3.6 did.

async function serve(release: string) {
  const folder = temporaryFolder();
  const head = headOfRelease(release);
  assert.ok(head);
  createDatabase(join(folder, "mlflow.db"), join(folder, "mlruns"), { head });
  const { url, store } = await startService(["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`]);
  const { info } = await store.createRun({ experiment_id: "0" });
  const { run_id } = info;
  const metrics = Array.from({ length: 10 }, (_, step) => ({ key: "loss", value: 1, timestamp: 1, step }));
  await store.logBatch({ run_id, metrics, params: [], tags: [] });
  const ask = async (path: string) => {
    const response = await fetch(`${url}/api/2.0/mlflow/${path}`);
    return { status: response.status, answer: Object(await response.json()) };
  };
  return { run_id, ask };
}

const servers = { older: await serve("3.6.0"), newest: await serve("3.17.2") };

test("a history is thinned by steps in the older database, by points in the newer", async () => {
  const steps = async ({ ask, run_id }: typeof servers.older, range = "") => {
    const path = `metrics/get-history-bulk-interval?run_ids=${run_id}&metric_key=loss&max_results=5${range}`;
    return (await ask(path)).answer.metrics.map(({ step }: { step: number }) => step);
  };
  assert.deepEqual(await steps(servers.older), [0, 2, 4, 6, 8, 9]);
  assert.deepEqual(await steps(servers.older, "&start_step=1&end_step=8"), [1, 2, 4, 5, 7, 8]);
  assert.deepEqual(await steps(servers.newest), [0, 2, 4, 6, 9]);
});

test("no points may be asked for in the older database, and are given", async () => {
  const path = (run_id: string) => `metrics/get-history?run_id=${run_id}&metric_key=loss&max_results=0`;
  assert.deepEqual(await servers.older.ask(path(servers.older.run_id)), { status: 200, answer: {} });
  assert.equal((await servers.newest.ask(path(servers.newest.run_id))).status, 400);
});

test("a missing model has no alias in the older database, and is missing in the newer", async () => {
  const path = "registered-models/alias?name=none&alias=champion";
  const older = { error_code: "INVALID_PARAMETER_VALUE", message: "Registered model alias champion not found." };
  assert.deepEqual(await servers.older.ask(path), { status: 400, answer: older });
  const newest = { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Registered Model with name=none not found" };
  assert.deepEqual(await servers.newest.ask(path), { status: 404, answer: newest });
});
