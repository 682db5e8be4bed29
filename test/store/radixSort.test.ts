import assert from "node:assert/strict";
import { test } from "node:test";
import { sortByNumber } from "../../src/store/runs/radixSort.ts";

test("numbers are sorted both ways and equal ones keep their order, whatever order they had", () => {
  const cases = [
    [],
    [1],
    [1, 2, 2, 3, 3, 3],
    [3, 3, 2, 2, 1],
    [5, 5, 5],
    [2, 1, 2, 0, -1, 2],
    [0, -0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1e300],
  ];
  for (const list of cases) {
    const values = Float64Array.from(list);
    const slots = Uint32Array.from(list, (_, slot) => slot);
    for (const direction of [1, -1] as const) {
      // The engine's own sort keeps the order of equals, too.
      const expected = [...slots].sort(
        (a, b) => ((list[a] ?? 0) < (list[b] ?? 0) ? -1 : 1) * direction * Number(list[a] !== list[b]),
      );
      assert.deepEqual([...sortByNumber(slots, values, direction)], expected, JSON.stringify([list, direction]));
    }
  }
});
