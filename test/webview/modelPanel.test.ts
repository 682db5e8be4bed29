import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { MlflowError } from "../../src/mlflow/errors.ts";
import type { ModelOverview } from "../../src/protocol/panels/model.ts";
import type { VersionRows } from "../../src/protocol/versions.ts";
import { modelModel } from "../../src/webview/panels/model/model.ts";
import { readModelArrangement } from "../../src/webview/panels/model/savedView.ts";
import { statusText } from "../../src/webview/panels/model/words.ts";
import { VersionsWindow } from "../../src/webview/panels/model/versionsWindow.ts";
import { PAGE } from "../../src/webview/ui/table/pages.ts";
import { until } from "../support/environment.ts";
import { beside, details, row } from "./support/versions.ts";

const NOTHING = { everything: false, experiment_ids: [], run_ids: [], models: false };
const run = (run_id: string) => ({
  run_id,
  run_name: run_id,
  experiment_id: "1",
  lifecycle_stage: "active" as const,
  ordinal: 1,
});

/** What a model of `versions` has to answer, newest first; each version's metric is its number. */
function rowsOf(versions: string[], offset: number, limit: number): VersionRows {
  const shown = versions.slice(offset, offset + limit);
  return {
    ...{ total: versions.length, versions: versions.length },
    rows: shown.map((version) => row(version, { run: run(`run ${version}`) })),
    metrics: Float64Array.from(shown, Number),
    logged: Uint8Array.from(shown, () => 1),
  };
}

/** A panel's model over a host that has only what it reads. */
function panelOf(saved: unknown = {}, wanted: { version?: string } = {}) {
  const state = { versions: ["3", "2", "1"], champion: "2" as string | undefined };
  const asked: [string, unknown][] = [];
  const gone = (version: string) => {
    if (!state.versions.includes(version)) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No version ${version}.`);
  };
  const answers = {
    overview: async (): Promise<ModelOverview> => ({
      ...{ name: "wine", store_name: "mlflow.db", description: "", tags: [], stages: [], can: ["write"] },
      aliases: state.champion === undefined ? [] : [{ alias: "champion", version: state.champion }],
      versions: state.versions.length,
    }),
    wanted: async () => wanted,
    metrics: async () => ({
      keys: [
        { key: "rmse", versions: 3 },
        { key: "val_rmse", versions: 3 },
      ],
    }),
    rows: async ({ filter, offset, limit }: { filter?: string; offset: number; limit: number }) => {
      const number = /version_number = (\d+)/.exec(filter ?? "")?.[1];
      return rowsOf(
        number === undefined ? state.versions : state.versions.filter((one) => one === number),
        offset,
        limit,
      );
    },
    there: async ({ versions }: { versions: string[] }) => ({
      versions: versions.filter((version) => state.versions.includes(version)),
    }),
    version: async ({ version }: { version: string }) => {
      gone(version);
      return details(version, { row: row(version, { run: run(`run ${version}`) }) });
    },
    compare: async ({ version, against }: { version: string; against: string }) => {
      gone(version);
      gone(against);
      return beside(version, against);
    },
    history: async () => ({ rows: [], more: false }),
  };
  const host = Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      (query: never) => {
        asked.push([name, query]);
        return answer(query);
      },
    ]),
  );
  // The border: the page's whole host has more, of which the model asks nothing.
  const model = modelModel(host as never, { uri: "u", name: "wine" }, readModelArrangement(saved), {
    now: () => 0,
    visible: signal(false),
  });
  model.start();
  const times = (name: string) => asked.filter(([one]) => one === name).length;
  return { model, state, asked, times };
}

test("the first version is chosen, beside the champion, with the metric of held-out data", async (t) => {
  const { model } = panelOf();
  t.after(model.dispose);
  await until("it is read", async () => model.shown.value?.champion !== undefined);
  assert.equal(model.selected.value, "3");
  assert.equal(model.metric.value, "val_rmse");
  assert.deepEqual(
    [model.shown.value?.champion?.version.version, model.shown.value?.champion?.against.version],
    ["3", "2"],
  );
  assert.equal(model.shown.value?.holder, model.shown.value?.champion);
  await until("the champion is measured", async () => model.championMetric.value === 2);
});

test("the version that the person opened the model with is chosen instead of the last one", async (t) => {
  const { model } = panelOf({ selected: "2", compared: ["3", "2"] }, { version: "1" });
  t.after(model.dispose);
  await until("it is read", async () => model.shown.value?.details.row.version === "1");
  assert.deepEqual(model.compared.value, []);
});

test("what is arranged comes back, a metric that is gone does not", async (t) => {
  const { model } = panelOf({ selected: "1", checked: ["1", "3"], metric: "accuracy", differencesOnly: true });
  t.after(model.dispose);
  await until("it is read", async () => model.shown.value?.details.row.version === "1");
  assert.deepEqual(model.checkedPair.value, ["3", "1"]);
  assert.equal(model.metric.value, "val_rmse");
  assert.equal(model.arrangement.value.differencesOnly, true);
});

test("only what touches the model or a run on screen is read again", async (t) => {
  const { model, times } = panelOf();
  t.after(model.dispose);
  await until("it is read", async () => model.shown.value?.champion !== undefined && !model.busy.value);
  const before = times("overview");
  await model.view.storeChanged({ ...NOTHING, run_ids: ["another"], experiment_ids: ["1"] });
  await model.view.storeChanged({ ...NOTHING, run_ids: ["run 2"] });
  await until("the run's change is seen", async () => times("overview") > before);
  assert.equal(times("overview"), before + 1);
  await model.view.storeChanged({ ...NOTHING, models: true });
  await until("the model's change is seen", async () => times("overview") === before + 2);
});

test("a chosen version that is deleted makes room for the first one, and its comparison closes", async (t) => {
  const { model, state } = panelOf({ selected: "1", compared: ["3", "1"] });
  t.after(model.dispose);
  await until("both are read", async () => model.pair.value !== undefined && model.shown.value !== undefined);
  state.versions = ["3", "2"];
  await model.view.storeChanged({ ...NOTHING, models: true });
  await until("the first is chosen", async () => model.shown.value?.details.row.version === "3");
  await until("the comparison is closed", async () => model.pair.value === undefined);
  assert.deepEqual(model.compared.value, []);
});

test("checked versions that are deleted meanwhile, or were before, are none of the checked", async (t) => {
  const { model, state, times } = panelOf({ checked: ["9", "3", "2", "1"] });
  t.after(model.dispose);
  await until("the one that was gone before is out", async () => model.checked.value.size === 3);
  assert.deepEqual([...model.checked.value], ["3", "2", "1"]);
  state.versions = ["3", "1"];
  await model.view.storeChanged({ ...NOTHING, models: true });
  await until("the pair is left", async () => model.checkedPair.value !== undefined);
  assert.deepEqual(model.checkedPair.value, ["3", "1"]);
  model.check(["3", "1"], false);
  const before = [times("there"), times("overview")] as const;
  await model.view.storeChanged({ ...NOTHING, models: true });
  await until("it is read", async () => times("overview") > before[1]);
  assert.equal(times("there"), before[0], "nobody asks where nothing is checked");
});

test("a filter that is wrong is told and not applied", async (t) => {
  const { model } = panelOf();
  t.after(model.dispose);
  model.typed("colour = 'red'");
  model.apply();
  assert.equal(model.filter.value, "");
  assert.match(model.filterProblem.value ?? "", /colour/);
  model.typed("tags.data = 'v3'");
  model.apply();
  assert.equal(model.filter.value, "tags.data = 'v3'");
  assert.equal(model.filterProblem.value, undefined);
});

test("versions are checked one by one and as a range; two of them make a pair, the newer first", (t) => {
  const { model } = panelOf();
  t.after(model.dispose);
  model.check(["9"]);
  model.check(["10", "9"], true);
  assert.deepEqual(model.checkedPair.value, ["10", "9"]);
  model.check(["1"]);
  assert.equal(model.checkedPair.value, undefined);
  model.check(["1"]);
  model.check(["9"]);
  assert.deepEqual([...model.checked.value], ["10"]);
});

test("of 10,000 versions only the pages on screen are asked for, and far ones are let go", async () => {
  const versions = Array.from({ length: 10_000 }, (_, i) => String(10_000 - i));
  const offsets: number[] = [];
  const rows = new VersionsWindow(
    async ({ offset, limit }) => {
      offsets.push(offset);
      return rowsOf(versions, offset, limit);
    },
    () => 0,
  );
  rows.setQuery({ filter: "", order: { by: "version_number", ascending: false }, metric: "rmse" });
  await until("the first page is there", async () => rows.total.value === 10_000);
  rows.setViewport(4_990, 5_020);
  await until("the middle is there", async () => rows.at(5_020) !== undefined);
  assert.deepEqual(
    offsets.toSorted((a, b) => a - b),
    [0, 4_900, 5_000],
  );
  assert.deepEqual([rows.at(5_000)?.row.version, rows.at(5_000)?.metric], ["5000", 5_000]);
  assert.equal(rows.find("5000"), 5_000);
  for (let at = 0; at < 3_000; at += PAGE) {
    rows.setViewport(at, at + 20);
    await until("the page is there", async () => rows.at(at) !== undefined);
  }
  assert.equal(rows.at(5_000), undefined);
  assert.ok(rows.loaded().length <= 20 * PAGE);
});

test("the values of another metric are not shown under the name of the one that is on its way", async () => {
  let hold: (() => void) | undefined;
  const rows = new VersionsWindow(
    async ({ offset, limit, metric }) => {
      if (metric === "loss") await new Promise<void>((go) => (hold = go));
      return rowsOf(["2", "1"], offset, limit);
    },
    () => 0,
  );
  const query = { filter: "", order: { by: "version_number", ascending: false } as const };
  rows.setQuery({ ...query, metric: "rmse" });
  await until("rows are there", async () => rows.at(0)?.metric === 2);
  rows.setQuery({ ...query, metric: "loss" });
  assert.deepEqual([rows.at(0)?.row.version, rows.at(0)?.metric], ["2", undefined]);
  await until("it is asked for", async () => hold !== undefined);
  hold?.();
  await until("they are there", async () => rows.at(0)?.metric === 2);
});

test("how a registration stands is told in words, with its message or without", () => {
  assert.equal(statusText("FAILED_REGISTRATION", "Its files are gone."), "Failed: Its files are gone.");
  assert.equal(statusText("PENDING_REGISTRATION", "Copying."), "Pending: Copying.");
  assert.equal(statusText("PENDING_REGISTRATION", undefined), "Being registered");
  assert.equal(statusText("FAILED_REGISTRATION", ""), "Its registration failed");
});
