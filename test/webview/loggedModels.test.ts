import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { MlflowError } from "../../src/mlflow/errors.ts";
import type { LoggedModelRow, LoggedModelsPage, LoggedModelsQuery } from "../../src/protocol/panels/loggedModels.ts";
import { listColumns, shownMetrics } from "../../src/webview/panels/loggedModels/columns.ts";
import { loggedModelsModel } from "../../src/webview/panels/loggedModels/model.ts";
import { DEFAULT_ARRANGEMENT, type LoggedModelsArrangement } from "../../src/webview/panels/loggedModels/savedView.ts";
import { until } from "../support/environment.ts";

const MODELS = { everything: false, experiment_ids: [], run_ids: [], models: true };

function row(n: number): LoggedModelRow {
  const metrics = [{ key: "rmse", value: n, step: 0 }];
  return {
    ...{ model_id: `m-${n}`, name: `model-${n}`, status: "LOGGED_MODEL_READY", model_type: "", versions: [], metrics },
    creation_timestamp_ms: n,
  };
}

/** A panel's model over as many logged models as `state.count`; tokens are for one filter and order only, as MLflow's. */
function panelOf(count: number, saved: Partial<LoggedModelsArrangement> = {}) {
  const state = { count };
  const asked: LoggedModelsQuery[] = [];
  const gone = async () => {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "It is not there.");
  };
  const nothing = async () => undefined;
  const host = {
    overview: async () => ({ experiment_name: "wine", store_name: "mlflow.db", writable: true, servable: true }),
    models: async (query: LoggedModelsQuery): Promise<LoggedModelsPage> => {
      asked.push(query);
      const { page_token, filter, order, limit } = query;
      const of = JSON.stringify([filter, order]);
      const [offset, tokenOf] = page_token === undefined ? [0, of] : (JSON.parse(page_token) as [number, string]);
      if (tokenOf !== of) throw new MlflowError("INVALID_PARAMETER_VALUE", "Order by in page token does not match.");
      const numbers = Array.from({ length: state.count }, (_, n) => (order.ascending ? n : state.count - 1 - n));
      const next = offset + limit < state.count ? { next_page_token: JSON.stringify([offset + limit, of]) } : {};
      return { rows: numbers.slice(offset, offset + limit).map(row), ...next };
    },
    ...{ details: gone, environment: gone, setTag: nothing, deleteTag: nothing, register: nothing, serve: nothing },
    ...{ delete: nothing, openFile: nothing, openRun: nothing, openVersion: nothing, openExperiment: nothing },
    ...{ copy: nothing, showLog: nothing },
  };
  const subject = { uri: "sqlite:///mlflow.db", experiment_id: "1" };
  const time = { now: () => 1, visible: signal(true) };
  const model = loggedModelsModel(host, subject, { ...DEFAULT_ARRANGEMENT, ...saved }, time);
  model.start();
  const seen = (n: number) => until(`row ${n}`, () => model.rows.at(n));
  return { model, state, asked, seen };
}

test("after another order, the pages further down are those of that order", async (t) => {
  const { model, asked, seen } = panelOf(250);
  t.after(() => model.dispose());
  equal((await seen(0)).name, "model-249");
  model.rows.setViewport(100, 120);
  equal((await seen(100)).name, "model-149");
  model.orderBy("name");
  await until("the other order", () => model.rows.at(0)?.name === "model-0");
  model.rows.setViewport(100, 120);
  equal((await seen(100)).name, "model-100");
  model.rows.setViewport(200, 220);
  equal((await seen(249)).name, "model-249");
  deepEqual(
    [model.failure.value, model.problem.value, model.rows.count.value],
    [undefined, undefined, { models: 250, more: false }],
  );
  // Order by order: nothing was asked for with a token of the one before.
  ok(
    asked.every(({ order }, i) => i === 0 || order.field_name === "name" || asked[i - 1]?.order.field_name !== "name"),
  );
});

test("of 10,000 models a change asks for the rows on screen and for the end, and few stay in memory", async (t) => {
  const { model, state, asked, seen } = panelOf(10_000);
  t.after(() => model.dispose());
  await seen(0);
  deepEqual(model.rows.count.value, { models: 100, more: true });
  for (let top = 0; top < 10_000; top += 100) {
    model.rows.setViewport(top, Math.min(top + 101, (model.rows.total.value ?? 1) - 1));
    await seen(top + 99);
  }
  deepEqual(model.rows.count.value, { models: 10_000, more: false });
  ok(model.rows.loaded().length <= 2_000, `${model.rows.loaded().length} rows are kept`);
  equal(model.selected.value, "m-9999", "the first one stays the chosen one");
  model.rows.setViewport(5_000, 5_040);
  await seen(5_000);
  model.orderBy("creation_timestamp");
  asked.length = 0;
  await until("the other order", () => model.rows.at(0)?.name === "model-0");
  ok(asked.length <= 1, `${asked.length} pages were read for the first rows`);
  model.orderBy("creation_timestamp");
  model.rows.setViewport(5_000, 5_040);
  asked.length = 0;
  await seen(5_000);
  // Nothing was known of the pages before it: each is read once.
  ok(asked.length <= 52, `${asked.length} pages were read for the fiftieth`);
  model.rows.setViewport(9_900, 9_999);
  await until("the end", () => !model.rows.count.value.more);
  model.rows.setViewport(5_000, 5_040);
  for (const count of [10_150, 9_950, 9_720]) {
    asked.length = 0;
    state.count = count;
    await model.view.storeChanged(MODELS);
    await until(`${count} models`, () => model.rows.count.value.models === count && !model.rows.count.value.more);
    await until("the rows on screen are read anew", () => model.rows.at(5_000)?.name === `model-${count - 5_001}`);
    ok(asked.length <= 6, `${asked.length} pages were asked for`);
  }
});

test("a panel that is opened again scrolls to where it was, though the pages before it are not known", async (t) => {
  const { model, seen } = panelOf(10_000, { rows: 3_000 });
  t.after(() => model.dispose());
  await seen(0);
  equal(model.rows.total.value, 3_000);
  model.rows.setViewport(2_900, 2_940);
  equal((await seen(2_900)).name, "model-7099");
});

test("a list that is shorter than it was when it was seen last ends where it ends", async (t) => {
  const { model, seen } = panelOf(120, { rows: 3_000 });
  t.after(() => model.dispose());
  await seen(0);
  model.rows.setViewport(2_900, 2_940);
  await until("the end is known", () => model.rows.total.value === 120 && !model.rows.count.value.more);
  equal((await seen(119)).name, "model-0");
});

test("a narrow list has fewer metrics, and no columns for what the details tell", () => {
  const metrics = new Map(["rmse", "mae", "r2", "loss", "auc"].map((key, at) => [key, at]));
  deepEqual(shownMetrics(metrics, 700), ["auc", "loss", "r2", "mae"]);
  const narrow = listColumns(shownMetrics(metrics, 300), 300);
  deepEqual(
    narrow.map(({ id }) => id),
    ["name", "metrics.auc", "creation_timestamp"],
  );
  ok(narrow.reduce((sum, { width }) => sum + width, 0) <= 300);
});
