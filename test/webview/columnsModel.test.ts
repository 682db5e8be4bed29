import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { columnsModel } from "../../src/webview/panels/experiment/columnsModel.ts";
import { idOf } from "../../src/webview/panels/experiment/fields.ts";
import { NO_RUN_KEYS } from "../../src/webview/panels/experiment/page.ts";
import { DEFAULT_ARRANGEMENT } from "../../src/webview/panels/experiment/savedView.ts";

function columnsOver(count: number, pinnedColumns: string[] = []) {
  const keys = Array.from({ length: count }, (_, i) => `p${i}`);
  const columns = keys.map((key) => `params.${key}`);
  const model = columnsModel({
    saved: { ...DEFAULT_ARRANGEMENT, columns, pinnedColumns },
    keys: signal({ ...NO_RUN_KEYS, runs: 9, params: keys.map((key) => ({ key, runs: 9, varies: true })) }),
    here: signal(undefined),
    baseline: signal(undefined),
    first: signal(undefined),
    narrow: signal(undefined),
    now: () => 5000,
  });
  return { model, columns, asked: () => model.asked.value.map(idOf) };
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
