import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import type { Store } from "../../src/store/store.ts";
import { refuses } from "../store/contractCases.ts";
import { isSince, RELEASES, stateOf, unpackStore, withoutInterop } from "../store/interopStores.ts";
import { writeEverything } from "../store/workload.ts";

// Databases of older releases are written as those releases wrote them, and nothing else of them is touched.

const ADVICE = /: upgrade the database to keep them \(run `flowdeck db upgrade`/;

function open(path: string): Store {
  const store = openStore(storeUri(path));
  after(() => store.close());
  return store;
}

for (const release of RELEASES) {
  describe(`writing a database of mlflow ${release}`, { skip: withoutInterop }, () => {
    if (withoutInterop) return;
    const path = unpackStore(release);
    const before = stateOf(path);
    const store = open(path);

    it("keeps everything that the release can keep", async () => {
      const written = await writeEverything(store, release);
      const again = open(path);
      const run = await again.getRun({ run_id: written.run_id });
      assert.deepEqual(
        run.data.params.map(({ key, value }) => [key, value]),
        [
          ["lr", "1e-3"],
          ["empty", ""],
          ["a/b c", "für\nzwei Zeilen"],
        ],
      );
      const latest = new Map(run.data.metrics.map((one) => [one.key, [one.value, one.step]]));
      assert.deepEqual(latest.get("loss"), [Number.MAX_VALUE, 2]);
      assert.deepEqual(latest.get("deep/är"), [-Number.MAX_VALUE, 2 ** 40]);
      const history = await again.metricHistory({ run_id: written.run_id, metric_key: "loss" });
      assert.deepEqual(
        history.items.map(({ step, value }) => [step, value]),
        [
          [0, 0.5],
          [1, Number.NaN],
          [2, Number.MAX_VALUE],
          [-3, -1e300],
        ],
      );
      const kept = isSince(release, "2.9.2") ? ["wine"] : [];
      assert.deepEqual(
        run.inputs.dataset_inputs.map(({ dataset }) => dataset.name),
        kept,
      );
      const models = isSince(release, "3.1.4") ? [{ model_id: written.model_id, step: 4 }] : [];
      assert.deepEqual(run.outputs.model_outputs, models);
      const deleted = await again.getRun({ run_id: written.deleted_run_id });
      assert.equal(deleted.info.lifecycle_stage, "deleted");
      const model = await again.getRegisteredModel({ name: `model of ${release}` });
      assert.deepEqual(
        model.latest_versions.map(({ current_stage, version }) => [current_stage, version]),
        [
          ["Archived", "1"],
          ["Production", "2"],
        ],
      );
      assert.deepEqual(model.aliases, isSince(release, "2.3.2") ? [{ alias: "champion", version: "2" }] : []);
      await refuses(again.getRegisteredModel({ name: "to be deleted" }), "RESOURCE_DOES_NOT_EXIST", "not found");
    });

    it("refuses what the release did not keep, in one sentence that says what to do", async () => {
      const { experiment_id } = await store.createExperiment({ name: "refusing" });
      const { run_id } = (await store.createRun({ experiment_id })).info;
      const dataset = { name: "d", digest: "1", source_type: "local", source: "{}" };
      if (!isSince(release, "2.3.2")) {
        const alias = { name: `model of ${release}`, alias: "champion", version: "2" };
        await refuses(store.setRegisteredModelAlias(alias), "BAD_REQUEST", ADVICE);
      }
      if (!isSince(release, "2.9.2")) {
        const inputs = { run_id, datasets: [{ dataset, tags: [] }], models: [] };
        await refuses(store.logInputs(inputs), "BAD_REQUEST", ADVICE);
      }
      if (!isSince(release, "3.1.4")) {
        const model = { experiment_id, params: [], tags: [] };
        await refuses(store.createLoggedModel(model), "BAD_REQUEST", ADVICE);
        await refuses(store.logOutputs({ run_id, models: [{ model_id: "m-1", step: 0 }] }), "BAD_REQUEST", ADVICE);
        const metrics = [
          { key: "kept", value: 1, step: 0, timestamp: 1 },
          { key: "of a model", value: 1, step: 0, timestamp: 1, model_id: "m-1" },
        ];
        await refuses(store.logBatch({ run_id, metrics, params: [], tags: [] }), "BAD_REQUEST", ADVICE);
        assert.deepEqual((await store.getRun({ run_id })).data.metrics, [], "no half of a refused batch is kept");
      }
      if (!isSince(release, "3.6.0")) {
        const trace = { experiment_id, request_time: 1, trace_metadata: {}, tags: {} };
        await refuses(store.startRunningTrace?.(trace) ?? Promise.resolve(), "BAD_REQUEST", ADVICE);
      }
    });

    it("takes values as long as the release takes, and cuts or refuses longer ones as it does", async () => {
      const { experiment_id } = await store.createExperiment({ name: "limits" });
      const { run_id } = (await store.createRun({ experiment_id })).info;
      const param = isSince(release, "2.9.2") ? 6_000 : 500;
      const tag = isSince(release, "2.22.5") ? 8_000 : 5_000;
      const log = (key: string, extra: number) =>
        store.logBatch({
          run_id,
          metrics: [],
          params: [{ key, value: "p".repeat(param + extra) }],
          tags: [{ key, value: "t".repeat(tag + extra) }],
        });
      await log("full", 0);
      if (isSince(release, "2.14.3")) await log("cut", 1);
      else await refuses(log("cut", 1), "INVALID_PARAMETER_VALUE", "exceeds the maximum length");
      const { data } = await store.getRun({ run_id });
      const lengths = [...data.params, ...data.tags].filter(({ key }) => key === "full" || key === "cut");
      const kept = isSince(release, "2.14.3") ? [param, param, tag, tag] : [param, tag];
      assert.deepEqual(
        lengths.map(({ value }) => value.length),
        kept,
      );
    });

    it("leaves schema, revision and journal mode as they were, and a sound database", () => {
      const state = stateOf(path);
      assert.deepEqual(state, before);
      assert.deepEqual([state.integrity, state.foreignKeys], ["ok", []]);
    });
  });
}

describe("a database that is not as a release made it", { skip: withoutInterop }, () => {
  const change = (path: string, sql: string) => {
    const connection = openConnection(path, { busyTimeout: 1_000 });
    connection.exec(sql);
    connection.close();
  };

  it("of a known revision, but with another column, is read only", async () => {
    const path = unpackStore("2.9.2");
    change(path, "ALTER TABLE runs ADD COLUMN mood TEXT");
    const store = open(path);
    assert.equal(store.status().read_only, true);
    await refuses(store.createExperiment({ name: "x" }), "PERMISSION_DENIED", "acf3f17fdcc7");
    assert.ok((await store.searchExperiments({})).items.length > 0);
  });

  it("between two releases, with the columns of one of them, is written", async () => {
    const path = unpackStore("2.22.5");
    change(path, "UPDATE alembic_version SET version_num = 'f5a4f2784254'");
    const store = open(path);
    assert.equal(store.status().read_only, false);
    await store.createExperiment({ name: "x" });
  });

  it("with a table of somebody else is written", () => {
    const path = unpackStore("2.9.2");
    change(path, "CREATE TABLE shopping (item TEXT)");
    assert.equal(open(path).status().read_only, false);
  });

  it("is looked at again when another program upgrades it", async () => {
    const path = unpackStore("2.9.2");
    const store = open(path);
    await store.createExperiment({ name: "before" });
    change(path, "ALTER TABLE runs ADD COLUMN mood TEXT; UPDATE alembic_version SET version_num = 'f00d'");
    await refuses(store.createExperiment({ name: "after" }), "PERMISSION_DENIED", "f00d");
    assert.equal(store.status().read_only, true);
  });
});
