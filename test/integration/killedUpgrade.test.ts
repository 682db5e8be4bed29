import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { NEWEST_HEAD } from "../../src/store/sqlite/heads.ts";
import { upgradeStore } from "../../src/store/upgrade.ts";
import { root, temporaryFolder } from "../support/environment.ts";
import { rowsOf } from "../store/databaseRows.ts";
import { stateOf, unpackStore, withoutInterop } from "../store/interopStores.ts";

/** A database of mlflow 2.14.3 that takes a while to copy and to upgrade; WAL, so that its log is part of it. */
function largeStore(journal: string): string {
  const path = unpackStore("2.14.3");
  const connection = openConnection(path, { busyTimeout: 1_000 });
  connection.exec(`PRAGMA journal_mode = ${journal}; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
    INSERT INTO metrics (key, value, timestamp, step, run_uuid, is_nan)
    SELECT 'many', i / 3.0, i, i, (SELECT min(run_uuid) FROM runs), 0 FROM n`);
  connection.close();
  return path;
}

const filesBeside = (path: string) => readdirSync(dirname(path)).map((name) => join(dirname(path), name));
const backupsOf = (path: string) => filesBeside(path).filter((file) => file.endsWith(".backup"));
const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** When the upgrade is killed: as soon as this is so. */
const POINTS: [string, (path: string) => boolean][] = [
  ["the copy is begun", (path) => filesBeside(path).some((file) => file.endsWith(".unfinished"))],
  [
    "the copy is half made",
    (path) => filesBeside(path).some((file) => file.endsWith(".unfinished") && sizeOf(file) > 200_000),
  ],
  ["the copy stands", (path) => backupsOf(path).length > 0],
  [
    "the upgrade writes",
    (path) => backupsOf(path).length > 0 && sizeOf(`${path}-journal`) + sizeOf(`${path}-wal`) > 4_096,
  ],
  ["the database itself is written", (path) => backupsOf(path).length > 0 && isWritten(path)],
];

let original: Buffer | undefined;
function isWritten(path: string): boolean {
  return original !== undefined && !readFileSync(path).equals(original);
}

/** Starts `flowdeck db upgrade` and kills it at that point; whether it was killed before it had ended. */
async function killAt(path: string, isThere: (path: string) => boolean): Promise<boolean> {
  const args = [join(root, "dist/cli.js"), "db", "upgrade", storeUri(path), "--without-python"];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  const ended = once(child, "exit");
  while (child.exitCode === null && !isThere(path)) await new Promise((next) => setImmediate(next));
  child.kill("SIGKILL");
  await ended;
  return child.signalCode === "SIGKILL";
}

/** A copy whose upgrade was killed at that point: one that passes it while nobody looks, and ends, is of no use. */
async function killedAt(base: string, isThere: (path: string) => boolean): Promise<string> {
  for (let attempt = 1; attempt <= 30; attempt += 1) {
    const path = join(temporaryFolder(), "mlflow.db");
    cpSync(base, path);
    if (await killAt(path, isThere)) return path;
  }
  throw new Error("Each of 30 upgrades had ended before it was killed.");
}

/** What was killed may have left a log, which the next program that may write takes back or in; one that only reads cannot. */
function takeBack(path: string): void {
  const connection = openConnection(path, { busyTimeout: 1_000 });
  connection.prepare("SELECT count(*) FROM sqlite_master").get();
  connection.close();
}

for (const journal of ["delete", "wal"]) {
  test(`an upgrade killed at any point leaves the old database or the new one, in journal mode ${journal}`, {
    skip: withoutInterop,
  }, async () => {
    const base = largeStore(journal);
    const rows = rowsOf(base);
    const old = stateOf(base);
    original = readFileSync(base);
    for (const [point, isThere] of POINTS) {
      const path = await killedAt(base, isThere);
      takeBack(path);
      const { revision, integrity, foreignKeys } = stateOf(path);
      assert.deepEqual({ integrity, foreignKeys }, { integrity: "ok", foreignKeys: [] }, point);
      if (revision === old.revision) assert.deepEqual(rowsOf(path), rows, point);
      else assert.equal(revision, NEWEST_HEAD.revision, point);
      for (const backup of backupsOf(path)) assert.deepEqual(rowsOf(backup), rows, `${point}: ${basename(backup)}`);
      if (revision !== old.revision) assert.equal(backupsOf(path).length, 1, point);
      const kept = rowsOf(path)["metrics"];
      const said = await upgradeStore(storeUri(path));
      assert.match(said, revision === old.revision ? /has the schema of mlflow 3\.17\.2/ : /already/, point);
      const after = stateOf(path);
      assert.deepEqual([after.revision, after.integrity, after.foreignKeys], [NEWEST_HEAD.revision, "ok", []], point);
      assert.deepEqual(rowsOf(path)["metrics"], kept, point);
      assert.ok(backupsOf(path).length >= 1 && backupsOf(path).every((backup) => existsSync(backup)), point);
      assert.deepEqual(
        filesBeside(path).filter((file) => /unfinished|restored/.test(file)),
        [],
        point,
      );
    }
  });
}
