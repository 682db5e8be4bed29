import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunValues, RunValuesQuery } from "../../src/protocol/runs.ts";
import { latestReader } from "../../src/webview/panels/experiment/charts/latest.ts";

type Asked = Omit<RunValuesQuery, "experiment_ids">;

test("the last values of metrics of the same runs are asked for together", async () => {
  const asked: Asked[] = [];
  const runValues = async (query: Asked): Promise<RunValues> => {
    asked.push(query);
    const run_ids = ["a", "b"];
    const columns = query.fields.map((_, i) => ({
      kind: "number" as const,
      values: Float64Array.of(i, i + 0.5),
      logged: Uint8Array.of(1, i === 0 ? 0 : 1),
    }));
    const names = { run_ids, run_names: run_ids, statuses: [], ordinals: new Float64Array(2) };
    return { runs: 2, ...names, group_of: new Uint32Array(0), groups: [], columns };
  };
  const read = latestReader({ runValues });
  const answers = [read("m0", ["a", "b"], true), read("m1", ["a", "b"], true), read("m0", ["b"], true)];
  const found = await Promise.all(answers);
  assert.deepEqual(
    asked.map(({ fields, limit }) => [fields.map((field) => ("key" in field ? field.key : "")), limit]),
    [
      [["m0", "m1"], 2],
      [["m0"], 1],
    ],
  );
  assert.deepEqual(
    found.slice(0, 2).map((map) => [...map]),
    [
      [["a", 0]],
      [
        ["a", 1],
        ["b", 1.5],
      ],
    ],
  );
  const refused = latestReader({ runValues: async () => Promise.reject(new Error("no")) });
  await assert.rejects(refused("m0", ["a"], true), /no/);
});
