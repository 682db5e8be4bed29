import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type Connection, openConnection, SqlError } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqliteStore.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/environment.ts";
import { metric, newRun, nothing, refuses } from "./contractCases.ts";

/** A store over a new database, what it committed, and a second connection that sees what is committed. */
interface Bench {
  store: Store;
  commits: string[];
  look: Connection;
  /** Called before each COMMIT. */
  beforeCommit: () => void;
}

/** Groups are ended by no clock unless `longestGroup` (ms) says so: how many commits there are is no matter of the machine. */
async function bench(lockWait = 1_000, longestGroup = Number.POSITIVE_INFINITY): Promise<Bench> {
  const path = join(temporaryFolder(), "mlflow.db");
  const hooks = { commits: [] as string[], beforeCommit: () => undefined as void };
  let writing = false;
  const connect: typeof openConnection = (file, options) => {
    const connection = openConnection(file, options);
    const exec = (sql: string) => {
      if (sql.startsWith("BEGIN")) writing = sql === "BEGIN IMMEDIATE";
      const commits = writing && sql === "COMMIT";
      if (commits) hooks.beforeCommit();
      connection.exec(sql);
      if (commits) hooks.commits.push(sql);
    };
    return { ...connection, exec };
  };
  const store = openSqliteStore({ path, uri: `sqlite:///${path}`, lockWait, connect, longestGroup });
  await store.createExperiment({ name: "first" });
  const look = openConnection(path, { busyTimeout: 0 });
  after(() => {
    look.close();
    store.close();
  });
  return Object.assign(hooks, { store, look });
}

function points(look: Connection): string[] {
  const rows = look.prepare<[], { key: string }>("SELECT key FROM metrics ORDER BY rowid").all();
  return rows.map(({ key }) => key);
}

const outcome = (call: Promise<unknown>) => call.then(() => "done").catch((error: Error) => error.message);

describe("writes that arrive together", () => {
  it("share one commit, in the order in which they came", async () => {
    const { store, commits, look } = await bench();
    const run_id = await newRun(store, "0");
    commits.length = 0;
    const keys = ["a", "b", "c", "d", "e"];
    await Promise.all(keys.map((key) => store.logBatch({ ...nothing, run_id, metrics: [metric(key, 1)] })));
    assert.deepEqual(points(look), keys);
    assert.equal(commits.length, 1);
  });

  it("are committed in parts when they take longer than others can wait", async () => {
    const { store, commits, look } = await bench(1_000, 0);
    const run_id = await newRun(store, "0");
    commits.length = 0;
    const keys = ["a", "b", "c", "d", "e"];
    await Promise.all(keys.map((key) => store.logBatch({ ...nothing, run_id, metrics: [metric(key, 1)] })));
    assert.deepEqual(points(look), keys);
    assert.equal(commits.length, keys.length);
  });

  it("are undone one by one when they are refused; their neighbours are written", async () => {
    const { store, look, commits } = await bench();
    const run_id = await newRun(store, "0");
    await store.logBatch({ ...nothing, run_id, params: [{ key: "p", value: "1" }] });
    commits.length = 0;
    const log = (key: string, value: string) =>
      outcome(store.logBatch({ run_id, metrics: [metric(key, 1)], params: [{ key: "p", value }], tags: [] }));
    const outcomes = await Promise.all([
      log("before", "1"),
      outcome(store.setTag({ run_id: "f".repeat(32), key: "k", value: "v" })),
      log("refused", "2"),
      log("after", "1"),
    ]);
    assert.deepEqual(
      [outcomes[0], outcomes[1], outcomes[3]],
      ["done", `Run with id=${"f".repeat(32)} not found`, "done"],
    );
    assert.match(outcomes[2] ?? "", /^Changing param values is not allowed/);
    assert.deepEqual(points(look), ["before", "after"]);
    assert.equal(commits.length, 1);
  });

  it("fail together when the commit fails, and leave the database unchanged", async () => {
    const made = await bench();
    const { store, look } = made;
    const run_id = await newRun(store, "0");
    made.beforeCommit = () => {
      throw new SqlError("full", "database or disk is full");
    };
    const log = (key: string) => outcome(store.logBatch({ ...nothing, run_id, metrics: [metric(key, 1)] }));
    const full = "`mlflow.db` cannot be written: the disk is full.";
    assert.deepEqual(await Promise.all([log("a"), log("b")]), [full, full]);
    assert.deepEqual(points(look), []);
    made.beforeCommit = () => undefined;
    assert.deepEqual(await Promise.all([log("c"), log("d")]), ["done", "done"]);
    assert.deepEqual(points(look), ["c", "d"]);
  });

  it("are answered after the commit, which others see by then", async () => {
    const made = await bench();
    const { store, look } = made;
    const run_id = await newRun(store, "0");
    let answered = 0;
    made.beforeCommit = () => assert.equal(answered, 0);
    const log = async (key: string) => {
      await store.logBatch({ ...nothing, run_id, metrics: [metric(key, 1)] });
      answered += 1;
      assert.deepEqual(points(look), ["a", "b"]);
    };
    await Promise.all([log("a"), log("b")]);
    assert.equal(answered, 2);
  });

  it("are seen by no read before they are committed", async () => {
    const { store } = await bench();
    const run_id = await newRun(store, "0");
    const written = store.logBatch({ ...nothing, run_id, metrics: [metric("a", 1)] });
    assert.deepEqual((await store.getRun({ run_id })).data.metrics, []);
    await written;
    assert.equal((await store.getRun({ run_id })).data.metrics.length, 1);
  });
});

it("the log that grew while another program read is cut when that program is done", async () => {
  const { store, look } = await bench();
  const run_id = await newRun(store, "0");
  const log = `${look.prepare<[], { file: string }>("PRAGMA database_list").get()?.file}-wal`;
  look.exec("BEGIN; SELECT count(*) FROM runs");
  assert.deepEqual(points(look), []);
  const value = "x".repeat(8_000);
  for (let i = 0; i < 24; i++) {
    const tags = Array.from({ length: 100 }, (_, n) => ({ key: `tag ${i} ${n}`, value }));
    await store.logBatch({ ...nothing, run_id, tags });
  }
  assert.ok(statSync(log).size > 17_000_000);
  look.exec("COMMIT");
  for (const value of ["1", "2", "3"]) await store.setTag({ run_id, key: "after", value });
  assert.ok(statSync(log).size <= 16 * 1024 * 1024);
});

describe("another program's lock", () => {
  it("is waited for while reads go on, and everything is written once it is gone", async () => {
    const { store, look } = await bench(10_000);
    const run_id = await newRun(store, "0");
    look.exec("BEGIN IMMEDIATE");
    const log = (key: string) => store.logBatch({ ...nothing, run_id, metrics: [metric(key, 1)] });
    const written = Promise.all([log("a"), log("b")]);
    assert.equal((await store.getRun({ run_id })).data.metrics.length, 0);
    const end = performance.now() + 200;
    // Several attempts meet the lock, and each lets a read pass.
    while (performance.now() < end) assert.equal((await store.searchRuns({ experiment_ids: ["0"] })).items.length, 1);
    look.exec("ROLLBACK");
    await written;
    assert.deepEqual(points(look), ["a", "b"]);
  });

  it("is waited for no longer than each call may wait", async () => {
    const { store, look } = await bench(120);
    const run_id = await newRun(store, "0");
    look.exec("BEGIN IMMEDIATE");
    await refuses(store.setTag({ run_id, key: "k", value: "v" }), "TEMPORARILY_UNAVAILABLE", "database is locked");
    look.exec("ROLLBACK");
    await store.setTag({ run_id, key: "k", value: "v" });
  });

  it("of a rollback journal's readers delays the commit and loses nothing", async () => {
    const { store, look } = await bench(10_000);
    const run_id = await newRun(store, "0");
    store.close();
    look.exec("PRAGMA journal_mode = DELETE");
    const path = look.prepare<[], { file: string }>("PRAGMA database_list").get()?.file ?? "";
    const again = openSqliteStore({ path, uri: `sqlite:///${path}`, lockWait: 10_000 });
    after(() => again.close());
    look.exec("BEGIN; SELECT count(*) FROM runs");
    assert.equal(points(look).length, 0);
    const written = Promise.all(
      ["a", "b"].map((key) => again.logBatch({ ...nothing, run_id, metrics: [metric(key, 1)] })),
    );
    assert.equal(
      await Promise.race([written.then(() => "written"), again.getRun({ run_id }).then(() => "read")]),
      "read",
    );
    look.exec("COMMIT");
    await written;
    assert.deepEqual(points(look), ["a", "b"]);
  });
});
