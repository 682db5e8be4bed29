import assert from "node:assert/strict";
import { after, test } from "node:test";
import { signal } from "@preact/signals";
import { MlflowError } from "../../src/mlflow/errors.ts";
import type { ExperimentHost } from "../../src/protocol/panels/experiment.ts";
import type { StoreChange } from "../../src/protocol/changes.ts";
import { experimentModel } from "../../src/webview/panels/experiment/model.ts";
import { type RowActions, rowActions } from "../../src/webview/panels/experiment/rowActions.ts";
import { tableActions } from "../../src/webview/panels/experiment/tableActions.ts";
import { ownChart } from "../../src/webview/panels/experiment/charts/specs.ts";
import { DEFAULT_ARRANGEMENT } from "../../src/webview/panels/experiment/savedView.ts";
import { until } from "../support/environment.ts";
import { columnsOf, manyRuns, type TestRun } from "./support/runs.ts";

const nothing: StoreChange = { everything: false, experiment_ids: ["1"], run_ids: [], models: false };

const LOSS = ownChart("loss", true);
const ACCURACY = ownChart("accuracy", false);

const none = async () => undefined;
const NO_ACTIONS = {
  ...{ compareRuns: none, renameRuns: none, tagRuns: none, restoreRuns: none, markFailed: none, markKilled: none },
  ...{
    copyCode: none,
    keepFilters: none,
    removeTable: none,
    exportRuns: async () => ({}),
    saveTable: async () => ({}),
  },
  restoreExperiment: none,
};

/** VS Code's side of the panel over a list of runs. */
function panelOver(
  runs: TestRun[],
  saved = DEFAULT_ARRANGEMENT,
  { baseline, failure }: { baseline?: string /** Until `showReplacement`. */; failure?: MlflowError } = {},
) {
  let failing = failure;
  const answer = <T>(value: T): T => {
    if (failing !== undefined) throw failing;
    return value;
  };
  const asked: string[] = [];
  const series: string[][] = [];
  const matched = (filter: string | undefined) => {
    const ids = /run_id IN \((.*)\)/.exec(filter ?? "")?.[1];
    return ids === undefined ? runs : runs.filter(({ id }) => ids.includes(`'${id}'`));
  };
  const done: string[] = [];
  const host: ExperimentHost = {
    overview: async () =>
      answer({
        experiment: { experiment_id: "1", name: "wine", artifact_location: "", lifecycle_stage: "active", tags: [] },
        store_name: "mlflow.db",
        read_only: false,
        ...(baseline === undefined ? {} : { baseline }),
      }),
    runKeys: async () => ({
      ...{ runs: runs.length, params: [], tags: [], datasets: [], stepped: ["loss"] },
      metrics: ["accuracy", "loss"].map((key) => ({ key, runs: runs.length, varies: true })),
    }),
    runIds: async () => ({ run_ids: runs.map(({ id }) => id) }),
    runValues: async (query) => {
      const { ...found } = columnsOf(matched(query.filter), { ...query, offset: 0 });
      return { ...found, group_of: new Uint32Array(), groups: [] };
    },
    runColumns: async (query) => {
      asked.push(
        `${query.offset} ${query.filter ?? ""} ${(query.order ?? []).map(({ field }) => ("key" in field ? field.key : "")).join()}`.trim(),
      );
      if (query.filter === "wrong") throw new MlflowError("INVALID_PARAMETER_VALUE", "That is no filter.");
      return columnsOf(matched(query.filter), query);
    },
    metricSeries: async ({ run_ids, metric_key }) => {
      series.push(run_ids);
      const lines = run_ids.map((run_id) => {
        const steps = Float64Array.of(0, 1);
        return { run_id, steps, timestamps: steps, values: Float64Array.of(2, 1), total: 2, began: 0 };
      });
      return { metric_key, lines };
    },
    listArtifacts: async () => [],
    readImage: async () => ({ source: "" }),
    saveFile: async () => ({ saved: false }),
    openRun: async ({ run_id }) => void done.push(`open ${run_id}`),
    copy: async ({ text }) => void done.push(`copy ${text}`),
    showLog: async () => undefined,
    ...NO_ACTIONS,
    keptTables: async () => answer({ filters: ["metrics.loss < 1"], tables: [] }),
    showReplacement: async () => {
      failing = undefined;
    },
    // As if the person had cancelled after two.
    deleteRuns: async ({ run_ids }) => (done.push(`delete ${run_ids.join()}`), { run_ids: run_ids.slice(0, 2) }),
    setDirection: async ({ metric_key, direction }) => void done.push(`${metric_key} ${direction}`),
    setBaseline: async ({ run_id }) => void done.push(`baseline ${run_id}`),
  };
  const model = experimentModel(host, saved, { now: () => 5000, visible: signal(true), narrow: signal(undefined) });
  after(() => model.dispose());
  model.start();
  return { model, asked, series, host, done };
}

/** Clicks what a menu offers by this name. */
function choose(offered: ReturnType<RowActions["entries"]>, label: string): void {
  const found = offered.find((entry) => typeof entry === "object" && "label" in entry && entry.label === label);
  assert.ok(typeof found === "object" && "label" in found, label);
  found.onClick();
}

test("the first rows are there after start, with a line for each drawn run of a chart on screen", async () => {
  const { model, series } = panelOver(manyRuns(30));
  model.charts.data.seen(LOSS);
  const lines = model.charts.data.linesOf(LOSS);
  await until("ten lines", () => lines.value.length === 10);
  assert.equal(model.rows.total.value, 30);
  assert.deepEqual(
    series.flat(),
    Array.from({ length: 10 }, (_, i) => String(i)),
  );
});

test("a metric without steps has a bar of its last value, though no history was kept", async () => {
  const runs: TestRun[] = [
    { id: "a", metrics: { loss: 1, accuracy: 0.9 } },
    { id: "b", metrics: { loss: 2 } },
    { id: "c", metrics: { loss: 3, accuracy: Number.NaN } },
  ];
  const { model, series } = panelOver(runs);
  const bars = model.charts.data.barsOf(ACCURACY);
  model.charts.data.seen(ACCURACY);
  await until("two bars", () => bars.value.length === 2);
  assert.deepEqual(
    bars.value.map(({ run_id, value }) => [run_id, value]),
    [
      ["a", 0.9],
      ["c", Number.NaN],
    ],
  );
  assert.deepEqual(series, []);
  runs[1] = { id: "b", metrics: { loss: 2, accuracy: 0.7 } };
  await model.told.storeChanged({ ...nothing, run_ids: ["b"] });
  await until("the third bar", () => bars.value.length === 3);
});

test("a chart that left the screen and came back shows what was logged meanwhile", async () => {
  const runs = manyRuns(3);
  const { model, series } = panelOver(runs);
  const lines = model.charts.data.linesOf(LOSS);
  const left = model.charts.data.seen(LOSS);
  await until("lines", () => lines.value.length === 3);
  left();
  runs.unshift({ id: "new", metrics: { loss: 1 } });
  await model.told.storeChanged({ ...nothing, run_ids: ["new", "1"] });
  await until("the run appears", () => model.rows.total.value === 4);
  assert.equal(series.length, 1);
  model.charts.data.seen(LOSS);
  await until("its line", () => lines.value.length === 4);
  await until("the line that grew", () => series.length === 3);
  // A run that nothing is known of yet goes first.
  assert.deepEqual(series.slice(1), [["new"], ["1"]]);
});

test("a chart without lines says why once that is known", async () => {
  const { model } = panelOver([{ id: "a", metrics: { loss: 1 } }]);
  await until("the run is drawn", () => model.drawnFacts.value.length === 1);
  assert.equal(model.charts.data.whyEmpty(ACCURACY, 0), "");
  model.charts.data.seen(ACCURACY);
  await until("the answer", () => model.charts.data.whyEmpty(ACCURACY, 0) === "No drawn run logged accuracy.");
  assert.equal(model.charts.data.whyEmpty(ACCURACY, 1), undefined);
});

test("charts never draw runs that stand far down only because they were read first", async () => {
  const { model, series } = panelOver(manyRuns(5000));
  model.charts.data.seen(LOSS);
  await until("ten lines", () => model.charts.data.linesOf(LOSS).value.length === 10);
  model.rows.setViewport(4000, 4030);
  await until("rows far down", () => model.rows.row(4010) !== undefined);
  model.applyFilter("metrics.loss >= 0");
  await until("the new rows", () => model.rows.row(4010) !== undefined && !model.rows.busy.value);
  assert.ok(
    series.flat().every((id) => Number(id) < 10),
    series.flat().join(),
  );
});

test("a param that is shown against a metric is one chart in full size, however often it is asked for", () => {
  const { model } = panelOver(manyRuns(3));
  const asked = { param: "eta", metric: "loss" };
  model.charts.showParam(asked);
  const [id] = model.charts.arrangement.value.added.map((spec) => spec.id);
  assert.deepEqual(model.charts.specOf(id ?? ""), {
    id,
    kind: "scatter",
    metrics: [],
    fields: ["params.eta", "metrics.loss"],
  });
  model.charts.full.value = undefined;
  model.charts.showParam(asked);
  assert.deepEqual([model.charts.arrangement.value.added.length, model.charts.full.value], [1, id]);
});

test("rows that are scrolled to leave the charts alone", async () => {
  const { model } = panelOver(manyRuns(5000));
  model.charts.data.seen(LOSS);
  const lines = model.charts.data.linesOf(LOSS);
  await until("ten lines", () => lines.value.length === 10);
  const before = lines.value;
  model.rows.setViewport(4000, 4030);
  await until("rows far down", () => model.rows.row(4010) !== undefined);
  assert.equal(lines.value, before);
});

test("a chart that is not on screen asks for nothing", async () => {
  const { model, series } = panelOver(manyRuns(3));
  await until("rows", () => model.rows.total.value === 3);
  assert.deepEqual(series, []);
});

test("a click on a dot draws another run without asking for the known ones again", async () => {
  const { model, series } = panelOver(manyRuns(30));
  model.charts.data.seen(LOSS);
  await until("ten lines", () => model.charts.data.linesOf(LOSS).value.length === 10);
  model.toggleDrawn("20");
  model.toggleDrawn("0");
  await until("its line", () => model.charts.data.linesOf(LOSS).value.some(({ run_id }) => run_id === "20"));
  assert.deepEqual(series.slice(1), [["20"]]);
  assert.ok(!model.drawn.value.includes("0"));
});

test("several changes of the store are one, and only lines of changed runs are read again", async () => {
  const runs = manyRuns(3);
  const { model, series, asked } = panelOver(runs);
  model.charts.data.seen(LOSS);
  await until("lines", () => model.charts.data.linesOf(LOSS).value.length === 3);
  const before = asked.length;
  runs.unshift({ id: "new", status: "RUNNING", metrics: { loss: 1 } });
  for (let i = 0; i < 5; i++) await model.told.storeChanged({ ...nothing, run_ids: ["new", "1"] });
  await until(
    "the run appears",
    () => model.rows.total.value === 4 && model.charts.data.linesOf(LOSS).value.length === 4,
  );
  assert.equal(asked.length, before + 1);
  assert.deepEqual(series.slice(1).flat().sort(), ["1", "new"]);
  assert.equal(model.rows.running.value, 1);
});

test("a wrong filter keeps the rows and tells why", async () => {
  const { model } = panelOver(manyRuns(3));
  await until("rows", () => model.rows.total.value === 3);
  model.applyFilter("wrong");
  await until("the reason", () => model.rows.failure.value !== undefined);
  assert.equal(model.rows.total.value, 3);
  model.applyFilter("");
  await until("it is right again", () => model.rows.failure.value === undefined && !model.rows.busy.value);
});

test("a retry reads again what charts, curves and the baseline show: another store may be in the place of the first", async () => {
  const runs = manyRuns(300);
  const { charts } = DEFAULT_ARRANGEMENT;
  const saved = { ...DEFAULT_ARRANGEMENT, drawn: { "250": true }, charts: { ...charts, first: 200 } };
  const { model, series } = panelOver(runs, saved, { baseline: "7" });
  const curve = model.curve.of("loss", "7");
  await until("200 runs and one more, the baseline and its curve", () => {
    const all = model.drawnFacts.value.length === 201;
    return all && model.baseline.place.value !== undefined && curve.value !== undefined;
  });
  const asked = series.length;
  runs.splice(0, 300, ...manyRuns(250).map((run, at) => ({ ...run, ordinal: 1000 + at })));
  model.retry();
  await until("the runs of the other store", () => {
    const drawn = model.drawnFacts.value;
    return drawn.length === 200 && drawn.every(({ ordinal }) => ordinal >= 1000);
  });
  await until("its baseline", () => model.baseline.place.value?.columns.ordinals[0] === 1007);
  const again = model.curve.of("loss", "7");
  await until("its curve", () => again.value !== undefined && series.slice(asked).some((ids) => ids.includes("7")));
});

test("a panel that opens over another store than it was arranged for shows everything of that one by a retry", async () => {
  const replaced = new MlflowError("RESOURCE_CONFLICT", "mlflow.db was replaced.");
  const { model, host } = panelOver(manyRuns(3), DEFAULT_ARRANGEMENT, { failure: replaced });
  await until("it is told", () => model.failure.value !== undefined && model.problem.value !== undefined);
  await host.showReplacement({});
  model.retry();
  await until("its rows and views", () => model.rows.total.value === 3 && model.views.kept.value.filters.length === 1);
  assert.equal(model.failure.value, undefined);
  assert.equal(model.problem.value, undefined);
});

test("of what took the place of the store, nothing is asked about runs that only the store before had", async () => {
  const runs = manyRuns(300);
  const { charts } = DEFAULT_ARRANGEMENT;
  const saved = { ...DEFAULT_ARRANGEMENT, drawn: { "250": true }, charts: { ...charts, first: 200 } };
  const { model, series } = panelOver(runs, saved);
  model.charts.data.seen(LOSS);
  const lines = model.charts.data.linesOf(LOSS);
  await until("a line of each", () => lines.value.length === 201);
  model.failure.value = new MlflowError("RESOURCE_CONFLICT", "mlflow.db was replaced.");
  const asked = series.length;
  runs.splice(0, 300, ...manyRuns(150).map((run) => ({ ...run, id: `other ${run.id}` })));
  model.retry();
  await until("the lines of the other store", () => lines.value.length === 150);
  const since = series.slice(asked).flat();
  assert.deepEqual([since.length, since.every((id) => id.startsWith("other "))], [150, true]);
});

test("drawn runs of an earlier time are found wherever they stand", async () => {
  const { model } = panelOver(manyRuns(500), { ...DEFAULT_ARRANGEMENT, drawn: { "450": true } });
  await until("its facts", () => model.drawnFacts.value.some(({ run_id }) => run_id === "450"));
  assert.equal(model.drawnFacts.value.find(({ run_id }) => run_id === "450")?.ordinal, 450);
});

test("what was arranged comes back as it was", async () => {
  const saved = {
    ...DEFAULT_ARRANGEMENT,
    filter: "a = 'b'",
    sort: [{ id: "metrics.loss", desc: true }],
    scroll: { top: 220, left: 4 },
    checked: ["1"],
    smoothing: 0.6,
  };
  const { model, asked } = panelOver(manyRuns(3), saved);
  assert.deepEqual(model.arrangement.value, saved);
  await until("rows", () => model.rows.total.value === 3);
  assert.ok(asked.includes("0 a = 'b' loss"), asked.join("; "));
});

test("a row's menu acts on the run it was opened for, though another one stands there by now", async () => {
  const runs = manyRuns(5);
  const { model, host, done } = panelOver(runs);
  await until("the rows", () => model.rows.total.value === 5);
  const { entries } = rowActions(model, host);
  const column = { id: "metrics.loss", header: "loss", width: 80, alignRight: true, sortable: true };
  const offered = entries(1, column);
  runs.unshift({ id: "new", ordinal: 9, metrics: { loss: 9 } });
  await model.told.storeChanged(nothing);
  await until("another run in its row", () => model.idAt(1) === "0");
  for (const label of ["Open Run", "Delete", "Copy Run ID", "Copy Value", "Make It the Baseline"])
    choose(offered, label);
  assert.deepEqual(done, ["open 1", "delete 1", "copy 1", "copy 1", "baseline 1"]);
  assert.deepEqual(entries(50, column), [], "of a row that is not loaded");
});

test("Delete is about the run in the row, the checked runs with it, and nothing where no run is", async () => {
  const { model, host, done } = panelOver(manyRuns(5));
  await until("the rows", () => model.rows.total.value === 5);
  model.selected.add(["2", "3", "4"]);
  const act = tableActions(model, host);
  for (const row of [99, 0, 2]) act("deleteRuns", row);
  await until("what is deleted is checked no longer", () => model.checked.value.size === 1);
  assert.deepEqual([...model.checked.value], ["4"]);
  act("deleteRuns", -1);
  assert.deepEqual(done, ["delete 0", "delete 2,3,4", "delete 4"]);
});

test("the row of a group stands for no run: no key acts on what is checked elsewhere", async () => {
  const { model, host, done } = panelOver([{ id: "", metrics: { loss: 1 } }, ...manyRuns(2)]);
  await until("the rows", () => model.rows.total.value === 3);
  model.selected.add(["0", "1"]);
  const act = tableActions(model, host);
  act("deleteRuns", 0);
  act("baseline", 0);
  assert.deepEqual([done, model.baseline.id.value], [[], undefined]);
  act("baseline", 1);
  assert.equal(model.baseline.id.value, "0");
});

test("checking a range adds to what is checked, one again takes it away", async () => {
  const { model } = panelOver(manyRuns(9));
  await until("rows", () => model.rows.total.value === 9);
  model.selected.check(2, 4);
  assert.deepEqual([...model.checked.value], ["2", "3", "4"]);
  model.selected.check(3);
  assert.deepEqual([...model.checked.value], ["2", "4"]);
});

test("a command about checked runs says that none is checked; keys on a group's row say nothing", async () => {
  const { model, host, done } = panelOver(manyRuns(3));
  await until("rows", () => model.rows.total.value === 3);
  const act = tableActions(model, host);
  for (const action of [
    ...(["renameRuns", "tagRuns", "deleteRuns", "restoreRuns", "copyIds", "compare"] as const),
    ...(["pin", "hide", "star", "draw", "baseline"] as const),
  ]) {
    model.problem.value = undefined;
    act(action, -1);
    assert.match(String(model.problem.value), /No run is checked\. Check some with Space/, action);
    model.problem.value = undefined;
    act(action, 99);
    assert.equal(model.problem.value, undefined, action);
  }
  assert.deepEqual(done, []);
});
