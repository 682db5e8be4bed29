import assert from "node:assert/strict";
import fs, { cpSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { openFileStore } from "../../src/store/files/fileStore.ts";
import { memoryFolder } from "../support/environment.ts";
import { type Base, makeBaseFolder, withoutTraces, WRITES } from "../store/writeOperations.ts";

/** Calls that change something on the disk, or open what is about to be changed. */
const CALLS = [
  ...(["openSync", "writeSync", "fsyncSync", "closeSync", "mkdirSync", "rmdirSync", "renameSync"] as const),
  ...(["rmSync", "unlinkSync", "cpSync", "truncateSync", "ftruncateSync", "writeFileSync", "linkSync"] as const),
];
const CODES = ["ENOSPC", "EIO", "EACCES"] as const;

/** The n-th call fails while `armed`; a write does half of its work, and fails when it is asked for the rest. */
const plan = { armed: false, count: 0, failAt: 0, code: "EIO" as (typeof CODES)[number], failed: "", half: false };
const real = new Map(CALLS.map((name) => [name, fs[name]]));

for (const name of CALLS) {
  const call = fs[name];
  const planted = (...args: unknown[]): unknown => {
    if (plan.armed && (++plan.count === plan.failAt || plan.half)) {
      plan.failed = name;
      const [handle, bytes, from] = args;
      if (name === "writeSync" && Buffer.isBuffer(bytes) && bytes.length > 1 && !plan.half) {
        plan.half = true;
        return Reflect.apply(call, fs, [handle, bytes, Number(from ?? 0), (bytes.length - Number(from ?? 0)) >> 1]);
      }
      plan.half = false;
      if (name === "closeSync") Reflect.apply(call, fs, args);
      throw Object.assign(new Error(`${plan.code}: planted, ${name}`), { code: plan.code });
    }
    return Reflect.apply(call, fs, args);
  };
  Object.defineProperty(fs, name, { value: planted, configurable: true, writable: true });
}
syncBuiltinESMExports();
after(() => {
  for (const [name, value] of real) Object.defineProperty(fs, name, { value, configurable: true, writable: true });
  syncBuiltinESMExports();
});

const folder = memoryFolder();
const baseFolder = join(folder, "base", "mlruns");
const base: Base = await makeBaseFolder(baseFolder);
const known: ReadonlySet<string> = new Set(dumpOf(baseFolder, () => true).text.match(ids()));

/** Ids that are new each time. */
function ids(): RegExp {
  return /\b(?:[0-9a-f]{32}|[1-9]\d{17})\b/g;
}

/** All files and folders with what they hold; `drafts` are what readers pass over. */
function dumpOf(root: string, keep = (id: string): boolean => known.has(id)): { text: string; drafts: string[] } {
  const drafts: string[] = [];
  const lines: string[] = [];
  const walk = (path: string): void => {
    for (const name of readdirSync(join(root, path))) {
      const inner = join(path, name);
      if (name.startsWith(".flowdeck-")) drafts.push(inner);
      else if (lstatSync(join(root, inner)).isDirectory()) {
        lines.push(`${inner}/`);
        walk(inner);
      } else lines.push(`${inner}: ${readFileSync(join(root, inner), "utf8")}`);
    }
  };
  walk("");
  const same = (text: string) =>
    text
      .replaceAll(ids(), (id) => (keep(id) ? id : "new"))
      .replaceAll("'new'", "new")
      .replaceAll(/\b(\w+_time(?:stamp)?): \d{13}\b/g, "$1: now");
  return { text: lines.map(same).sort().join("\n"), drafts };
}

function bench(name: string) {
  const root = join(folder, name, "mlruns");
  cpSync(baseFolder, root, { recursive: true });
  const store = openFileStore({ path: root, uri: `file://${root}` });
  const write = async (): Promise<unknown> => {
    try {
      await WRITES[name]?.(withoutTraces(store), base);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const close = () => {
    store.close();
    rmSync(join(folder, name), { recursive: true });
  };
  return { root, store, write, close };
}

describe("a fault at any call of the disk leaves a write to an mlruns folder undone or done, and the store usable", () => {
  const probe = openFileStore({ path: baseFolder, uri: "" });
  const names = Object.keys(WRITES).filter((name) => Reflect.has(probe, name));
  probe.close();

  for (const name of names) {
    it(name, async () => {
      const whole = bench(name);
      const before = dumpOf(whole.root).text;
      plan.count = 0;
      plan.failAt = 0;
      plan.armed = true;
      const refused = await whole.write();
      plan.armed = false;
      assert.equal(refused, undefined);
      const calls = plan.count;
      const done = dumpOf(whole.root);
      whole.close();
      assert.notEqual(done.text, before, "the write changes something");
      assert.deepEqual(done.drafts, []);
      assert.ok(calls >= 2, `${calls} calls`);
      for (let failAt = 1; failAt <= calls; failAt++) {
        const code = CODES[failAt % CODES.length] ?? "EIO";
        await withFault(name, { failAt, code, before, after: done.text });
      }
    });
  }
});

interface Planted {
  failAt: number;
  code: (typeof CODES)[number];
  before: string;
  after: string;
}

async function withFault(name: string, { failAt, code, before, after: complete }: Planted): Promise<void> {
  const { root, store, write, close } = bench(name);
  Object.assign(plan, { count: 0, failAt, code, failed: "", half: false, armed: true });
  const error = await write();
  plan.armed = false;
  const where = `${name}, call ${failAt} (${plan.failed}), ${code}`;
  assert.notEqual(plan.failed, "", where);
  const left = dumpOf(root);
  // Only what could not be cleared away may stay, under a name that every reader passes over.
  if (!/^(rm|unlink)/.test(plan.failed)) assert.deepEqual(left.drafts, [], where);
  if (error === undefined) {
    assert.equal(left.text, complete, `${where}: acknowledged, so it is complete`);
  } else {
    assert.ok(error instanceof MlflowError, `${where}: ${error instanceof Error ? error.stack : "no error"}`);
    assert.match(error.error_code, /^(RESOURCE_EXHAUSTED|IO_ERROR|PERMISSION_DENIED)$/, where);
    assert.doesNotMatch(error.message, /planted|Sync|\//, where);
    assert.equal(left.text, before, `${where}: refused, so it is undone`);
    assert.equal(await write(), undefined, `${where}: the next attempt`);
    assert.equal(dumpOf(root).text, complete, `${where}: done afterwards`);
  }
  const reader = openFileStore({ path: root, uri: "", readonly: true });
  const namesOf = async (asked: typeof store) => {
    const experiments = await asked.searchExperiments({ view_type: "ALL" });
    const models = await asked.searchRegisteredModels({ max_results: 10 });
    return [...experiments.items, ...models.items].map((item) => item.name);
  };
  const names = await namesOf(reader);
  assert.deepEqual(await namesOf(store), names, where);
  assert.ok(names.length >= 3 && !names.some((one) => one.startsWith(".")), where);
  reader.close();
  close();
}
