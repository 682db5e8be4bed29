import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { Button, EmptyBody } from "../../ui/controls.tsx";
import { Grid, ROW } from "../../ui/table/grid.tsx";
import type { GridActions, RowSource } from "../../ui/table/parts.ts";
import { useSize } from "../../ui/useSize.ts";
import { cellOf, nameOf, storedText } from "./cells.tsx";
import { listColumns, metricColumn, shownMetrics } from "./columns.ts";
import type { Props } from "./props.ts";

const HEAD = 24;
/** Px right of the last column, with the scroll bar. */
const ASIDE = 12;

/** The logged models, of which only those on screen are in the page. */
export function List({ model, host }: Props) {
  const body = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  const total = model.rows.total.value;
  useSize(body, (box) => {
    width.value = box.clientWidth;
  });
  return (
    <div
      class={`modelsList ${model.failure.value === undefined ? "" : "old"}`}
      ref={body}
      data-region
      style={{ "--rows": `${HEAD + (total ?? 0) * ROW + ASIDE}px` }}
    >
      {total === undefined || width.value === 0 ? null : total === 0 ? (
        <NoMatch model={model} host={host} />
      ) : (
        <Table {...{ model, host }} width={width.value - ASIDE} />
      )}
    </div>
  );
}

function NoMatch({ model }: Props) {
  return (
    <EmptyBody icon="filter" actions={<Button onClick={model.clear}>Clear Filter</Button>}>
      No logged model matches <code>{model.filter.value}</code>.
    </EmptyBody>
  );
}

function Table({ model, host, width }: Props & { width: number }) {
  const { rows } = model;
  /** The keyboard went to a row that is still on its way: it is chosen when it is there. */
  const awaited = useSignal<number | undefined>(undefined);
  useSignalEffect(() => {
    const row = rows.version.value < 0 || awaited.value === undefined ? undefined : rows.at(awaited.value);
    if (row === undefined) return;
    awaited.value = undefined;
    model.select(row.model_id);
  });
  const hovered = useSignal<number | undefined>(undefined);
  const { field_name, ascending } = model.order.value;
  const version = rows.version.value;
  // As a text, which stays the same while the columns do.
  const keys = JSON.stringify(shownMetrics(rows.metrics, width));
  const shown = useMemo(() => JSON.parse(keys) as string[], [keys]);
  const columns = useMemo(() => listColumns(shown, width), [shown, width]);
  const metrics = useMemo(() => new Map(shown.map((key) => [key, metricColumn(rows.loaded(), key)])), [shown, version]);
  const formats = useRef(metrics);
  formats.current = metrics;
  const source = useMemo((): RowSource => {
    const at = (row: number) => (rows.version.value < 0 ? undefined : rows.at(row));
    return {
      name: (row) => nameOf(at(row)),
      cell: (row, column) => {
        const found = at(row);
        return found === undefined ? null : cellOf({ model, host }, found, column, formats.current);
      },
      className: (row) => {
        const isChosen = at(row)?.model_id === model.selected.value;
        return `${hovered.value === row ? "hovered" : ""} ${isChosen ? "chosen" : ""}`;
      },
      checked: (row) => at(row)?.model_id === model.selected.value,
      level: () => ({ depth: 0, expanded: undefined }),
      hover: (row) => {
        hovered.value = row;
      },
    };
  }, [model, host]);
  return (
    <Grid
      label="Logged models"
      low
      single
      {...{ columns, source }}
      sizes={model.sizes.value}
      sort={[{ id: field_name, desc: !ascending }]}
      rowCount={rows.total.value ?? 0}
      version={version}
      actions={actionsOf({ model, host }, awaited)}
      tree={false}
      headerCheck={null}
      rowsOf={`${model.filter.value} ${field_name} ${ascending}`}
      initialScroll={{ top: model.listScroll.peek(), left: 0 }}
      initialFocus={{ row: 0, column: "name", find: () => rows.find(model.selected.peek()) }}
    />
  );
}

function actionsOf({ model, host }: Props, awaited: Signal<number | undefined>): GridActions {
  const { rows } = model;
  const nothing = () => undefined;
  return {
    open: () => document.querySelector<HTMLElement>(".modelDetails")?.focus(),
    check: nothing,
    key: () => false,
    copy: (row, column) => {
      const found = rows.at(row);
      const text = found === undefined ? undefined : storedText(found, column);
      if (text !== undefined) model.attempt(host.copy({ text }));
    },
    menu: nothing,
    move: nothing,
    sort: ({ id }) => model.orderBy(id),
    resize: ({ id }, width) => {
      model.sizes.value = { ...model.sizes.peek(), [id]: width };
    },
    viewport: (first, last) => rows.setViewport(first, last),
    columnsDrawn: nothing,
    focused: (row) => {
      awaited.value = row < 0 ? undefined : row;
    },
    scrolled: (top) => {
      model.listScroll.value = Math.round(top);
    },
  };
}
