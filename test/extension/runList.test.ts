import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { RunList } from "../../src/extension/projects/view/runList.ts";
import { tagOf } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder, until } from "../support/environment.ts";

const NOTHING = { everything: false, experiment_ids: [], run_ids: [], models: false };

/** A store, a list over it, and how often each method was asked. */
function listOver() {
  const store = openStore(storeUri(join(temporaryFolder(), "mlflow.db")));
  const asked = { searchRuns: 0, getRun: 0 };
  /** What a search found is handed over when this is done. */
  const held = { until: Promise.resolve() };
  const list = new RunList({
    searchExperiments: (query) => store.searchExperiments(query),
    searchRuns: async (query) => {
      asked.searchRuns += 1;
      const found = await store.searchRuns(query);
      await held.until;
      return found;
    },
    getRun: (query) => {
      asked.getRun += 1;
      return store.getRun(query);
    },
  });
  const create = async (run_name: string, start_time: number, more: Record<string, string> = {}) => {
    const tags = Object.entries({ "mlflow.project.entryPoint": "main", ...more });
    const run = await store.createRun({
      experiment_id: "0",
      run_name,
      start_time,
      tags: tags.flatMap(([key, value]) => (value === "" ? [] : [{ key, value }])),
    });
    return run.info.run_id;
  };
  const names = () => list.runs.map(({ info }) => info.run_name);
  const changed = (...run_ids: string[]) => list.change({ ...NOTHING, experiment_ids: ["0"], run_ids });
  return { store, list, asked, held, create, names, changed };
}

test("the runs of projects are listed, latest first, but none that belongs to another run", async () => {
  const { store, list, create, names } = listOver();
  const parent = await create("sweep", 1, { "flowdeck.sweep": "{}" });
  await create("script", 2, { "mlflow.project.entryPoint": "" });
  for (let n = 0; n < 210; n += 1) await create(`point ${n}`, 10 + n, { "mlflow.parentRunId": parent });
  await create("main", 5);
  await list.load();
  deepEqual(names(), ["main", "sweep"]);
  store.close();
});

test("a change costs one question for each run that changed, and none for runs of others", async () => {
  const { store, list, asked, create, names, changed } = listOver();
  const first = await create("first", 1);
  await list.load();
  const searches = asked.searchRuns;
  const second = await create("second", 2);
  const script = await create("script", 3, { "mlflow.project.entryPoint": "" });
  await changed(second, script);
  deepEqual([names(), asked.getRun], [["second", "first"], 2]);
  await store.updateRun({ run_id: first, status: "FAILED" });
  await changed(first, script);
  deepEqual([list.run(first)?.info.status, asked.getRun], ["FAILED", 3]);
  await store.deleteRun({ run_id: first });
  await changed(first);
  deepEqual(names(), ["second"]);
  await store.restoreRun({ run_id: first });
  await changed(first);
  deepEqual(names(), ["second", "first"]);
  equal(asked.searchRuns, searches);
  store.close();
});

test("the runs below one are read when asked for, and followed from then on", async () => {
  const { store, list, create, changed } = listOver();
  const parent = await create("sweep", 1, { "flowdeck.sweep": "{}" });
  const child = (index: number) =>
    create(`point ${index}`, 2 + index, { "mlflow.parentRunId": parent, "flowdeck.sweep.index": String(index) });
  const zero = await child(0);
  await list.load();
  await changed(zero);
  equal(list.below(parent), undefined);
  const run = list.run(parent);
  ok(run !== undefined);
  deepEqual(
    (await list.readBelow(run)).map(({ info }) => info.run_id),
    [zero],
  );
  const one = await child(1);
  await store.updateRun({ run_id: zero, status: "FINISHED" });
  await changed(zero, one);
  deepEqual(
    list.below(parent)?.map((below) => [tagOf(below, "flowdeck.sweep.index"), below.info.status]),
    [
      ["0", "FINISHED"],
      ["1", "RUNNING"],
    ],
  );
  deepEqual(
    list.runs.map(({ info }) => info.run_id),
    [parent],
  );
  store.close();
});

test("what changes while runs are searched for is not overwritten by what the search found before", async () => {
  const { store, list, asked, held, create, changed } = listOver();
  const parent = await create("sweep", 1, { "flowdeck.sweep": "{}" });
  const child = await create("point 0", 2, { "mlflow.parentRunId": parent, "flowdeck.sweep.index": "0" });
  const whileSearching = async (search: () => Promise<unknown>, run_id: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.until = promise;
    const before = asked.searchRuns;
    const searched = search();
    await until("it is searched for", () => asked.searchRuns > before);
    // Reads of this store are answered in their order: the search has been answered.
    await store.getRun({ run_id });
    await store.updateRun({ run_id, status: "FINISHED" });
    const told = changed(run_id);
    await store.getRun({ run_id });
    resolve();
    await Promise.all([searched, told]);
  };
  await whileSearching(() => list.load(), parent);
  const run = list.run(parent);
  ok(run !== undefined);
  equal(run.info.status, "FINISHED");
  await whileSearching(() => list.readBelow(run), child);
  deepEqual(
    list.below(parent)?.map(({ info }) => info.status),
    ["FINISHED"],
  );
  store.close();
});

test("when everything changed, or an experiment alone, all is read anew", async () => {
  const { store, list, create, names } = listOver();
  await create("first", 1);
  await list.load();
  await create("second", 2);
  await list.change({ ...NOTHING, everything: true });
  deepEqual(names(), ["second", "first"]);
  await store.deleteExperiment({ experiment_id: "0" });
  await list.change({ ...NOTHING, experiment_ids: ["0"] });
  deepEqual(names(), []);
  store.close();
});
