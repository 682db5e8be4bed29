import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { type Connection, openConnection, type SqlFailure } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqliteStore.ts";
import { memoryFolder, until } from "../support/environment.ts";
import { dumpOf, FAULT_KINDS, type FaultKind, faultyConnections } from "../store/faultyConnection.ts";
import { type Base, makeBase, READS, type WholeStore, WRITES, whole } from "../store/writeOperations.ts";

const folder = memoryFolder();
const baseFile = join(folder, "base.db");
const base: Base = await makeBase(baseFile);

const FAILURES: SqlFailure[] = [
  "disk",
  "full",
  "busy",
  "other",
  "readOnly",
  "cannotOpen",
  "notADatabase",
  "constraint",
];
/** The long suite plants each kind at each call; here they take turns. */
const everyKind = process.env["FLOWDECK_EVERY_FAULT"] === "1";

interface Bench {
  store: WholeStore;
  faults: ReturnType<typeof faultyConnections>;
  /** Another connection, which sees what was committed. */
  look: Connection;
  close(): void;
}

function bench(name: string): Bench {
  const path = join(folder, `${name}.db`);
  copyFileSync(baseFile, path);
  const faults = faultyConnections();
  const store = openSqliteStore({ path, uri: `sqlite:///${path}`, lockWait: 0, connect: faults.connect });
  assert.equal(store.status().state, "open");
  const look = openConnection(path, { busyTimeout: 0, readonly: true });
  return {
    store: whole(store),
    faults,
    look,
    close: () => {
      look.close();
      store.close();
    },
  };
}

/** What the write leaves when nothing fails, and how many calls it makes. */
async function undisturbed(name: string): Promise<{ before: string; after: string; calls: number }> {
  const { store, faults, look, close } = bench(`${name}-undisturbed`);
  const before = dumpOf(look);
  faults.disarm();
  await WRITES[name]?.(store, base);
  const { calls } = faults;
  const after = dumpOf(look);
  close();
  return { before, after, calls };
}

async function attempt(write: () => Promise<unknown>): Promise<unknown> {
  try {
    await write();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("a fault at any call of SQLite leaves a write undone or done, and the store usable", () => {
  it("every method is known as a write or a read", () => {
    const { store, close } = bench("methods");
    assert.deepEqual(Object.keys(store).sort(), [...Object.keys(WRITES), ...READS].sort());
    close();
  });

  for (const name of Object.keys(WRITES)) {
    it(name, async () => {
      const { before, after, calls } = await undisturbed(name);
      assert.notEqual(after, before, "the write changes something");
      const kinds = (call: number): FaultKind[] =>
        everyKind ? [...FAULT_KINDS] : [FAULT_KINDS[call % FAULT_KINDS.length] ?? "statement"];
      let planted = 0;
      for (let call = 1; call <= calls; call++) {
        for (const kind of kinds(call)) {
          // A lock is told before anything was done.
          const turn = FAILURES[planted++ % FAILURES.length] ?? "disk";
          const failure = kind === "late" && turn === "busy" ? "disk" : turn;
          await withFault(name, { before, after, call, kind, failure });
        }
      }
      assert.ok(planted >= 4, `${planted} faults`);
    });
  }
});

it("of writes that share a commit, those acknowledged are there and those refused are not", async () => {
  const { run_id } = base;
  const keys = ["g1", "g2", "g3", "g4", "g5", "g6"];
  let shared = 0;
  for (let turn = 2; turn <= 72; turn++) {
    const call = Math.floor(turn / 2);
    // Each call fails once as a constraint does, which is about one write, and once for all of them.
    const alone = turn % 2 === 0;
    const kind = alone ? "statement" : (["rolledBack", "lasting"] as const)[call % 2];
    const failure = alone ? "constraint" : (FAILURES[call % FAILURES.length] ?? "disk");
    const { store, faults, look, close } = bench(`group-${turn}`);
    const write = (key: string) => store.setTag({ run_id, key, value: "1" });
    faults.arm(call, failure, kind ?? "statement");
    const writes = keys.map(write);
    // One that is refused whatever happens: its neighbours are not.
    const missing = store.setTag({ run_id: "0".repeat(32), key: "never", value: "1" });
    const [settled] = await Promise.all([Promise.allSettled(writes), assert.rejects(missing)]);
    faults.disarm();
    const there = new Set(
      look
        .prepare<[], { key: string }>("SELECT key FROM tags")
        .all()
        .map(({ key }) => key),
    );
    for (const [index, key] of keys.entries()) {
      const acknowledged = settled[index]?.status === "fulfilled";
      assert.equal(there.has(key), acknowledged, `${key}, call ${call}, ${kind}, ${failure}`);
    }
    assert.equal(there.has("never"), false);
    if (settled.every(({ status }) => status === "fulfilled")) shared += 1;
    for (const key of keys) await until(key, async () => (await attempt(() => write(key))) === undefined);
    close();
  }
  assert.ok(shared > 0, "what is refused alone leaves the others");
});

interface Planted {
  before: string;
  after: string;
  call: number;
  kind: FaultKind;
  failure: SqlFailure;
}

async function withFault(name: string, { before, after, call, kind, failure }: Planted): Promise<void> {
  const where = `${name}, call ${call}, ${kind}, ${failure}`;
  const { store, faults, look, close } = bench(`${name}-${call}-${kind}`);
  const write = () => Promise.resolve(WRITES[name]?.(store, base));
  faults.arm(call, failure, kind);
  const error = await attempt(write);
  faults.disarm();
  const left = dumpOf(look);
  if (error === undefined) {
    assert.equal(left, after, `${where}: acknowledged, so it is complete`);
  } else {
    assert.ok(error instanceof MlflowError, `${where}: ${error instanceof Error ? error.stack : "no error"}`);
    // A commit that fails late is done although nobody can know.
    if (left !== after || kind !== "late") assert.equal(left, before, `${where}: refused, so it is undone`);
    if (left === before) {
      await until(`${where}: the next attempt`, async () => (await attempt(write)) === undefined);
      assert.equal(dumpOf(look), after, `${where}: done afterwards`);
    }
  }
  await store.setExperimentTag({ experiment_id: "0", key: "works", value: "again" });
  close();
}
