import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readState, stateFileOf } from "../../src/models/serving/stateFile.ts";
import { findPython, skipWithout, until } from "../support/environment.ts";
import { realModels } from "../support/realModels.ts";
import { hold, processesWith, serveModel } from "../support/scoring.ts";

// Real models, served by the real mlflow, owned by the program as a window starts it.

const skip = skipWithout(findPython(), "Python with mlflow");

/** Folder of a version's files. */
async function artifactsOf(name: "echo" | "forecast" | "wine-quality", index = 0): Promise<string> {
  const { folder, models } = await realModels();
  return join(folder, "mlruns/models/models", models[name][index]?.model_id ?? "", "artifacts");
}

async function ask(url: string, body: unknown): Promise<{ status: number; answer: unknown }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/invocations`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}

test("a model is served, answers, is counted, and is stopped with all of its processes", { skip }, async () => {
  const model = await artifactsOf("echo");
  const { request, held, reaches } = await serveModel(model, { workers: 2 });
  const { url, mlflow_version } = await reaches("ready");
  equal(mlflow_version, "3.17.2");
  deepEqual((await ask(url, { dataframe_split: { columns: ["a"], data: [[1]] } })).status, 200);
  deepEqual((await ask(url, { columns: ["a"], data: [[1]] })).status, 400);
  await until("both requests to be counted", () => held.server.requests === 2);
  equal(held.server.failures, 1);
  await until("its memory to be known", () => (held.server.memory ?? 0) > 20 << 20);

  const file = stateFileOf(request.folder, request.id);
  equal(statSync(file).mode & 0o777, 0o600);
  const log = readFileSync(held.server.log, "utf8");
  ok(log.includes('"POST /invocations HTTP/1.1" 400'), log);
  ok(!log.includes("GET /ping"), log);

  const window = hold(request.folder, readState(file) ?? held.state);
  await until("a second window to be told the counts", () => window.held.server.requests === 2);
  ok(processesWith(request.id).length >= 5);
  await held.stop();
  await window.held.ended;
  deepEqual(processesWith(request.id), []);
  deepEqual(readdirSync(request.folder), []);
  ok(!existsSync(file));
});
