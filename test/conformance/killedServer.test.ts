import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { startPython } from "../support/python.ts";
import { callServer, startServer } from "../support/server.ts";

test("no acknowledged point is lost when the server is killed under load", {
  skip: skipWithout(findPython(), "Python with mlflow"),
}, async () => {
  const folder = temporaryFolder();
  const args = ["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`, "--port", "0"];
  const first = await startServer(args);
  const run_id = readRunId(await callServer(first.url, "runs/create", { experiment_id: "0", start_time: 1 }));
  const acknowledged = new Set<number>();
  for (const start of [0, 1_000_000]) {
    startPython("logPoints.py", [run_id, String(start)], first.url, (line) => acknowledged.add(Number(line)));
  }
  await until("points of both clients", () => acknowledged.has(60) && acknowledged.has(1_000_060));
  await first.stop("SIGKILL");
  const second = await startServer(args);
  const history = await callServer(second.url, `metrics/get-history?run_id=${run_id}&metric_key=loss`);
  const stored = new Set(readSteps(history));
  const lost = [...acknowledged].filter((step) => !stored.has(step));
  assert.deepEqual(lost, []);
  assert.ok(stored.size >= 122);
});

function readRunId(answer: unknown): string {
  assert.ok(typeof answer === "object" && answer !== null && "run" in answer);
  return Object(answer.run).info.run_id;
}

function readSteps(answer: unknown): number[] {
  assert.ok(typeof answer === "object" && answer !== null && "metrics" in answer && Array.isArray(answer.metrics));
  return answer.metrics.map(({ step }: { step: number }) => step);
}
