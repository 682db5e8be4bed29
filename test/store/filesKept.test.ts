import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Page, Run } from "../../src/mlflow/entities.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { metric, nothing } from "./contractCases.ts";
import { open, withRun } from "./oneRun.ts";

describe("what a run has logged is read when it is first asked for", () => {
  /** A store that has answered with the newest of two runs, and has read no more of the other than its meta.yaml. */
  async function halfRead() {
    const { root, store: writer, experiment_id, folder } = await withRun();
    await writer.createRun({ experiment_id, run_name: "newest", start_time: 2 });
    writer.close();
    // What was written just now would be looked at again anyway.
    for (const path of readdirSync(root, { recursive: true })) utimesSync(join(root, String(path)), 1_000, 1_000);
    const store = open(root);
    const { items } = await store.searchRuns({ experiment_ids: [experiment_id], max_results: 1 });
    assert.equal(items[0]?.info.run_name, "newest");
    return { root, store, experiment_id, folder };
  }

  it("wherever its experiment was moved meanwhile, also by one who asked while it was gone", async () => {
    const { root, store, experiment_id } = await halfRead();
    const query = { experiment_ids: [experiment_id] };
    const found = await store.searchRuns(query);
    renameSync(join(root, experiment_id), join(root, ".trash", experiment_id));
    const gone = found.items.map(({ data: { params, tags, metrics } }) => [params, tags, metrics]);
    assert.deepEqual(gone, [
      [[], [], []],
      [[], [], []],
    ]);
    const { items } = await store.searchRuns({ ...query, filter: "params.p = '1'" });
    assert.deepEqual(
      items.map(({ data }) => [data.params, data.metrics.map(({ value }) => value)]),
      [[[{ key: "p", value: "1" }], [1]]],
    );
  });

  for (const name of ["params", "tags", "metrics"]) {
    it(`not through a link that has taken the place of ${name}`, async () => {
      const { store, experiment_id, folder } = await halfRead();
      const outside = join(temporaryFolder(), name);
      mkdirSync(outside);
      for (const key of ["p", "loss", "mlflow.runName"]) writeFileSync(join(outside, key), "7 7 7");
      rmSync(join(folder, name), { recursive: true });
      symlinkSync(outside, join(folder, name));
      const filter = {
        params: "params.p = '7 7 7'",
        tags: "tags.mlflow.runName = '7 7 7'",
        metrics: "metrics.loss = 7",
      };
      const found = await store.searchRuns({ experiment_ids: [experiment_id], filter: Reflect.get(filter, name) });
      assert.deepEqual(found.items, []);
    });
  }
});

describe("what was read is kept outside the folder", () => {
  /** A store of 60 runs, read and closed, so that its cache is written. */
  async function kept() {
    const cacheFolder = join(temporaryFolder(), "cache");
    const { root, store, experiment_id, run_id, folder } = await withRun({ cacheFolder });
    for (let i = 1; i < 60; i++) await store.createRun({ experiment_id, run_name: `run-${i}`, start_time: 10 + i });
    await store.logBatch({ ...nothing, run_id, metrics: [metric("odd", Number.NaN), metric("zero", -0)] });
    readAll(await store.searchRuns({ experiment_ids: [experiment_id] }));
    store.close();
    return { root, cacheFolder, experiment_id, run_id, folder };
  }

  it("and answers the same in the next session, also after changes in between", async () => {
    const { root, cacheFolder, experiment_id, run_id, folder } = await kept();
    assert.equal(readdirSync(root).filter((name) => name !== ".trash" && !/^\d+$/.test(name)).length, 0);
    assert.equal(readdirSync(cacheFolder).length, 1);
    writeFileSync(join(folder, "tags", "mlflow.note.content"), "later");
    writeFileSync(join(folder, "metrics", "loss"), "5 7.5 9\n", { flag: "a" });
    const store = open(root, { cacheFolder });
    const fresh = open(root);
    const query = { experiment_ids: [experiment_id] };
    assert.deepEqual(await store.searchRuns(query), await fresh.searchRuns(query));
    const run = await store.getRun({ run_id });
    assert.deepEqual(Object.fromEntries(run.data.metrics.map(({ key, value }) => [key, value])), {
      loss: 7.5,
      odd: Number.NaN,
      zero: -0,
    });
  });

  it("while the store is open, once whoever asked has the answer", async () => {
    const { root, cacheFolder, experiment_id } = await kept();
    rmSync(cacheFolder, { recursive: true });
    const store = open(root, { cacheFolder });
    await store.searchRuns({ experiment_ids: [experiment_id], max_results: 1 });
    await until("the cache", () => cachedIn(cacheFolder).length > 0);
    store.close();
  });

  it("but of runs that nobody has asked for nothing, and is waited for by nobody who closes", async () => {
    const { root, cacheFolder, experiment_id } = await kept();
    rmSync(cacheFolder, { recursive: true });
    const store = open(root, { cacheFolder });
    readAll(await store.searchRuns({ experiment_ids: [experiment_id], max_results: 3 }));
    store.close();
    const [file = ""] = cachedIn(cacheFolder);
    assert.equal(JSON.parse(readFileSync(file, "utf8")).kept.length, 3);
  });

  it("but nothing of runs whose experiment was moved before they were read", async () => {
    const { root, cacheFolder, experiment_id } = await kept();
    const query = { experiment_ids: [experiment_id] };
    const { items: before } = await open(root).searchRuns(query);
    const expected = before.map(contentOf);
    rmSync(cacheFolder, { recursive: true });
    const store = open(root, { cacheFolder });
    readAll(await store.searchRuns({ ...query, max_results: 1 }));
    renameSync(join(root, experiment_id), join(root, ".trash", experiment_id));
    await until("the cache", () => cachedIn(cacheFolder).length > 0);
    assert.deepEqual((await store.searchRuns(query)).items.map(contentOf), expected);
    store.close();
    const later = open(root, { cacheFolder });
    assert.deepEqual((await later.searchRuns(query)).items.map(contentOf), expected);
  });

  it("a broken cache is passed over", async () => {
    const { root, cacheFolder, experiment_id } = await kept();
    const [inner = ""] = readdirSync(cacheFolder);
    for (const file of readdirSync(join(cacheFolder, inner))) {
      for (const text of ["", "{", '{"format":1,"kept":3}', '{"format":99}']) {
        writeFileSync(join(cacheFolder, inner, file), text);
        const store = open(root, { cacheFolder });
        assert.equal((await store.searchRuns({ experiment_ids: [experiment_id] })).items.length, 60);
      }
    }
  });
});

/** Files of runs that are kept there. */
function cachedIn(cacheFolder: string): string[] {
  if (!existsSync(cacheFolder)) return [];
  const paths = readdirSync(cacheFolder, { recursive: true }).map(String);
  return paths.filter((path) => path.endsWith(".json")).map((path) => join(cacheFolder, path));
}

const contentOf = ({ info: { run_id }, data: { params, tags, metrics } }: Run) => ({ run_id, params, tags, metrics });

/** What whoever sends an answer does: it reads all that the runs have logged. */
function readAll({ items }: Page<Run>): void {
  assert.ok(items.map(contentOf).length > 0);
}
