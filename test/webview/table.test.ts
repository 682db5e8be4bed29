import assert from "node:assert/strict";
import { test } from "node:test";
import { type GridColumn, layoutColumns, toggledSort } from "../../src/webview/ui/table/columns.ts";
import { moved } from "../../src/webview/ui/table/navigation.ts";

const extent = { rows: 100, columns: 5, page: 10 };

test("keys move the focus within the grid, and up from the first row to the header", () => {
  const cases: [string, boolean, [number, number], [number, number]][] = [
    ["ArrowDown", false, [0, 0], [1, 0]],
    ["ArrowUp", false, [0, 2], [-1, 2]],
    ["ArrowUp", false, [-1, 2], [-1, 2]],
    ["ArrowLeft", false, [3, 0], [3, 0]],
    ["ArrowRight", false, [3, 4], [3, 4]],
    ["Home", false, [3, 4], [3, 0]],
    ["End", false, [3, 0], [3, 4]],
    ["Home", true, [50, 4], [0, 0]],
    ["End", true, [0, 0], [99, 4]],
    ["PageDown", false, [95, 1], [99, 1]],
    ["PageUp", false, [5, 1], [0, 1]],
  ];
  for (const [key, ctrl, [row, column], [toRow, toColumn]] of cases) {
    assert.deepEqual(moved({ row, column }, key, ctrl, extent), { row: toRow, column: toColumn }, key);
  }
  assert.equal(moved({ row: 0, column: 0 }, "x", false, extent), undefined);
});

function column(id: string, more: Partial<GridColumn> = {}): GridColumn {
  return { id, header: id, width: 100, alignRight: false, sortable: true, ...more };
}

test("the first column is pinned, dragged widths hold within their bounds", () => {
  const layout = layoutColumns([column("name"), column("a"), column("b")], { a: 150, b: 10 });
  assert.deepEqual(
    layout.pinned.map(({ id }) => id),
    ["name"],
  );
  assert.deepEqual(
    layout.center.map(({ id }) => id),
    ["a", "b"],
  );
  assert.deepEqual(layout.widths, [150, 48]);
  assert.deepEqual(layout.starts, [0, 150]);
  assert.equal(layout.totalWidth, 298);
});

test("columns pinned beside the first stand still with it", () => {
  const layout = layoutColumns([column("name"), column("a", { pinned: true }), column("b")], { a: 150 });
  assert.deepEqual(layout.pinnedWidths, [100, 150]);
  assert.equal(layout.pinnedWidth, 250);
  assert.deepEqual([layout.widths, layout.starts, layout.totalWidth], [[100], [0], 350]);
});

test("clicks on a header sort one way, the other, then not", () => {
  const columns = [column("name"), column("loss"), column("r2", { sortsDescendingFirst: true })];
  const once = toggledSort(columns, [], "loss", false);
  assert.deepEqual(once, [{ id: "loss", desc: false }]);
  const twice = toggledSort(columns, once, "loss", false);
  assert.deepEqual(twice, [{ id: "loss", desc: true }]);
  assert.deepEqual(toggledSort(columns, twice, "loss", false), []);
  assert.deepEqual(toggledSort(columns, once, "r2", true), [...once, { id: "r2", desc: true }]);
  assert.deepEqual(toggledSort(columns, once, "r2", false), [{ id: "r2", desc: true }]);
});
