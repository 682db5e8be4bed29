import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import type { Store } from "../../src/store/store.ts";
import { createManyVersions, runOf } from "../store/manyVersions.ts";
import { memoryFolder, whenOver } from "../support/environment.ts";

// A model of 10,000 versions, by CPU time beside a model of 100, or beside reading all its rows.

const [FEW, MANY] = [100, 10_000];
const name = "big";

type Question = (store: Store, turn: number) => Promise<unknown>;

/** What depends on no other version: as quick whatever their number. */
const OF_ONE: Record<string, Question> = {
  "one version": (store, turn) => store.getModelVersion({ name, version: String(turn + 1) }),
  "the version of an alias": (store) => store.getModelVersionByAlias({ name, alias: "champion" }),
  "an alias that moves": (store, turn) =>
    store.setRegisteredModelAlias({ name, alias: "next", version: String(turn + 1) }),
  "a version's tag": (store, turn) =>
    store.setModelVersionTag({ name, version: String(turn + 1), key: "round", value: "now" }),
  "a version's description": (store, turn) =>
    store.updateModelVersion({ name, version: String(turn + 1), description: "now" }),
  "a new version": (store) => store.createModelVersion({ name, source: "s3://bucket/new" }),
  "a version that is deleted": (store, turn) => store.deleteModelVersion({ name, version: String(turn + 40) }),
  "a small model beside it": (store) => store.getRegisteredModel({ name: "small" }),
};

/** What looks at every version of the model: the greatest ones of a stage, a page in an order that no index has. */
const OF_ALL: Record<string, Question> = {
  "the model with its latest versions": (store) => store.getRegisteredModel({ name }),
  "the first page of models": (store) => store.searchRegisteredModels({ max_results: 100 }),
  "a page of versions, newest first": (store) =>
    store.searchModelVersions({ filter: `name = '${name}'`, max_results: 100, order_by: ["version_number DESC"] }),
  "a page of versions, by time": (store) => store.searchModelVersions({ filter: `name = '${name}'`, max_results: 100 }),
  "versions by a tag": (store) =>
    store.searchModelVersions({ filter: `name = '${name}' AND tags.validation = 'passed'`, max_results: 100 }),
  "the versions of a run": (store, turn) => store.searchModelVersions({ filter: `run_id = '${runOf(turn + 1)}'` }),
  "a stage that empties the others": (store, turn) => {
    const stage = "Production";
    return store.transitionModelVersionStage({
      name,
      version: String(turn + 1),
      stage,
      archive_existing_versions: true,
    });
  },
};

/** ms of CPU a turn, the least of three rounds: what else the process does on the way is no part of it. */
async function cpuOf(ask: (turn: number) => unknown, turns = 12): Promise<number> {
  let [least, turn] = [Infinity, 0];
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < turns; i++) await ask(turn++);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000 / turns);
  }
  return least;
}

describe("a registered model of 10,000 versions", () => {
  const folder = memoryFolder();
  const open = (versions: number): Store => {
    const path = join(folder, `${versions}.db`);
    createManyVersions(path, versions);
    const store = openStore(storeUri(path));
    whenOver(() => store.close());
    return store;
  };
  const few = open(FEW);
  const many = open(MANY);
  let walk = 0;
  before(async () => {
    const rows = openConnection(join(folder, `${MANY}.db`), { busyTimeout: 1_000 });
    const all = rows.prepare<[], { name: string }>("SELECT * FROM model_versions WHERE workspace = 'default'");
    walk = await cpuOf(() => all.all());
    rows.close();
  });

  for (const [what, ask] of Object.entries(OF_ONE)) {
    it(`answers as quickly as one of 100: ${what}`, async () => {
      const small = await cpuOf((turn) => ask(few, turn));
      const big = await cpuOf((turn) => ask(many, turn));
      assert.ok(big < small * 4 + 0.2, `${big.toFixed(2)} ms of CPU, ${small.toFixed(2)} with 100`);
    });
  }

  for (const [what, ask] of Object.entries(OF_ALL)) {
    it(`answers within twice the time that its rows are read in: ${what}`, async () => {
      const took = await cpuOf((turn) => ask(many, turn), 6);
      assert.ok(took < 2 * walk, `${took.toFixed(2)} ms of CPU, reading the rows ${walk.toFixed(2)}`);
    });
  }
});
