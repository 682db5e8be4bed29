import { useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { VERSION_ORDERS } from "../../../protocol/versions.ts";
import { Icon } from "../../ui/controls.tsx";
import { countOf } from "../../ui/format.ts";
import { pageWidth } from "../../ui/narrow.ts";
import type { GridColumn } from "../../ui/table/columns.ts";
import { Grid, ROW } from "../../ui/table/grid.tsx";
import type { FocusBefore, GridActions, RowSource } from "../../ui/table/parts.ts";
import { cellOf, columnFormat } from "./cells.tsx";
import { nextOrder, sortOf, versionColumns } from "./columns.ts";
import { tableKey } from "./keys.ts";
import { metricMenu, versionMenu } from "./menus.ts";
import type { Props } from "./props.ts";

const HEAD = 24;
/** Px right of the last column, with the scroll bar. */
const ASIDE = 12;

/** Px that the whole table takes. */
export function tableHeight(rows: number): number {
  // The line below the header, and some room for a scroll bar that lies beside the rows.
  return HEAD + rows * ROW + 2;
}

export function VersionsTable({ model, host }: Props) {
  const { rows } = model;
  const format = useMemo(() => columnFormat(model), [model]);
  const hasStatus = useComputed(
    () => rows.version.value >= 0 && rows.loaded().some(({ row }) => row.status !== "READY"),
  ).value;
  const width = pageWidth.value - ASIDE;
  const metric = model.metric.value;
  const hasChampion = model.championMetric.value !== undefined;
  const columns = useMemo(
    () => versionColumns({ metric, hasChampion, hasStatus, width }),
    [metric, hasChampion, hasStatus, width],
  );
  const source = useMemo(() => sourceOf({ model, host }, format), [model, host]);
  const actions = useMemo(() => actionsOf({ model, host }, columns), [model, host, columns]);
  return (
    <Grid
      label="Versions"
      low
      columns={columns}
      sizes={model.sizes.value}
      sort={sortOf(model.order.value)}
      rowCount={rows.total.value ?? 0}
      version={rows.version.value}
      source={source}
      actions={actions}
      tree={false}
      headerCheck={<HeaderCheck model={model} />}
      rowsOf={`${model.filter.value} ${JSON.stringify(model.order.value)}`}
      initialScroll={model.scroll.peek()}
      initialFocus={focusBefore(model)}
    />
  );
}

function focusBefore(model: Props["model"]): FocusBefore {
  const { row, column } = model.focus.peek();
  const version = model.selected.peek();
  return { row, column, find: () => (version === "" || row < 0 ? row : model.rows.find(version)) };
}

function sourceOf(props: Props, format: ReturnType<typeof columnFormat>): RowSource {
  const { model } = props;
  const versionAt = (row: number) => model.rows.at(row)?.row.version;
  return {
    name: (row) => {
      const loaded = model.rows.version.value < 0 ? undefined : model.rows.at(row);
      if (loaded === undefined) return null;
      const { version, description } = loaded.row;
      const isChecked = model.checked.value.has(version);
      return (
        <span class="nameCell">
          <span
            class="check"
            role="checkbox"
            aria-checked={isChecked}
            aria-label={`Version ${version}`}
            onMouseDown={(event) => event.stopPropagation()}
            onClick={(event) => {
              event.stopPropagation();
              model.check([version]);
            }}
          >
            {isChecked ? <Icon name="check" /> : null}
          </span>
          <span class="num" title={description}>
            {version}
          </span>
        </span>
      );
    },
    cell: (row, column, width) => {
      const loaded = model.rows.version.value < 0 ? undefined : model.rows.at(row);
      return loaded === undefined ? null : cellOf(props, format, loaded, column, width);
    },
    className: (row) => {
      const version = model.rows.version.value < 0 ? undefined : versionAt(row);
      if (version === undefined) return "";
      const hovered = model.hovered.value === version ? "hovered" : "";
      return `${hovered} ${model.selected.value === version ? "chosen" : ""}`;
    },
    checked: (row) => {
      const version = versionAt(row);
      return version !== undefined && model.checked.value.has(version);
    },
    level: () => ({ depth: 0, expanded: undefined }),
    hover: (row) => {
      model.hovered.value = row === undefined ? undefined : versionAt(row);
    },
  };
}

function actionsOf(props: Props, columns: GridColumn[]): GridActions {
  const { model, host } = props;
  const { rows } = model;
  const nothing = () => undefined;
  return {
    open: (row) => {
      const run = rows.at(row)?.row.run;
      if (run !== undefined) model.attempt(host.openRun({ run_id: run.run_id }));
    },
    check: (from, to = from) => {
      const [first, last] = [Math.min(from, to), Math.max(from, to)];
      const versions = Array.from({ length: last - first + 1 }, (_, i) => rows.at(first + i)?.row.version);
      const known = versions.flatMap((version) => version ?? []);
      if (from === to) model.check(known);
      else model.check(known, true);
    },
    key: (event, row) => tableKey(props, event, rows.at(row)?.row),
    copy: (row, column) => {
      const text = storedText(rows.at(row), column.id);
      if (text !== undefined) model.attempt(host.copy({ text }));
    },
    menu: (row, column, at) => {
      const loaded = rows.at(row);
      const entries = row < 0 ? headMenu(props, column) : loaded === undefined ? [] : versionMenu(props, loaded.row);
      if (entries.length === 0) return;
      const label = row < 0 ? `Column ${column.header}` : `Version ${loaded?.row.version ?? ""}`;
      model.menu.value = { label, entries, ...at, back: document.querySelector<HTMLElement>(".grid") };
    },
    move: nothing,
    sort: (column) => {
      const by = VERSION_ORDERS.find((one) => one === column.id);
      if (by !== undefined) model.order.value = nextOrder(columns, model.order.peek(), by);
    },
    resize: (column, width) => {
      model.sizes.value = { ...model.sizes.peek(), [column.id]: width };
    },
    viewport: (first, last) => rows.setViewport(first, last),
    columnsDrawn: nothing,
    focused: (row, column) => {
      model.focus.value = { row, column: column.id };
      const version = rows.at(row)?.row.version;
      if (version !== undefined) model.select(version);
    },
    scrolled: (top, left) => {
      model.scroll.value = { top, left };
    },
  };
}

function headMenu(props: Props, column: GridColumn) {
  const { model } = props;
  const by = VERSION_ORDERS.find((one) => one === column.id);
  const { by: now, ascending } = model.order.peek();
  const sorts =
    by === undefined
      ? []
      : [true, false].map((up) => ({
          label: up ? "Sort Ascending" : "Sort Descending",
          checked: now === by && ascending === up,
          onClick: () => {
            model.order.value = { by, ascending: up };
          },
        }));
  return column.id === "metric" || column.id === "delta" ? [...sorts, ...metricMenu(props)] : sorts;
}

/** As the store has it, all digits. */
function storedText(loaded: ReturnType<Props["model"]["rows"]["at"]>, column: string): string | undefined {
  if (loaded === undefined) return undefined;
  const { row, metric } = loaded;
  switch (column) {
    case "alias":
      return row.aliases.join(", ");
    case "stage":
      return row.current_stage;
    case "status":
      return row.status;
    case "run_name":
      return row.run?.run_name;
    case "metric":
      return metric === undefined ? undefined : String(metric);
    case "creation_timestamp":
      return new Date(row.creation_timestamp).toISOString();
    default:
      return row.version;
  }
}

/** Unchecks all versions. */
function HeaderCheck({ model }: Pick<Props, "model">) {
  const count = model.checked.value.size;
  const label = count > 0 ? `Uncheck ${countOf(count, "version")}` : "No version is checked";
  return (
    <span
      class={`check ${count === 0 ? "empty" : ""}`}
      role="checkbox"
      aria-checked={count > 0 ? "mixed" : "false"}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        model.check([...model.checked.peek()], false);
      }}
    >
      {count > 0 ? <Icon name="dash" /> : null}
    </span>
  );
}
