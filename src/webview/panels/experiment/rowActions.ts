import type { ExperimentHost, TableAction } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { MenuEntry, MenuItem } from "../../ui/menu.tsx";
import { countOf } from "../../ui/format.ts";
import { type Direction, directionOf } from "../../ui/metrics.ts";
import type { GridColumn } from "../../ui/table/columns.ts";
import { cellText } from "./cellText.ts";
import { NAME_ID } from "./columns.ts";
import { partsOf } from "../../ui/chart/fields.ts";
import { headerOf, withOf } from "./fields.ts";
import type { ExperimentModel } from "./model.ts";
import type { RowPlace } from "./runsWindow.ts";
import { tableActions } from "./tableActions.ts";

/** What can be done with a row or a column, by mouse and by key. */
export interface RowActions {
  open(row: number): void;
  copy(row: number, column: GridColumn): void;
  /** Of a row, or of a column (row -1). */
  menu(row: number, at: { x: number; y: number }, column?: GridColumn): void;
  /** What that menu offers; rows change places while it is open, and it stays about what it was opened for. */
  entries(row: number, column?: GridColumn): MenuEntry[];
  key(event: KeyboardEvent, row: number, column: GridColumn, index: number): boolean;
}

/** Keys of rows, by what they do; with Ctrl, ⌘ or Alt they are others'. */
const ROW_KEYS: Readonly<Record<string, TableAction>> = {
  v: "draw",
  p: "pin",
  b: "baseline",
  s: "star",
  h: "hide",
  f2: "renameRuns",
  delete: "deleteRuns",
  c: "compare",
  t: "tagRuns",
};

export function rowActions(model: ExperimentModel, host: Remote<ExperimentHost>): RowActions {
  const { columns } = model;
  const act = tableActions(model, host);
  const open = (row: number) => {
    const group = model.groupAt(row);
    const run_id = model.idAt(row);
    if (group !== undefined) model.fold(row);
    else if (run_id !== undefined) model.attempt(host.openRun({ run_id }));
  };
  const copyOf = (place: RowPlace, column: GridColumn) =>
    model.attempt(host.copy({ text: cellText(place, column.id) }));
  const copy = (row: number, column: GridColumn) => {
    const place = model.placeAt(row);
    if (place !== undefined) copyOf(place, column);
  };
  const rowMenu = (row: number, column: GridColumn | undefined): MenuEntry[] => {
    const group = model.groupAt(row);
    if (group !== undefined) {
      const filter = model.selected.groupFilter(row);
      const check = () => model.attempt(model.selected.checkGroup(row, filter));
      return [
        { label: group.folded ? "Unfold Group" : "Fold Group", onClick: () => model.arranged.foldGroup(group.id) },
        { label: "Check Runs of Group", onClick: check, keys: "Space" },
      ];
    }
    const place = model.placeAt(row);
    if (place === undefined) return [];
    const meant = model.meant(row);
    const { id, ids } = meant;
    const item = (label: string, action: TableAction, more: Partial<MenuItem> = {}): MenuItem => ({
      label,
      onClick: () => act(action, row, meant),
      ...more,
    });
    const several = ids.length > 1 ? ` ${countOf(ids.length, "Run")}` : "";
    const deleted = place.columns.lifecycle_stages[place.at] === "deleted";
    const writable = model.overview.peek()?.read_only !== true;
    const isBaseline = model.baseline.id.peek() === id;
    const compare = ids.length > 1;
    return [
      {
        label: "Open Run",
        icon: "go-to-file",
        keys: "Enter",
        onClick: () => model.attempt(host.openRun({ run_id: id })),
      },
      ...(compare ? [item(`Compare${several}`, "compare", { icon: "compare-changes", keys: "C" })] : []),
      item(isBaseline ? "Clear Baseline" : "Make It the Baseline", "baseline", { keys: "B" }),
      "separator",
      item("Draw in Charts", "draw", { keys: "V", checked: model.drawnSet.peek().has(id) }),
      item("Pin to Top", "pin", { keys: "P", checked: model.arranged.pinned.peek().includes(id) }),
      item("Star", "star", { keys: "S", checked: model.arranged.starred.peek().has(id) }),
      item(`Hide${several}`, "hide", { keys: "H", icon: "eye-closed" }),
      "separator",
      ...(writable && place.columns.stuck?.includes(id) === true
        ? [
            { label: "Mark as Failed", icon: "error", onClick: () => model.attempt(host.markFailed({ run_id: id })) },
            { label: "Mark as Killed", onClick: () => model.attempt(host.markKilled({ run_id: id })) },
          ]
        : []),
      ...(writable && !deleted
        ? [
            item(`Rename${several}…`, "renameRuns", { icon: "edit", keys: "F2" }),
            item(`Set Tag${several === "" ? "" : ` of${several}`}…`, "tagRuns", { icon: "tag", keys: "T" }),
            item(`Delete${several}`, "deleteRuns", { icon: "trash", keys: "Del" }),
          ]
        : []),
      ...(writable && deleted ? [item(`Restore${several}`, "restoreRuns", { icon: "discard" })] : []),
      "separator",
      ...(column === undefined
        ? []
        : [{ label: "Copy Value", icon: "copy", keys: "Ctrl C", onClick: () => copyOf(place, column) }]),
      item(ids.length > 1 ? "Copy Run IDs" : "Copy Run ID", "copyIds"),
    ];
  };
  const columnMenu = (column: GridColumn): MenuEntry[] => {
    const { id } = column;
    const parts = partsOf(id);
    const name = headerOf(id);
    const sorting = columns.sort.peek().find((one) => one.id === id);
    const set = (desc: boolean) => () => {
      columns.sort.value = [{ id, desc }];
    };
    const sorts: MenuEntry[] = column.sortable
      ? [
          { label: "Sort Ascending", checked: sorting?.desc === false, onClick: set(false) },
          { label: "Sort Descending", checked: sorting?.desc === true, onClick: set(true) },
          {
            label: "Sort Also by This",
            icon: "blank",
            keys: "Shift Enter",
            onClick: () => columns.sortBy(column, true),
          },
        ]
      : [];
    if (id === NAME_ID || column.fixed === true) return [...sorts, ...viewEntries()];
    const of = parts?.room === "metrics" ? metricEntries(id, parts.key) : [];
    const groups = model.arranged.groupBy.peek();
    const canGroup = parts?.room === "params" || parts?.room === "tags" || parts?.room === "attributes";
    return [
      ...sorts,
      ...(sorts.length > 0 ? (["separator"] as const) : []),
      ...of,
      ...(canGroup
        ? [
            {
              label: `Group by ${name}`,
              checked: groups.includes(id),
              onClick: () =>
                model.arranged.groupByColumns(groups.includes(id) ? groups.filter((g) => g !== id) : [...groups, id]),
            },
          ]
        : []),
      { label: "Pin Column", checked: columns.pinned.peek().includes(id), onClick: () => columns.pin(id) },
      { label: "Move Left", keys: "Alt ←", onClick: () => columns.moveBy(id, -1) },
      { label: "Move Right", keys: "Alt →", onClick: () => columns.moveBy(id, 1) },
      { label: `Hide ${name}`, icon: "eye-closed", keys: "Del", onClick: () => columns.toggle(id) },
      "separator",
      ...viewEntries(),
    ];
  };
  const viewEntries = (): MenuEntry[] => [
    {
      label: "Only Columns That Vary",
      checked: columns.onlyVarying.peek(),
      onClick: () => act("onlyVarying", -1),
    },
    { label: "Choose Columns…", icon: "table", onClick: () => act("chooseColumns", -1) },
  ];
  const metricEntries = (id: string, key: string): MenuEntry[] => {
    const { of, step } = partsOf(id) ?? { of: "last", step: 0 };
    const now = of === "step" ? `step:${step}` : of;
    const entry = (label: string, other: string): MenuEntry => ({
      ...{ label, checked: now === other, radio: true },
      onClick: () => columns.replace(id, withOf(key, other)),
    });
    return [
      { heading: "Value" },
      entry("Last", "last"),
      entry("Min", "min"),
      entry("Max", "max"),
      entry(`Best (${directionOf(key)})`, "best"),
      ...(of === "step" ? [entry(`At step ${step}`, now)] : []),
      { label: "At Step…", icon: "blank", onClick: () => (model.stepping.value = { id, key }) },
      ...(model.keys.peek()?.stepped.includes(key) === true ? [entry("Curve", "curve")] : []),
      { heading: "Better" },
      better(key, "Lower", "lower"),
      better(key, "Higher", "higher"),
      "separator",
    ];
  };
  const better = (metric_key: string, label: string, direction: Direction): MenuEntry => ({
    ...{ label, checked: directionOf(metric_key) === direction, radio: true },
    onClick: () => model.attempt(host.setDirection({ metric_key, direction })),
  });
  const key = (event: KeyboardEvent, row: number, column: GridColumn, index: number): boolean => {
    const ctrl = event.ctrlKey || event.metaKey;
    const name = event.key.toLowerCase();
    if (row < 0) {
      const by = { arrowleft: -1, arrowright: 1 }[name];
      if (event.altKey && (by === 1 || by === -1)) columns.moveBy(column.id, by);
      else if (name === "delete" && column.id !== NAME_ID) columns.toggle(column.id);
      else return false;
      return true;
    }
    if (index === 0 && !event.shiftKey && !ctrl && !event.altKey) {
      if (name === "arrowright" && model.fold(row, true)) return true;
      if (name === "arrowleft" && model.fold(row, false)) return true;
    }
    if (name === "?") {
      act("showKeys", row);
      return true;
    }
    if (ctrl && name === "a") {
      act("checkAll", row);
      return true;
    }
    if (name === " " && model.groupAt(row) !== undefined) {
      model.attempt(model.selected.checkGroup(row));
      return true;
    }
    const action = ctrl || event.altKey ? undefined : ROW_KEYS[name];
    if (action === undefined) return false;
    act(action, row);
    return true;
  };
  const entries = (row: number, column?: GridColumn) =>
    row === -1 && column !== undefined ? columnMenu(column) : rowMenu(row, column);
  return {
    open,
    copy,
    key,
    entries,
    menu: (row, at, column) => {
      const offered = entries(row, column);
      if (offered.length === 0) return;
      model.menu.value = {
        label: row === -1 && column !== undefined ? `Column ${headerOf(column.id)}` : "Run",
        entries: offered,
        ...at,
        back: document.querySelector<HTMLElement>(".grid"),
      };
    },
  };
}
