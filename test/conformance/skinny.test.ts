import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findSkinny, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { startServer } from "../support/server.ts";

const python = findSkinny();
/** What stands for infinity in MLflow's databases and answers. */
const MAX = Number.MAX_VALUE;

interface Made {
  run: string;
  child: string;
  experiment: string;
  listed: Record<string, number>;
}

for (const proxied of [true, false]) {
  const where = proxied ? "through the server" : "beside it";
  test(`mlflow-skinny logs, finds and registers, with its artifacts ${where}, and the store holds it`, {
    skip: skipWithout(python, "Python with mlflow-skinny"),
  }, async () => {
    const folder = temporaryFolder();
    const file = join(folder, "mlflow.db");
    const destination = proxied ? ["--artifacts-destination", join(folder, "artifacts")] : [];
    const args = ["--backend-store-uri", `sqlite:///${file}`, ...destination, "--port", "0"];
    const server = await startServer(args, { cwd: folder });
    const printed = await runPython("skinny.py", [], server.url, folder, {}, python);
    const made: Made = JSON.parse(printed.split("\n").at(-1) ?? "");
    assert.deepEqual(made.listed, {
      "notes/a.txt": 5,
      "notes/b.json": 32,
      "up/large.bin": 10 * 1024 * 1024 + 1,
      "up/ü & 100%.txt": 3,
    });
    const store = openStore(`sqlite:///${file}`, { readonly: true });
    try {
      await assertRuns(store, made);
      await assertRegistry(store, made);
    } finally {
      store.close();
    }
    assert.doesNotMatch(server.output(), /Error/);
  });
}

async function assertRuns(store: Store, { run: run_id, child, experiment }: Made): Promise<void> {
  const experiments = await store.searchExperiments({ order_by: ["name ASC"] });
  assert.deepEqual(
    experiments.items.map(({ name, lifecycle_stage }) => [name, lifecycle_stage]),
    ["Default", "renamed", "small"].map((name) => [name, "active"]),
  );
  const run = await store.getRun({ run_id });
  assert.deepEqual([run.info.run_name, run.info.status, run.info.experiment_id], ["first", "FINISHED", experiment]);
  const params = new Map(run.data.params.map(({ key, value }) => [key, value]));
  assert.equal(params.size, 103);
  assert.deepEqual(
    [params.get("lr"), params.get("layers"), params.get("ü"), params.get("p99")],
    ["0.1", "[1, 2]", "ß", "99"],
  );
  const tags = new Map(run.data.tags.map(({ key, value }) => [key, value]));
  assert.deepEqual(
    ["team", "batched", "gone", "mlflow.note.content"].map((key) => tags.get(key)),
    ["blue", "yes", undefined, "A *note*"],
  );
  assert.deepEqual(
    new Map(run.data.metrics.map(({ key, value, step }) => [key, [value, step]])),
    new Map([
      ["acc", [1e-300, -3]],
      ["batch", [999 / 8, 999]],
      ["big", [1e308, -3]],
      ["loss", [Number.NaN, 3]],
    ]),
  );
  const losses = await store.metricHistory({ run_id, metric_key: "loss" });
  assert.deepEqual(
    losses.items.map(({ value, step }) => [step, value]),
    [0.5, MAX, -MAX, Number.NaN].map((value, step) => [step, value]),
  );
  const renamed = await store.getRun({ run_id: child });
  assert.deepEqual(
    [renamed.info.run_name, renamed.info.status, renamed.info.lifecycle_stage],
    ["renamed", "FAILED", "active"],
  );
  assert.ok(renamed.data.tags.some(({ key, value }) => key === "mlflow.parentRunId" && value === run_id));
}

async function assertRegistry(store: Store, { run }: Made): Promise<void> {
  const model = await store.getRegisteredModel({ name: "Small" });
  assert.equal(model.description, "tiny");
  assert.deepEqual(model.tags, [{ key: "size", value: "s" }]);
  const { items } = await store.searchModelVersions({ filter: "name = 'Small'" });
  assert.deepEqual(
    items.map(({ version, description, run_id }) => [version, description, run_id]),
    [["1", "The first", run]],
  );
  const champion = await store.getModelVersionByAlias({ name: "Small", alias: "champion" });
  assert.equal(champion.version, "1");
}
