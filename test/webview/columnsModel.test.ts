import assert from "node:assert/strict";
import { test } from "node:test";
import { type ReadonlySignal, signal } from "@preact/signals";
import type { RunKeys } from "../../src/protocol/runs.ts";
import { columnsModel } from "../../src/webview/panels/experiment/columnsModel.ts";
import { idOf } from "../../src/webview/ui/chart/fields.ts";
import { NO_RUN_KEYS } from "../../src/webview/panels/experiment/page.ts";
import { DEFAULT_ARRANGEMENT, type TableArrangement } from "../../src/webview/panels/experiment/savedView.ts";

function columnsOver(count: number, pinnedColumns: string[] = []) {
  const keys = Array.from({ length: count }, (_, i) => `p${i}`);
  const columns = keys.map((key) => `params.${key}`);
  const model = modelOver(
    { ...DEFAULT_ARRANGEMENT, columns, pinnedColumns },
    signal({ ...NO_RUN_KEYS, runs: 9, params: keys.map((key) => ({ key, runs: 9, varies: true })) }),
  );
  return { model, columns, asked: () => model.asked.value.map(idOf) };
}

function modelOver(saved: TableArrangement, keys: ReadonlySignal<RunKeys>) {
  return columnsModel({
    ...{ saved, keys },
    here: signal(undefined),
    baseline: signal(undefined),
    first: signal(undefined),
    narrow: signal(undefined),
    now: () => 5000,
  });
}

test("a few columns are all read with the rows, wherever the table is scrolled to", () => {
  const { model, columns, asked } = columnsOver(80);
  const first = model.asked.value;
  assert.deepEqual(asked(), columns);
  model.drawn(60, 75);
  assert.equal(model.asked.value, first);
});

test("of a thousand columns those on screen are read, some beside them, and the pinned ones", () => {
  const { model, columns, asked } = columnsOver(1_000, ["params.p700"]);
  const rest = columns.filter((id) => id !== "params.p700");
  assert.deepEqual(asked(), ["params.p700", ...rest.slice(0, 60)]);
  model.drawn(400, 411);
  assert.deepEqual(asked(), ["params.p700", ...rest.slice(360, 450)]);
  const before = model.asked.value;
  model.drawn(402, 413);
  assert.equal(model.asked.value, before);
  model.drawn(990, 998);
  assert.deepEqual(asked(), ["params.p700", ...rest.slice(960)]);
});

test("a chosen column whose key few runs have logged outlives what is arranged before every run was looked at", () => {
  const known = { ...NO_RUN_KEYS, runs: 9, params: ["a", "b"].map((key) => ({ key, runs: 9, varies: true })) };
  const rare = { key: "rare", runs: 1, varies: true };
  const keys = signal<RunKeys>({ ...known, rough: true });
  const model = modelOver(
    { ...DEFAULT_ARRANGEMENT, columns: ["params.rare", "metrics.gone", "params.a", "params.b"] },
    keys,
  );
  model.moveBy("params.b", -1);
  model.moveTo("params.b", "params.rare");
  model.toggle("params.a");
  model.replace("metrics.gone", "max.metrics.gone");
  assert.deepEqual(model.kept.value.columns, ["params.b", "params.rare", "max.metrics.gone"]);
  assert.deepEqual(model.asked.value.map(idOf), model.kept.value.columns);
  keys.value = { ...known, params: [...known.params, rare] };
  assert.deepEqual(model.wanted.value, ["params.b", "params.rare"]);
});
