import { Dot, Icon, StatusIcon } from "../../ui/controls.tsx";
import { formatAge, formatDuration, formatMetric, formatTimestamp, isOutside } from "../../ui/format.ts";
import { barFraction, longestText } from "../../ui/metrics.ts";
import type { GridColumn } from "../../ui/table/columns.ts";
import type { ExperimentModel } from "./model.ts";
import type { RowPlace } from "./runsWindow.ts";

interface CellProps {
  model: ExperimentModel;
  row: number;
  /** Rises when rows arrive: the cell is drawn again. */
  version: number;
}

/** Checkbox, dot, name and status of a run. */
export function RunName({
  model,
  row,
  onOpen,
  onDraw,
}: CellProps & { onOpen: (row: number) => void; onDraw: (row: number) => void }) {
  const place = model.rows.row(row);
  const id = place?.columns.run_ids[place.at];
  if (place === undefined || id === undefined) return null;
  const { columns, at } = place;
  const name = columns.run_names[at] ?? id;
  const checked = model.checked.value.has(id);
  const drawn = model.drawnSet.value.has(id);
  const status = columns.statuses[at];
  return (
    <div class="nameCell">
      <span
        class="check"
        role="checkbox"
        aria-checked={checked}
        aria-label={`Check ${name}`}
        onClick={() => model.check(row)}
        onDblClick={(event) => event.stopPropagation()}
      >
        {checked ? <Icon name="check" /> : null}
      </span>
      <span
        class="dotButton"
        role="button"
        aria-pressed={drawn}
        aria-label={`Draw ${name}`}
        title={drawn ? "Drawn in the charts (V)" : "Not drawn in the charts (V)"}
        onClick={() => onDraw(row)}
        onDblClick={(event) => event.stopPropagation()}
      >
        <Dot ordinal={columns.ordinals[at] ?? 0} filled={drawn} />
      </span>
      <span class={`label cut ${model.hovered.value === id ? "strong" : ""}`} title={`${name}\n${id}`}>
        {name}
      </span>
      {status === undefined ? null : <StatusIcon status={status} />}
      <span class="rowActions">
        <button
          type="button"
          tabIndex={-1}
          title="Open run (Enter)"
          aria-label={`Open ${name}`}
          onClick={() => onOpen(row)}
        >
          <Icon name="go-to-file" />
        </button>
      </span>
    </div>
  );
}

/** One value of a run; empty when it was not logged or is not loaded yet. */
export function RunCell({ model, row, column }: CellProps & { column: GridColumn }) {
  const place = model.rows.row(row);
  if (place === undefined) return null;
  if (column.id.startsWith("metrics."))
    return <MetricCell model={model} place={place} metricKey={column.id.slice(8)} />;
  if (column.id.startsWith("params.")) {
    const value = place.columns.params[column.id.slice(7)]?.[place.at];
    return value === null || value === undefined ? null : <span title={value}>{value}</span>;
  }
  return column.id === "duration" ? <Duration model={model} place={place} /> : <Age model={model} place={place} />;
}

function MetricCell({ model, place, metricKey }: { model: ExperimentModel; place: RowPlace; metricKey: string }) {
  const value = metricAt(place, metricKey);
  const scale = model.scales.value(metricKey);
  if (value === undefined) return null;
  const text = formatMetric(value, scale.format);
  if (isOutside(value)) return <span class="warnText">{text}</span>;
  const best = value === scale.best;
  const fraction = barFraction(value, scale);
  return (
    <>
      {fraction === undefined ? null : (
        <span class={`bar ${best ? "best" : ""}`} aria-hidden="true">
          <i style={{ width: `${fraction * 100}%` }} />
        </span>
      )}
      <span
        class={`value ${best ? "strong" : ""}`}
        style={{ minWidth: `${longestText(scale)}ch` }}
        title={String(value)}
      >
        {text}
        {best ? <span class="hidden"> best</span> : null}
      </span>
    </>
  );
}

export function metricAt({ columns, at }: RowPlace, key: string): number | undefined {
  const column = columns.metrics[key];
  return column?.logged[at] === 1 ? column.values[at] : undefined;
}

function Age({ model, place }: { model: ExperimentModel; place: RowPlace }) {
  const start = place.columns.start_times[place.at] ?? Number.NaN;
  if (Number.isNaN(start)) return null;
  return (
    <span class="dim" title={formatTimestamp(start)}>
      {formatAge(start, model.now.value)}
    </span>
  );
}

function Duration({ model, place }: { model: ExperimentModel; place: RowPlace }) {
  const { columns, at } = place;
  const start = columns.start_times[at] ?? Number.NaN;
  const end = columns.end_times[at] ?? Number.NaN;
  const running = columns.statuses[at] === "RUNNING";
  if (Number.isNaN(start) || (Number.isNaN(end) && !running)) return null;
  return <span class="dim">{formatDuration((running ? model.now.value : end) - start)}</span>;
}

/** The stored value of a cell, all digits. */
export function copyText(model: ExperimentModel, row: number, { id }: GridColumn): string {
  const place = model.rows.row(row);
  if (place === undefined) return "";
  const { columns, at } = place;
  if (id.startsWith("metrics.")) return String(metricAt(place, id.slice(8)) ?? "");
  if (id.startsWith("params.")) return columns.params[id.slice(7)]?.[at] ?? "";
  if (id === "duration") return String((columns.end_times[at] ?? Number.NaN) - (columns.start_times[at] ?? Number.NaN));
  if (id === "attributes.start_time") return new Date(columns.start_times[at] ?? 0).toISOString();
  return columns.run_names[at] ?? "";
}
