import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunField } from "../../src/protocol/runs.ts";
import { cellText } from "../../src/webview/panels/experiment/cellText.ts";
import { windowOf } from "./support/runs.ts";

const fields: RunField[] = [
  { kind: "param", key: "lr" },
  { kind: "metric", key: "loss" },
];
const query = { offset: 0, limit: 2, fields };
const columns = windowOf([{ id: "a", params: { lr: "1e-3" }, metrics: { loss: 0.1 + 0.2 } }, { id: "b" }], query);

test("a copied cell holds the stored value with all its digits, and nothing where none is stored", () => {
  const cells: [id: string, first: string, second: string][] = [
    ["metrics.loss", "0.30000000000000004", ""],
    ["params.lr", "1e-3", ""],
    ["attributes.start_time", "1970-01-01T00:00:01.000Z", ""],
    ["attributes.run_name", "run a", "run b"],
  ];
  const started = { ...columns, start_times: Float64Array.of(1000, Number.NaN) };
  for (const [id, first, second] of cells) {
    assert.deepEqual(
      [cellText({ columns: started, at: 0 }, id), cellText({ columns: started, at: 1 }, id)],
      [first, second],
      id,
    );
  }
});
