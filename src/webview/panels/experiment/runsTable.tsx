import { useMemo } from "preact/hooks";
import type { ExperimentHost } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { Icon, LinkButton } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import { pageWidth, NARROW } from "../../ui/narrow.ts";
import { Grid } from "../../ui/table/grid.tsx";
import { type FocusBefore, type GridActions, type RowSource, STICKY } from "../../ui/table/parts.ts";
import { cellOf } from "./cells.tsx";
import { NAME_ID } from "./columns.ts";
import type { ExperimentModel } from "./model.ts";
import { RowName } from "./nameCell.tsx";
import { rowActions } from "./rowActions.ts";

interface Props {
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
}

export function RunsTable({ model, host }: Props) {
  const { source, actions } = useMemo(() => partsOf(model, host), [model, host]);
  const columns = model.columns.columns.value;
  const all = model.columns.shown.value.length;
  const hidden = all - columns.filter(({ id, fixed }) => id !== NAME_ID && fixed !== true).length;
  const { filter: _filter, ...rowsOf } = model.rowsQuery.value;
  const { folded_groups: _groups, unfolded: _unfolded, folded: _folded, ...arranged } = rowsOf;
  return (
    <>
      <Grid
        label="Runs"
        columns={columns}
        sizes={model.columns.sizes.value}
        sort={model.columns.sort.value}
        rowCount={model.rows.total.value ?? 0}
        version={model.rows.version.value}
        source={source}
        actions={actions}
        tree={model.tree.value}
        sticky={stickyOf(model)}
        headerCheck={<HeaderCheck model={model} />}
        rowsOf={`${model.filter.value} ${JSON.stringify(arranged)}`}
        initialScroll={model.scroll.peek()}
        initialFocus={focusBefore(model)}
      />
      {pageWidth.value < NARROW && hidden > 0 ? (
        <div class="hiddenColumns dim num">
          <span class="cut">
            {formatCount(hidden)} of {formatCount(all)} columns are hidden at this width
          </span>
          <span class="grow" />
          <LinkButton
            onClick={() => {
              model.choosing.value = true;
            }}
          >
            Choose columns
          </LinkButton>
        </div>
      ) : null}
    </>
  );
}

/** The run that the keyboard was on keeps it, though others may have come before it. */
function focusBefore(model: ExperimentModel): FocusBefore {
  const { run_id, row, column } = model.focus.peek();
  return { row, column, find: () => (run_id === "" ? row : model.rows.find(run_id)) };
}

/** The baseline stays below the header; where it stands is known while it is loaded. */
function stickyOf(model: ExperimentModel): { row: number | undefined } | undefined {
  const id = model.baseline.id.value;
  if (id === undefined || model.baseline.place.value === undefined || model.rows.version.value < 0) return undefined;
  return { row: model.rows.find(id) };
}

function partsOf(model: ExperimentModel, host: Remote<ExperimentHost>): { source: RowSource; actions: GridActions } {
  const does = rowActions(model, host);
  const source: RowSource = {
    name: (row) => <RowName model={model} row={row} version={model.rows.version.value} actions={does} />,
    cell: (row, column, width) => cellOf(model, row, column, width),
    className: (row) => {
      // Rows change places as they arrive.
      if (model.rows.version.value >= 0 && model.groupAt(row) !== undefined) return "group";
      const id = model.idAt(row);
      if (id === undefined) return "";
      const place = model.placeAt(row);
      const gone = place?.columns.lifecycle_stages[place.at] === "deleted" ? "gone" : "";
      const context = place?.columns.context[place.at] === 1 ? "context" : "";
      const hovered = model.hovered.value === id && row !== STICKY ? "hovered" : "";
      const checked = model.checked.value.has(id) ? "checked" : "";
      return `${hovered} ${gone} ${context} ${checked} ${model.baseline.id.value === id ? "baseline" : ""}`;
    },
    checked: (row) => {
      const id = model.idAt(row);
      return id !== undefined && model.checked.value.has(id);
    },
    level: model.levelOf,
    hover: (row) => {
      const id = row === undefined ? undefined : model.idAt(row);
      model.hovered.value = id === "" ? undefined : id;
    },
  };
  const actions: GridActions = {
    open: does.open,
    key: does.key,
    copy: does.copy,
    menu: (row, column, at) => does.menu(row, at, column),
    move: (column, to) => model.columns.moveTo(column.id, to.id),
    check: model.selected.check,
    sort: model.columns.sortBy,
    resize: model.columns.resize,
    viewport: (first, last) => model.rows.setViewport(first, last),
    columnsDrawn: model.columns.drawn,
    focused: (row, column) => {
      model.focus.value = { run_id: model.idAt(row) ?? "", row, column: column.id };
    },
    scrolled: (top, left) => {
      model.scroll.value = { top, left };
    },
  };
  return { source, actions };
}

/** Checks every run that matches, or none. */
function HeaderCheck({ model }: { model: ExperimentModel }) {
  const count = model.checked.value.size;
  const all = count > 0 && count >= model.rows.runs.value;
  const label = count > 0 ? "Uncheck all runs" : "Check all runs";
  return (
    <span
      class="check"
      role="checkbox"
      aria-checked={all ? "true" : count > 0 ? "mixed" : "false"}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        if (count > 0) model.selected.clear();
        else model.attempt(model.selected.checkAll());
      }}
    >
      {count > 0 ? <Icon name={all ? "check" : "dash"} /> : null}
    </span>
  );
}
