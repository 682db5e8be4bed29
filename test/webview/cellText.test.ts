import assert from "node:assert/strict";
import { test } from "node:test";
import { cellText } from "../../src/webview/panels/experiment/cellText.ts";
import { windowOf } from "./support/runs.ts";

const query = { offset: 0, limit: 2, params: ["lr"], metrics: ["loss"] };
const columns = windowOf([{ id: "a", params: { lr: "1e-3" }, metrics: { loss: 0.1 + 0.2 } }, { id: "b" }], query);

test("a copied cell holds the stored value with all its digits, and nothing where none is stored", () => {
  const cells: [id: string, first: string, second: string][] = [
    ["metrics.loss", "0.30000000000000004", ""],
    ["params.lr", "1e-3", ""],
    ["attributes.start_time", "1970-01-01T00:00:01.000Z", ""],
    ["duration", "1000", ""],
    ["name", "run a", "run b"],
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
