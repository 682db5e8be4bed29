import { useMemo } from "preact/hooks";
import type { ExperimentHost } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { Icon, LinkButton } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import { pageWidth, NARROW } from "../../ui/narrow.ts";
import { Grid } from "../../ui/table/grid.tsx";
import type { GridActions, RowSource } from "../../ui/table/parts.ts";
import { cellOf, RunName } from "./cells.tsx";
import { cellText } from "./cellText.ts";
import { orderOf } from "./columns.ts";
import type { ExperimentModel } from "./model.ts";

interface Props {
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
}

export function RunsTable({ model, host }: Props) {
  const { source, actions } = useMemo(() => partsOf(model, host), [model, host]);
  const hidden = model.shown.value.params.length + model.shown.value.metrics.length - 1;
  return (
    <>
      <Grid
        label="Runs"
        columns={model.columns.value}
        sizes={model.sizes.value}
        sort={model.sort.value}
        rowCount={model.rows.total.value ?? 0}
        version={model.rows.version.value}
        source={source}
        actions={actions}
        headerCheck={<HeaderCheck model={model} />}
        rowsOf={`${model.filter.value} ${JSON.stringify(orderOf(model.sort.value))}`}
        initialScroll={model.scroll.peek()}
      />
      {pageWidth.value < NARROW && hidden > 0 ? (
        <div class="hiddenColumns dim num">
          <span class="cut">
            {formatCount(hidden)} of {formatCount(hidden + 1)} columns are hidden at this width
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

function partsOf(model: ExperimentModel, host: Remote<ExperimentHost>): { source: RowSource; actions: GridActions } {
  const open = (row: number) => {
    const run_id = model.idAt(row);
    if (run_id !== undefined) model.attempt(host.openRun({ run_id }));
  };
  const draw = (row: number) => {
    const run_id = model.idAt(row);
    if (run_id !== undefined) model.toggleDrawn(run_id);
  };
  const source: RowSource = {
    name: (row) => <RunName model={model} row={row} version={model.rows.version.value} onOpen={open} onDraw={draw} />,
    cell: (row, column, width) => cellOf(model, row, column, width),
    className: (row) => {
      const id = model.idAt(row);
      const hovered = id !== undefined && model.hovered.value === id ? "hovered" : "";
      const place = model.rows.row(row);
      const gone = place?.columns.lifecycle_stages[place.at] === "deleted" ? "gone" : "";
      return `${hovered} ${gone} ${id !== undefined && model.checked.value.has(id) ? "checked" : ""}`;
    },
    checked: (row) => {
      const id = model.idAt(row);
      return id !== undefined && model.checked.value.has(id);
    },
    hover: (row) => {
      model.hovered.value = row === undefined ? undefined : model.idAt(row);
    },
  };
  const actions: GridActions = {
    open,
    draw,
    check: model.check,
    copy: (row, column) => {
      const place = model.rows.row(row);
      if (place !== undefined) model.attempt(host.copy({ text: cellText(place, column.id) }));
    },
    sort: model.sortBy,
    resize: model.resize,
    viewport: (first, last) => model.rows.setViewport(first, last),
    scrolled: (top, left) => {
      model.scroll.value = { top, left };
    },
  };
  return { source, actions };
}

/** Unchecks every run. */
function HeaderCheck({ model }: { model: ExperimentModel }) {
  const some = model.checked.value.size > 0;
  return (
    <span
      class="check"
      role="checkbox"
      aria-checked={some ? "mixed" : "false"}
      aria-label="Uncheck all runs"
      title={some ? "Uncheck all" : "No run is checked"}
      onClick={(event) => {
        event.stopPropagation();
        model.checked.value = new Set();
      }}
    >
      {some ? <Icon name="dash" /> : null}
    </span>
  );
}
