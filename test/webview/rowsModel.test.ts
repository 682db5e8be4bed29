import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { groupNumber } from "../../src/webview/panels/experiment/deltas.ts";
import { differenceText } from "../../src/webview/ui/format.ts";
import { groupFilter, groupWords } from "../../src/webview/panels/experiment/groups.ts";
import { rowsModel } from "../../src/webview/panels/experiment/rowsModel.ts";
import { DEFAULT_TABLE } from "../../src/webview/panels/experiment/savedView.ts";
import { selection } from "../../src/webview/panels/experiment/selection.ts";

const group = (values: (string | null)[]) => ({
  row: 0,
  id: JSON.stringify(values),
  values,
  runs: 3,
  running: 0,
  folded: false,
});

test("groups stand in the place of parents, and fold by their id", () => {
  const rows = rowsModel(DEFAULT_TABLE, signal(undefined));
  assert.deepEqual(rows.query.value, { nested: true, unfolded: [], folded: [] });
  rows.groupByColumns(["params.model", "nonsense"]);
  rows.foldGroup('["mlp"]');
  assert.deepEqual(rows.query.value, { group_by: [{ kind: "param", key: "model" }], folded_groups: ['["mlp"]'] });
  rows.foldGroup('["mlp"]');
  assert.deepEqual(rows.query.value.folded_groups, []);
});

test("a row that is there for its children begins unfolded", () => {
  const rows = rowsModel(DEFAULT_TABLE, signal(undefined));
  assert.deepEqual([rows.isUnfolded("a", false), rows.isUnfolded("a", true)], [false, true]);
  rows.foldRun("a", true);
  rows.foldRun("b", false);
  assert.deepEqual([rows.isUnfolded("a", true), rows.isUnfolded("b", false)], [false, true]);
});

test("pins and stars go on for all of several runs, and off once all have them", () => {
  const rows = rowsModel(DEFAULT_TABLE, signal(undefined));
  rows.togglePinned(["a"]);
  rows.togglePinned(["a", "b"]);
  assert.deepEqual(rows.query.value.pinned, ["a", "b"]);
  rows.togglePinned(["a", "b"]);
  assert.equal(rows.query.value.pinned, undefined);
  rows.toggleStarred(["a", "b"]);
  rows.toggleStarred(["b"]);
  assert.deepEqual([...rows.starred.value], ["a"]);
});

test("a group is found again by MLflow's search, where that has words for it", () => {
  const model = { kind: "param", key: "model" } as const;
  const cases: [Parameters<typeof groupFilter>[0], (string | null)[], string | undefined][] = [
    [[model], ["mlp"], "params.model = 'mlp'"],
    [[model], [null], "params.model IS NULL"],
    [[model, { kind: "tag", key: "a b" }], ["mlp", "x"], "params.model = 'mlp' AND tags.`a b` = 'x'"],
    [[{ kind: "attribute", key: "source" }], ["train.py"], "tags.`mlflow.source.name` = 'train.py'"],
    [[model], ["it's"], undefined],
    [[{ kind: "datasets" }], ["wine"], undefined],
  ];
  for (const [fields, values, filter] of cases) assert.equal(groupFilter(fields, group(values)), filter);
  assert.deepEqual(groupWords(["params.model"], group([null])), [{ key: "model", value: "none" }]);
});

test("all that match are checked at once, whatever is folded; a group is checked, then unchecked", async () => {
  const asked: unknown[] = [];
  const runIds = async (query: { filter?: string }) => {
    asked.push(query);
    return { run_ids: query.filter === undefined ? ["a", "b", "c"] : ["b", "c"] };
  };
  const selected = selection({
    ...{ host: { runIds }, saved: [], idAt: (row: number) => ["", "a", "b"][row] },
    rows: () => ({ group_by: [{ kind: "param" as const, key: "model" }], folded_groups: ["x"], hidden: ["z"] }),
    groupFilter: (row) => (row === 0 ? "params.model = 'mlp'" : undefined),
  });
  await selected.checkAll();
  assert.deepEqual(asked, [{ hidden: ["z"] }]);
  await selected.checkGroup(0);
  assert.deepEqual([...selected.checked.value], ["a"]);
  selected.clear();
  selected.check(0, 2);
  assert.deepEqual([...selected.checked.value], ["a", "b"]);
});

test("differences have a sign and the column's decimals; what those hide is told with its own digits", () => {
  const format = { kind: "fixed", decimals: 4 } as const;
  const cases: [number, string][] = [
    [0.0168, "+0.0168"],
    [-0.0041, "−0.0041"],
    [0, "0"],
    [0.0000001, "+1.000e−7"],
  ];
  for (const [difference, text] of cases) assert.equal(differenceText(difference, format), text);
});

test("a group tells mean and deviation with one decimal fewer, its range in the hover; one run has no deviation", () => {
  const spread = {
    ...{ deviations: Float64Array.of(0.0243, Number.NaN), min: Float64Array.of(0.5, 1), max: Float64Array.of(0.6, 1) },
    count: Uint32Array.of(71, 1),
  };
  const column = { kind: "number", values: Float64Array.of(0.5832, 1), logged: Uint8Array.of(1, 1), spread } as const;
  const format = { kind: "fixed", decimals: 4 } as const;
  assert.deepEqual(groupNumber(column, 0, format), {
    text: "0.583 ± 0.024",
    title: "mean 0.5832, min 0.5, max 0.6, 71 runs",
  });
  assert.equal(groupNumber(column, 1, format).text, "1.000");
});
