import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { after, describe, it } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { NEWEST_HEAD } from "../../src/store/sqlite/heads.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";
import type { Store } from "../../src/store/store.ts";
import { upgradeWith } from "../../src/store/sqlite/upgrade.ts";
import { upgradeStore } from "../../src/store/upgrade.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";
import { refuses } from "../store/contractCases.ts";
import { rowsOf } from "../store/databaseRows.ts";
import { RELEASES, stateOf, unpackStore, withoutInterop } from "../store/interopStores.ts";
import { writeEverything } from "../store/workload.ts";

function open(path: string): Store {
  const store = openStore(storeUri(path));
  after(() => store.close());
  return store;
}

function change(path: string, sql: string): void {
  const connection = openConnection(path, { busyTimeout: 1_000 });
  connection.exec(sql);
  connection.close();
}

/** What a store shows of everything in it. */
async function shown(store: Store) {
  const { items: experiments } = await store.searchExperiments({ view_type: "ALL" });
  const experiment_ids = experiments.map(({ experiment_id }) => experiment_id);
  return {
    experiments,
    runs: (await store.searchRuns({ experiment_ids, run_view_type: "ALL" })).items,
    models: (await store.searchRegisteredModels({})).items,
    versions: (await store.searchModelVersions({})).items,
    logged: (await store.searchLoggedModels({ experiment_ids })).items,
  };
}

const files = (path: string) => readdirSync(dirname(path)).filter((name) => name.startsWith(basename(path)));

describe("upgrading a database", { skip: withoutInterop }, () => {
  if (withoutInterop) return;
  for (const release of RELEASES.filter((one) => one !== "3.17.2")) {
    it(`of mlflow ${release} makes mlflow 3.17.2's of it and keeps every row`, async () => {
      const path = unpackStore(release);
      const store = open(path);
      await writeEverything(store, release);
      const before = await shown(store);
      const original = rowsOf(path);
      const fresh = `${temporaryFolder()}/fresh.db`;
      createDatabase(fresh, "/artifacts");
      const said = await upgradeStore(storeUri(path));
      assert.match(said, /has the schema of mlflow 3\.17\.2 \(dc11669786a5\) now; it was that of mlflow /);
      const { schema, ...state } = stateOf(path);
      const sound = { revision: NEWEST_HEAD.revision, journal: "delete", integrity: "ok", foreignKeys: [] };
      assert.deepEqual(state, sound);
      const names = (lines: string[]) => lines.map((line) => line.split(" ").slice(0, 2).join(" "));
      assert.deepEqual(names(schema), names(stateOf(fresh).schema));
      const backup = files(path).find((name) => name.endsWith(".backup")) ?? "";
      assert.ok(said.includes(backup));
      assert.deepEqual(rowsOf(`${dirname(path)}/${backup}`), original);
      // Through the store that was open all the while, and has other statements from here on.
      assert.deepEqual(await shown(store), before);
      assert.equal(store.status().read_only, false);
      const { experiment_id } = await store.createExperiment({ name: "after" });
      await store.createLoggedModel({ experiment_id, name: "kept", params: [], tags: [] });
      assert.equal((await store.searchLoggedModels({ experiment_ids: [experiment_id] })).items.length, 1);
    });
  }

  it("that is up to date changes nothing and leaves no backup", async () => {
    const path = unpackStore("3.17.2");
    const bytes = readFileSync(path);
    assert.match(await upgradeStore(storeUri(path)), /is at revision dc11669786a5 already/);
    assert.ok(readFileSync(path).equals(bytes));
    assert.deepEqual(files(path), ["mlflow.db"]);
  });

  it("keeps the journal mode, the permissions, and tables and indexes of somebody else", async () => {
    const path = unpackStore("2.14.3");
    change(path, "PRAGMA journal_mode = WAL; CREATE TABLE shopping (item TEXT); CREATE INDEX mine ON runs (status)");
    await upgradeStore(storeUri(path));
    const { journal, schema } = stateOf(path);
    assert.equal(journal, "wal");
    assert.ok(schema.includes("table shopping CREATE TABLE shopping (item TEXT)"));
    assert.ok(schema.includes("index mine CREATE INDEX mine ON runs (status)"));
    const backup = files(path).find((name) => name.endsWith(".backup")) ?? "";
    assert.equal(statSync(`${dirname(path)}/${backup}`).mode, statSync(path).mode);
  });

  it("that goes wrong leaves the database byte for byte as it was, and no backup", async () => {
    const path = unpackStore("2.22.5");
    change(path, "CREATE VIEW workspaces AS SELECT 1");
    const before = rowsOf(path);
    const state = stateOf(path);
    await assert.rejects(upgradeStore(storeUri(path)), /workspaces/);
    assert.deepEqual([rowsOf(path), stateOf(path)], [before, state]);
    assert.deepEqual(files(path), ["mlflow.db"]);
  });

  it("of a revision that is not known is refused with what to do", async () => {
    const path = unpackStore("2.22.5");
    change(path, "UPDATE alembic_version SET version_num = 'f00d'");
    await refuses(upgradeStore(storeUri(path)), "INVALID_STATE", "use that MLflow's `mlflow db upgrade`");
    assert.deepEqual(files(path), ["mlflow.db"]);
  });

  it("is refused while another program writes", async () => {
    const path = unpackStore("2.9.2");
    const other = openConnection(path, { busyTimeout: 0 });
    after(() => other.close());
    other.exec("BEGIN IMMEDIATE");
    await refuses(upgradeStore(storeUri(path)), "TEMPORARILY_UNAVAILABLE", "database is locked");
    assert.deepEqual(files(path), ["mlflow.db"]);
  });

  const linux = process.platform === "linux" ? false : "only Linux tells which programs have a file open";
  it("is refused while another program has the file open", { skip: linux }, async () => {
    const path = unpackStore("2.9.2");
    const holder = spawn("tail", ["-f", path], { stdio: ["ignore", "pipe", "ignore"] });
    whenOver(() => holder.kill("SIGKILL"));
    // It has printed the file's end: it has it open.
    await once(holder.stdout, "data");
    const words = /is open in another program \(tail, process \d+\): stop it, then upgrade\./;
    await refuses(upgradeStore(storeUri(path)), "RESOURCE_CONFLICT", words);
  });

  const failing = (path: string, work: () => Promise<void> | void) =>
    assert.rejects(
      upgradeWith(path, async () => {
        await work();
        throw new Error("no such option");
      }),
      /no such option/,
    );

  it("by an mlflow that fails before it changes anything takes back nothing that was written meanwhile", async () => {
    const path = unpackStore("2.22.5");
    await failing(path, () =>
      change(path, "INSERT INTO experiment_tags (key, value, experiment_id) VALUES ('k', 'v', 0)"),
    );
    const { tags } = await open(path).getExperiment({ experiment_id: "0" });
    assert.ok(tags.some(({ key }) => key === "k"));
    assert.deepEqual(files(path), ["mlflow.db"]);
  });

  it("by an mlflow that fails half way puts the database back in its journal mode, and then writes that waited", async () => {
    const path = unpackStore("2.22.5");
    change(path, "PRAGMA journal_mode = WAL");
    const before = stateOf(path);
    writeFileSync(`${path}.restored`, "mine");
    const store = open(path);
    store.status();
    let writing: Promise<unknown> | undefined;
    await failing(path, async () => {
      writing = store.setExperimentTag({ experiment_id: "0", key: "k", value: "v" });
      await Promise.race([writing, new Promise((resolve) => setImmediate(() => setImmediate(resolve)))]);
      change(path, "CREATE TABLE half (done TEXT)");
    });
    await writing;
    assert.deepEqual(stateOf(path), before);
    assert.equal(readFileSync(`${path}.restored`, "utf8"), "mine");
    const { tags } = await open(path).getExperiment({ experiment_id: "0" });
    assert.ok(tags.some(({ key }) => key === "k"));
  });

  it("by an mlflow that fails and cannot be undone tells where the database is as it was", async () => {
    const path = unpackStore("2.22.5");
    const backup = `${path}.${String(stateOf(path).revision)}.backup`;
    const spoilt = upgradeWith(path, async () => {
      change(path, "CREATE TABLE half (done TEXT)");
      renameSync(backup, `${backup}.kept`);
      throw new Error("no such option");
    });
    await refuses(spoilt, "INVALID_STATE", `as it was, in ${backup}.`);
  });

  it("of what is no database of mlflow is refused", async () => {
    const path = `${temporaryFolder()}/mlflow.db`;
    await refuses(upgradeStore(storeUri(path)), "RESOURCE_DOES_NOT_EXIST", "`mlflow.db` is not there.");
    await refuses(upgradeStore("file:///mlruns"), "INVALID_PARAMETER_VALUE", "Only a database can be upgraded");
  });
});
