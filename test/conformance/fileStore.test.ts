import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { openStore } from "../../src/store/open.ts";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { runPython, startPython } from "../support/python.ts";

// `mlruns` folders shared with an unmodified mlflow 3.17: it opens what we wrote, we read what it writes.

const skip = skipWithout(findPython(), "Python with mlflow");
const uriOf = (folder: string) => pathToFileURL(join(folder, "mlruns")).href;

describe("mlflow 3.17 and an mlruns folder of ours", { skip }, () => {
  it("Python finds in it what we wrote", async () => {
    const folder = temporaryFolder();
    const uri = uriOf(folder);
    const store = openStore(uri);
    const { experiment_id } = await store.createExperiment({
      name: "yes: #1 'ä'",
      tags: [{ key: "t", value: "true" }],
    });
    const run = await store.createRun({ experiment_id, run_name: "null", user_id: "1e3", start_time: 5 });
    const { run_id } = run.info;
    const values = [0.1, 1e16, -0, 5e-324, Number.NaN, Number.NEGATIVE_INFINITY, 1e-5];
    const metrics = values.map((value, step) => ({ key: "val/m", value, step, timestamp: 10 + step }));
    const params = [
      { key: "a b/c", value: " padded\n" },
      { key: "none", value: "None" },
    ];
    await store.logBatch({ run_id, metrics, params, tags: [{ key: "mlflow.note.content", value: "- *ä*\n" }] });
    const dataset = { name: "wine", digest: "d1", source_type: "local", source: '{"uri": "x"}', schema: "{}" };
    const tags = [{ key: "mlflow.data.context", value: "train" }];
    await store.logInputs({ run_id, datasets: [{ dataset, tags }], models: [] });
    const logged = await store.createLoggedModel({
      experiment_id,
      name: "net",
      source_run_id: run_id,
      params: [{ key: "p", value: "1" }],
      tags: [{ key: "t", value: "2" }],
    });
    const { model_id } = logged.info;
    await store.finalizeLoggedModel({ model_id, status: "LOGGED_MODEL_READY" });
    await store.logOutputs({ run_id, models: [{ model_id, step: 3 }] });
    await store.logBatch({
      run_id,
      params: [],
      tags: [],
      metrics: [{ key: "acc", value: 0.5, step: 0, timestamp: 1, model_id }],
    });
    await store.updateRun({ run_id, status: "KILLED", end_time: 99 });
    const second = await store.createRun({ experiment_id, run_name: "gone", start_time: 4 });
    await store.deleteRun({ run_id: second.info.run_id });
    const old = await store.createExperiment({ name: "old" });
    await store.deleteExperiment({ experiment_id: old.experiment_id });
    await store.createRegisteredModel({ name: "Net", description: "a: b", tags: [{ key: "k", value: "v" }] });
    for (const source of ["/a", `models:/${model_id}`]) await store.createModelVersion({ name: "Net", source });
    await store.setModelVersionTag({ name: "Net", version: "2", key: "x", value: "y" });
    await store.setRegisteredModelAlias({ name: "Net", alias: "best", version: "2" });
    await store.transitionModelVersionStage({
      name: "Net",
      version: "1",
      stage: "Staging",
      archive_existing_versions: false,
    });
    await store.renameRegisteredModel({ name: "Net", new_name: "Netz" });

    const told: unknown = JSON.parse(await runPython("fileStore.py", ["tell"], uri, folder));
    assert.deepEqual(told, {
      experiments: [
        ["old", "deleted", {}],
        ["yes: #1 'ä'", "active", { t: "true" }],
        ["Default", "active", {}],
      ],
      runs: [
        {
          name: "null",
          status: "KILLED",
          stage: "active",
          times: [5, 99],
          user: "1e3",
          params: { "a b/c": " padded\n", none: "None" },
          tags: { "mlflow.note.content": "- *ä*\n", "mlflow.runName": "null" },
          metrics: { acc: "0.5", "val/m": "1e-05" },
          history: [
            [1, 0, "0.5"],
            ...["0.1", "1e+16", "-0.0", "5e-324", "nan", "-inf", "1e-05"].map((text, step) => [10 + step, step, text]),
          ],
          datasets: [["wine", "d1", { "mlflow.data.context": "train" }]],
          outputs: [[model_id, 3]],
        },
        {
          name: "gone",
          status: "RUNNING",
          stage: "deleted",
          times: [4, null],
          user: "",
          params: {},
          tags: { "mlflow.runName": "gone" },
          metrics: {},
          history: [],
          datasets: [],
          outputs: [],
        },
      ],
      models: [
        [
          "Netz",
          "a: b",
          { k: "v" },
          { best: "2" },
          [
            [1, "Staging"],
            [2, "None"],
          ],
        ],
      ],
      versions: [
        ["Netz", 2, `models:/${model_id}`, run_id, { x: "y" }],
        ["Netz", 1, "/a", null, {}],
      ],
      logged: [["net", "READY", { t: "2" }, { p: "1" }, [["acc", 0.5, run_id]]]],
    });
  });

  it("while Python writes, every answer is whole, and in the end everything is there", async () => {
    const folder = temporaryFolder();
    const uri = uriOf(folder);
    const store = openStore(uri);
    const ended: string[] = [];
    startPython("fileStore.py", ["write", "12"], uri, (line) => ended.push(line));
    let looks = 0;
    await until("twelve runs", async () => {
      const experiments = await store.searchExperiments({});
      const experiment_ids = experiments.items.map(({ experiment_id }) => experiment_id);
      const { items } = await store.searchRuns({ experiment_ids });
      for (const { info, data } of items) {
        looks++;
        assert.match(info.run_name, /^run \d+$/);
        // Points come in order, so the latest has the value of its step.
        const loss = data.metrics.find(({ key }) => key === "loss/train");
        if (loss !== undefined) assert.equal(loss.value, 1 / (loss.step + 1));
      }
      return ended.length === 12;
    });
    assert.ok(looks > 12);
    for (const [number, run_id] of ended.entries()) {
      const { info, data } = await store.getRun({ run_id });
      assert.deepEqual([info.run_name, info.status, info.end_time], [`run ${number}`, "FINISHED", 9_000 + number]);
      assert.deepEqual(data.params, [
        { key: "empty", value: "" },
        { key: "lr/first", value: String(number) },
      ]);
      assert.equal(data.tags.find(({ key }) => key === "k")?.value, "ä\nb");
      assert.equal((await store.metricHistory({ run_id, metric_key: "loss/train" })).items.length, 20);
    }
    const page = await until("the last status", async () => {
      const { items } = await store.searchRuns({
        experiment_ids: [String((await store.getRun({ run_id: ended[0] ?? "" })).info.experiment_id)],
        filter: "status = 'FINISHED'",
      });
      return items.length === 12 ? items : undefined;
    });
    assert.equal(page.length, 12);
  });
});
