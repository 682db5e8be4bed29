import assert from "node:assert/strict";
import { test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { RunsWindow, type WindowQuery } from "../../src/webview/panels/experiment/runsWindow.ts";
import { until } from "../support/environment.ts";
import { manyRuns, type TestRun, windowOf } from "./support/runs.ts";

const query: WindowQuery = { rows: {}, fields: [{ kind: "metric", key: "loss" }] };

function windowOver(runs: TestRun[]) {
  const asked: number[] = [];
  const state = { runs, broken: false };
  const rows = new RunsWindow(
    async (wanted) => {
      asked.push(wanted.offset);
      if (state.broken) throw new MlflowError("INTERNAL_ERROR", "mlflow.db is gone.");
      return windowOf(wanted.rows.filter === "none" ? [] : state.runs, wanted);
    },
    () => 42,
  );
  const idle = () => until("the window is idle", () => !rows.busy.value);
  return { rows, asked, state, idle };
}

test("only the pages on screen are fetched, and the first one", async () => {
  const { rows, asked, idle } = windowOver(manyRuns(5000));
  rows.setViewport(2010, 2040);
  rows.setQuery(query);
  await idle();
  assert.deepEqual(asked, [2000, 0]);
  assert.equal(rows.total.value, 5000);
  assert.equal(rows.row(2010)?.columns.run_ids[rows.row(2010)?.at ?? -1], "2010");
  assert.equal(rows.row(300), undefined);
});

test("a page that is known is not fetched again until the store changes", async () => {
  const { rows, asked, idle } = windowOver(manyRuns(300));
  rows.setQuery(query);
  await idle();
  rows.setViewport(0, 20);
  await idle();
  assert.deepEqual(asked, [0]);
  rows.refresh();
  await idle();
  assert.deepEqual(asked, [0, 0]);
});

test("after a change only what is on screen is read again", async () => {
  const { rows, asked, idle } = windowOver(manyRuns(1000));
  rows.setQuery(query);
  await idle();
  rows.setViewport(500, 520);
  await idle();
  asked.length = 0;
  rows.setViewport(0, 20);
  rows.refresh();
  await idle();
  assert.deepEqual(asked, [0]);
});

test("columns that rows were read with before are kept until the store changes", async () => {
  const { rows, asked, idle } = windowOver(manyRuns(50));
  const other: WindowQuery = { ...query, fields: [{ kind: "param", key: "lr" }] };
  rows.setQuery(query);
  await idle();
  rows.setQuery(other);
  await idle();
  assert.deepEqual([...(rows.row(0)?.columns.byId.keys() ?? [])], ["metrics.loss", "params.lr"]);
  rows.setQuery({ ...query });
  await idle();
  assert.deepEqual(asked, [0, 0]);
  rows.refresh();
  await idle();
  assert.deepEqual([...(rows.row(0)?.columns.byId.keys() ?? [])], ["metrics.loss"]);
});

test("known rows stay while another filter is asked, and go when its answer is there", async () => {
  const { rows, idle } = windowOver(manyRuns(250));
  rows.setQuery(query);
  await idle();
  rows.setQuery({ ...query, rows: { filter: "none" } });
  assert.equal(rows.total.value, 250);
  assert.notEqual(rows.row(0), undefined);
  await idle();
  assert.equal(rows.total.value, 0);
  assert.equal(rows.row(0), undefined);
});

test("a failure keeps the rows, says so, and ends with the next answer", async () => {
  const { rows, state, idle } = windowOver(manyRuns(10));
  rows.setQuery(query);
  await idle();
  state.broken = true;
  rows.refresh();
  await until("it failed", () => rows.failure.value !== undefined);
  assert.notEqual(rows.row(0), undefined);
  state.broken = false;
  rows.refresh();
  await idle();
  assert.equal(rows.failure.value, undefined);
  assert.equal(rows.freshAt.value, 42);
});

test("the cache is bounded, and what is near the screen is kept", async () => {
  const { rows, idle } = windowOver(manyRuns(20_000));
  rows.setQuery(query);
  await idle();
  for (let page = 0; page < 60; page++) {
    rows.setViewport(page * 100, page * 100 + 20);
    await idle();
  }
  assert.equal(rows.pages().length, 40);
  assert.notEqual(rows.row(5900), undefined);
  assert.notEqual(rows.row(0), undefined);
  assert.equal(rows.row(500), undefined);
});
