import assert from "node:assert/strict";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { StoreChange } from "../../src/protocol/changes.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";

/** In ms, three times the goal: a machine that is busy is no fault of the watch. */
const SOON = 3_000;

/** A store that is watched, and what its watch told; writers are other connections. */
async function watched(folder = temporaryFolder()) {
  const path = join(folder, "mlflow.db");
  const writer = openStore(storeUri(path));
  const { info } = await writer.createRun({ experiment_id: "0", run_name: "seen" });
  const reader = openStore(storeUri(path), { readonly: true });
  const changes: StoreChange[] = [];
  reader.onChange((change) => changes.push(change));
  closeAfter(writer, reader);
  // What changes in place is found by comparing: the first change tells that the watch has seen this run.
  await until("the watch's first notes", async () => {
    await writer.setTag({ run_id: info.run_id, key: "probe", value: String(Date.now()) });
    return changes.some(({ run_ids }) => run_ids.includes(info.run_id));
  });
  changes.length = 0;
  return { path, writer, reader, changes, run_id: info.run_id };
}

const stores: Store[] = [];
after(() => {
  for (const store of stores) store.close();
});
function closeAfter(...more: Store[]): void {
  stores.push(...more);
}

/** Waits for a change that names the run. */
function named(changes: StoreChange[], run_id: string): Promise<StoreChange> {
  return until("a change of the run", () => changes.find((change) => change.run_ids.includes(run_id)), SOON);
}

describe("a watched store tells within a second", () => {
  it("new metric points, of the run they belong to", async () => {
    const { writer, changes, run_id } = await watched();
    await writer.logBatch({ run_id, metrics: [{ key: "m", value: 1, step: 0, timestamp: 1 }], params: [], tags: [] });
    assert.deepEqual(await named(changes, run_id), {
      everything: false,
      experiment_ids: ["0"],
      run_ids: [run_id],
      models: false,
    });
  });

  it("a new run, a status and a tag changed in place", async () => {
    const { writer, changes, run_id } = await watched();
    await writer.updateRun({ run_id, status: "FINISHED", end_time: 5 });
    await named(changes, run_id);
    changes.length = 0;
    await writer.setTag({ run_id, key: "note", value: "one" });
    await named(changes, run_id);
    changes.length = 0;
    await writer.setTag({ run_id, key: "note", value: "two" });
    await named(changes, run_id);
    const { info } = await writer.createRun({ experiment_id: "0" });
    await named(changes, info.run_id);
  });

  it("a write of another program's own SQLite connection", async () => {
    const { path, changes, run_id } = await watched();
    const foreign = openConnection(path, { busyTimeout: 1_000 });
    foreign.exec(`UPDATE runs SET lifecycle_stage = 'deleted' WHERE run_uuid = '${run_id}'`);
    foreign.close();
    await named(changes, run_id);
  });

  it("a new name of an experiment, and models", async () => {
    const { writer, changes } = await watched();
    const { experiment_id } = await writer.createExperiment({ name: "later" });
    await until("the experiment", () => changes.some((change) => change.experiment_ids.includes(experiment_id)), SOON);
    await writer.createRegisteredModel({ name: "net" });
    await until("the model", () => changes.some(({ models }) => models), SOON);
  });

  it("that the file appeared, vanished and was replaced", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "mlflow.db");
    const reader = openStore(storeUri(path), { readonly: true });
    closeAfter(reader);
    const states: string[] = [];
    const changes: StoreChange[] = [];
    reader.onStatus(({ state }) => states.push(state));
    reader.onChange((change) => changes.push(change));
    assert.equal(reader.status().state, "absent");
    const { writer, run_id } = await watched(folder);
    await until("appearing", () => states.at(-1) === "open" && changes.some(({ everything }) => everything), SOON);
    assert.equal((await reader.getRun({ run_id })).info.run_name, "seen");
    writer.close();
    renameSync(path, `${path}.old`);
    for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
    await until("vanishing", () => states.at(-1) === "absent", SOON);
    assert.equal((await reader.searchRuns({ experiment_ids: ["0"] })).items.length, 0);
  });

  it("any letter of a tag", async () => {
    const { writer, changes, run_id } = await watched();
    const note = "a note of some length about nothing at all";
    await writer.setTag({ run_id, key: "mlflow.note.content", value: note });
    await named(changes, run_id);
    for (const at of [3, 9, 17, 30]) {
      changes.length = 0;
      await writer.setTag({ run_id, key: "mlflow.note.content", value: `${note.slice(0, at)}X${note.slice(at + 1)}` });
      await named(changes, run_id);
    }
    await writer.createRegisteredModel({ name: "tagged", tags: [{ key: "version", value: "1.2.3" }] });
    await until("the model", () => changes.some(({ models }) => models), SOON);
    changes.length = 0;
    await writer.setRegisteredModelTag({ name: "tagged", key: "version", value: "1.3.3" });
    await until("the model's tag", () => changes.some(({ models }) => models), SOON);
  });

  it("that the file was replaced by something else", async () => {
    const { path, reader, writer } = await watched();
    const states: string[] = [];
    reader.onStatus(({ state }) => states.push(state));
    writer.close();
    writeFileSync(`${path}.new`, "this is not a database".repeat(500));
    renameSync(`${path}.new`, path);
    await until("the problem", () => states.at(-1) === "unreadable", SOON);
    rmSync(path);
    symlinkSync(path, path);
    await until("still a problem", () => reader.status().problem?.includes("permissions"), SOON);
  });

  it("what was committed while the database was locked to it", async () => {
    const path = join(temporaryFolder(), "mlflow.db");
    const writer = openStore(storeUri(path));
    await writer.createRegisteredModel({ name: "wine" });
    writer.close();
    // As mlflow makes its databases: there nobody reads while somebody commits.
    const other = openConnection(path, { busyTimeout: SOON });
    other.prepare("PRAGMA journal_mode = DELETE").get();
    const reader = openStore(storeUri(path), { readonly: true });
    const changes: StoreChange[] = [];
    reader.onChange((change) => changes.push(change));
    closeAfter(reader);
    const touch = other.prepare("UPDATE registered_models SET last_updated_time = last_updated_time + 1");
    await until("the watch's first notes", () => {
      touch.run();
      return changes.some(({ models }) => models);
    });
    for (let times = 0; times < 3; times += 1) {
      changes.length = 0;
      other.prepare("BEGIN EXCLUSIVE").run();
      touch.run();
      const began = Date.now();
      await until("two looks of the watch", () => Date.now() - began > 450);
      other.prepare("COMMIT").run();
      await until("the change", () => changes.some(({ models, everything }) => models || everything), SOON);
    }
    other.close();
  });

  it("one change of one write, and nothing of what is only read", async () => {
    const { writer, changes, reader } = await watched();
    for (let reads = 0; reads < 20; reads++) await reader.searchExperiments({});
    const { experiment_id } = await writer.createExperiment({ name: "first" });
    const ofIt = () => changes.filter((change) => change.experiment_ids.includes(experiment_id)).length;
    await until("the first write", () => ofIt() > 0, SOON);
    const { experiment_id: second } = await writer.createExperiment({ name: "second" });
    await until("the second write", () => changes.some((change) => change.experiment_ids.includes(second)), SOON);
    assert.equal(ofIt(), 1);
    assert.ok(changes.every(({ everything, models }) => !everything && !models));
  });
});
