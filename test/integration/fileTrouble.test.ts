import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { type Holder, holdStore, type Program } from "../support/troubledStore.ts";

/** What happens to the file, and how it is put back; gives back nothing where it cannot be undone. */
type Trouble = (path: string, spare: string) => () => void;

/** Moves the database and what belongs to it. */
function move(from: string, to: string): void {
  for (const suffix of ["", "-wal", "-shm"]) {
    if (statSync(from + suffix, { throwIfNoEntry: false })) renameSync(from + suffix, to + suffix);
  }
}

/** Puts the spare copy, which is whole in one file, where the database was. */
function putBack(path: string, spare: string): void {
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
  cpSync(spare, `${path}.back`);
  if (nobody.uid !== undefined) chownSync(`${path}.back`, nobody.uid, nobody.uid);
  renameSync(`${path}.back`, path);
}

const TROUBLES: Record<string, Trouble> = {
  "is moved away": (path) => {
    move(path, `${path}.away`);
    return () => {
      // What was written meanwhile made a new database.
      for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
      move(`${path}.away`, path);
    };
  },
  "is a folder": (path) => {
    move(path, `${path}.away`);
    mkdirSync(path);
    return () => {
      rmdirSync(path);
      move(`${path}.away`, path);
    };
  },
  "is replaced by another that is no database": (path, spare) => {
    writeFileSync(`${path}.garbage`, "this is no database ".repeat(5_000));
    renameSync(`${path}.garbage`, path);
    return () => putBack(path, spare);
  },
  "is written over": (path, spare) => {
    writeFileSync(path, "this is no database ".repeat(5_000));
    return () => putBack(path, spare);
  },
  "is cut to nothing": (path, spare) => {
    truncateSync(path, 0);
    return () => putBack(path, spare);
  },
  "is cut in half": (path, spare) => {
    truncateSync(path, Math.floor(statSync(path).size / 2));
    return () => putBack(path, spare);
  },
  "lies in a folder that is renamed": (path) => {
    const folder = dirname(path);
    renameSync(folder, `${folder}.away`);
    return () => {
      // What was written meanwhile made a new folder.
      rmSync(folder, { recursive: true, force: true });
      renameSync(`${folder}.away`, folder);
    };
  },
  "lies in a folder that may not be entered": (path) => {
    const folder = dirname(path);
    chmodSync(folder, 0o000);
    return () => chmodSync(folder, 0o755);
  },
  "may not be read": (path) => {
    chmodSync(path, 0o000);
    return () => chmodSync(path, 0o644);
  },
};

/** As root nothing is forbidden: the programs run as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};

interface Place {
  path: string;
  spare: string;
  holder: Holder;
}

async function held(program: Program): Promise<Place> {
  const top = temporaryFolder();
  const folder = join(top, "store");
  mkdirSync(folder);
  const path = join(folder, "mlflow.db");
  const spare = join(top, "spare.db");
  const store = openStore(storeUri(path));
  await store.createExperiment({ name: "kept" });
  store.close();
  cpSync(path, spare);
  if (nobody.uid !== undefined) for (const owned of [top, folder, path]) chownSync(owned, nobody.uid, nobody.uid);
  const holder = await holdStore(program, path, nobody);
  // Something in the write-ahead log, and the connection of the reading thread.
  assert.equal((await holder.write("before")).kind, "done");
  assert.equal((await holder.read()).kind, "done");
  return { path, spare, holder };
}

for (const program of ["the tracking server", "the store process"] as const) {
  describe(`${program} answers, and recovers once it is put back, when the database`, () => {
    for (const [what, happen] of Object.entries(TROUBLES)) {
      it(what, async () => {
        const { path, spare, holder } = await held(program);
        const undo = happen(path, spare);
        // Whatever the answers are, they are JSON and MLflow's.
        for (let i = 0; i < 3; i++) await Promise.all([holder.read(), holder.write(`during ${i}`)]);
        undo();
        await until("what was kept", async () => {
          const outcome = await holder.read();
          return outcome.kind === "done" && outcome.names.includes("kept");
        });
        await until("a write", async () => (await holder.write(`after ${Date.now()}`)).kind === "done");
        assert.equal(holder.process.exitCode, null);
        assert.equal(integrity(path), "ok");
      });
    }
  });

  it(`${program} goes on with another database that took the place of its own, and spoils neither`, async () => {
    const { path, holder } = await held(program);
    const other = join(dirname(dirname(path)), "other.db");
    const store = openStore(storeUri(other));
    for (let i = 0; i < 20; i++) await store.createExperiment({ name: `other ${i}` });
    store.close();
    if (nobody.uid !== undefined) chownSync(other, nobody.uid, nobody.uid);
    renameSync(path, `${path}.before`);
    renameSync(other, path);
    const answers = await Promise.all([holder.read(), holder.write("new"), holder.read(), holder.write("newer")]);
    assert.deepEqual(
      answers.map(({ kind }) => kind),
      ["done", "done", "done", "done"],
    );
    const outcome = await holder.read();
    assert.ok(outcome.kind === "done");
    const expected = ["Default", "new", "newer", ...Array.from({ length: 20 }, (_, i) => `other ${i}`)];
    assert.deepEqual(outcome.names.sort(), expected.sort());
    assert.equal(integrity(path), "ok");
    assert.equal(integrity(`${path}.before`), "ok");
  });
}

function integrity(path: string): string | undefined {
  const connection = openConnection(path, { busyTimeout: 5_000 });
  const check = connection.prepare<[], { integrity_check: string }>("PRAGMA integrity_check").get();
  connection.close();
  // Nobody's files again, whoever looked.
  if (nobody.uid !== undefined) {
    for (const suffix of ["-wal", "-shm"]) {
      if (statSync(path + suffix, { throwIfNoEntry: false })) chownSync(path + suffix, nobody.uid, nobody.uid);
    }
  }
  return check?.integrity_check;
}
