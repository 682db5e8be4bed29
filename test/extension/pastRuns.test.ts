import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import type { Asked, RunSearch } from "../../src/extension/language/pastRuns.ts";
import { readPastRuns } from "../../src/extension/language/pastRuns.ts";
import { ClientFacts } from "../../src/language/clientFacts.ts";
import type { LastRunResult } from "../../src/protocol/language.ts";
import { directionByName } from "../../src/protocol/metricDirection.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";

const folder = "/projects/wine";

/** A store with runs `[entry point, start time, folder]`, and the searches asked of it. */
async function storeOf(runs: readonly [name: string, start_time: number, folder?: string][]) {
  const store = openStore(storeUri(join(temporaryFolder(), "mlflow.db")));
  const create = ([name, start_time, home = folder]: (typeof runs)[number]) =>
    store.createRun({
      experiment_id: "0",
      start_time,
      run_name: `${name} ${start_time}`,
      tags: [
        { key: "mlflow.project.entryPoint", value: name },
        { key: "mlflow.source.name", value: home },
      ],
    });
  await Promise.all(runs.map(create));
  const searches: string[] = [];
  const search: RunSearch = {
    searchExperiments: (query) => store.searchExperiments(query),
    searchRuns: (query) => {
      searches.push(query.filter);
      return store.searchRuns(query);
    },
  };
  const read = async (...entry_points: string[]) => {
    const asked: Asked = { entry_points, folders: [folder], directionOf: directionByName };
    const found = await readPastRuns(search, asked);
    return found.map((one) => one?.latest?.map(({ run_name }) => run_name));
  };
  return { store, searches, read };
}

test("the runs of all entry points of a file take one search, and another project's are none of them", async () => {
  const { read, searches, store } = await storeOf([
    ["main", 1],
    ["main", 3],
    ["it's", 2],
    ["main", 4, "/projects/other"],
    ["prepare", 5, "/projects/other"],
  ]);
  const found = await read("main", "it's", "prepare", "never");
  deepEqual(found, [["main 3", "main 1"], ["it's 2"], undefined, undefined]);
  equal(searches.length, 1);
  deepEqual(await read("it's"), [["it's 2"]]);
  equal(searches.length, 2);
  store.close();
});

test("the values of a run of mlflow run, which logs them as it quotes them for the shell, are those that were given", async () => {
  const { store } = await storeOf([["main", 1]]);
  const [run] = (await store.searchRuns({ experiment_ids: ["0"] })).items;
  const params = ["'a b'", "''", "plain"].map((value, index) => ({ key: `p${index}`, value }));
  await store.logBatch({ run_id: run?.info.run_id ?? "", metrics: [], tags: [], params });
  const [found] = await readPastRuns(store, {
    entry_points: ["main"],
    folders: [folder],
    directionOf: directionByName,
  });
  const given = Object.fromEntries(found?.latest?.[0]?.params.map(({ key, value }) => [key, value]) ?? []);
  deepEqual(given, { p0: "a b", p1: "", p2: "plain" });
  store.close();
});

test("an entry point whose runs lie behind many of others is searched for by name", async () => {
  const many = Array.from({ length: 500 }, (_, index): [string, number] => ["main", 10 + index]);
  const { read, searches, store } = await storeOf([["rare", 1], ...many]);
  const found = await read("main", "rare");
  deepEqual(found[1], ["rare 1"]);
  equal(found[0]?.length, 12);
  equal(searches.length, 2);
  store.close();
});

test("a server asks for all entry points of a file at once, and for none whose answer is fresh", async () => {
  const asked: (readonly string[])[] = [];
  let refreshes = 0;
  const lastRuns = new ClientFacts<LastRunResult>({
    ask: (_, entry_points) => {
      asked.push(entry_points);
      return Promise.resolve(
        entry_points.map((name) => (name === "b" ? { run_id: "1", status: "FINISHED", start_time: 1 } : null)),
      );
    },
    refresh: () => Promise.resolve(void (refreshes += 1)),
    failed: (error) => {
      throw error;
    },
  });
  lastRuns.update("file:///a", ["a", "b"], 1000);
  lastRuns.update("file:///a", ["a", "b", "c"], 1500);
  await new Promise(setImmediate);
  deepEqual(asked, [["a", "b"], ["c"]]);
  equal(lastRuns.known("file:///a", "b")?.run_id, "1");
  equal(lastRuns.known("file:///a", "a"), undefined);
  equal(refreshes, 1);
});
