import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { Dot, Icon, StatusIcon } from "../../ui/controls.tsx";
import { formatAge, formatDuration, formatMetric, formatTimestamp, isOutside } from "../../ui/format.ts";
import { barFraction, longestText } from "../../ui/metrics.ts";
import type { GridColumn } from "../../ui/table/columns.ts";
import { metricAt } from "./cellText.ts";
import type { ExperimentModel } from "./model.ts";
import type { RowPlace } from "./runsWindow.ts";

interface NameProps {
  model: ExperimentModel;
  row: number;
  /** Rises when rows arrive: the name is drawn again. */
  version: number;
  onOpen: (row: number) => void;
  onDraw: (row: number) => void;
}

/** Checkbox, dot, name and status of a run. */
export function RunName({ model, row, onOpen, onDraw }: NameProps) {
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
      <span class="label cut" title={`${name}\n${id}`}>
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
export function cellOf(model: ExperimentModel, row: number, { id }: GridColumn, width: number): ComponentChildren {
  const place = model.rows.row(row);
  if (place === undefined) return null;
  if (id.startsWith("metrics.")) return metricCell(model, place, id.slice(8), width);
  if (id.startsWith("params.")) return paramCell(place, id.slice(7), width);
  return id === "duration" ? durationCell(model, place, width) : <Age model={model} start={startOf(place)} />;
}

/** Room beside a text in px, and what a usual character takes at most. */
const PADDING = 16;
const CHARACTER = 8.5;

/** Clipping is dear where hundreds of cells scroll by: only a text that may not fit is clipped. */
function mayNotFit(text: string, width: number): boolean {
  return text.length * CHARACTER > width - PADDING;
}

function paramCell({ columns, at }: RowPlace, key: string, width: number): ComponentChildren {
  const value = columns.params[key]?.[at];
  if (value === null || value === undefined) return null;
  return mayNotFit(value, width) ? (
    <span class="cut" title={value}>
      {value}
    </span>
  ) : (
    value
  );
}

/** Width of a bar with its margin in px. */
const BAR = 44;
/** Characters by which the best value may be wider for its weight, so that all bars stand in line. */
const BOLDER = 0.6;

function metricCell(model: ExperimentModel, place: RowPlace, metricKey: string, width: number): ComponentChildren {
  const value = metricAt(place, metricKey);
  if (value === undefined) return null;
  const scale = model.scales.value(metricKey);
  const text = formatMetric(value, scale.format);
  if (isOutside(value)) return <span class="warnText">{text}</span>;
  const best = value === scale.best;
  const fraction = barFraction(value, scale);
  const longest = longestText(scale);
  const room = width - longest * CHARACTER - PADDING;
  return (
    <>
      {fraction === undefined || room < BAR ? null : (
        <span
          class={best ? "bar best" : "bar"}
          aria-hidden="true"
          style={{ backgroundSize: `${Math.round(fraction * 100)}% 100%, 100% 100%` }}
        />
      )}
      <span
        class={room < 0 ? "value cut" : "value"}
        style={{ minWidth: `${longest + BOLDER}ch` }}
        title={String(value)}
      >
        {best ? <span class="strong">{text}</span> : text}
        {best ? <span class="hidden"> best</span> : null}
      </span>
    </>
  );
}

function startOf({ columns, at }: RowPlace): number {
  return columns.start_times[at] ?? Number.NaN;
}

// The words alone are bound to the clock: a tick draws no row anew.

function Age({ model, start }: { model: ExperimentModel; start: number }) {
  const words = useMemo(() => computed(() => formatAge(start, model.now.value)), [model, start]);
  if (Number.isNaN(start)) return null;
  return (
    <span class="dim" title={formatTimestamp(start)}>
      {words}
    </span>
  );
}

function durationCell(model: ExperimentModel, place: RowPlace, width: number): ComponentChildren {
  const start = startOf(place);
  const end = place.columns.end_times[place.at] ?? Number.NaN;
  if (Number.isNaN(start)) return null;
  if (place.columns.statuses[place.at] === "RUNNING") return <Elapsed model={model} start={start} width={width} />;
  return Number.isNaN(end) ? null : <span class="dim">{formatDuration(end - start)}</span>;
}

function Elapsed({ model, start, width }: { model: ExperimentModel; start: number; width: number }) {
  const words = useMemo(() => computed(() => formatDuration(model.now.value - start)), [model, start]);
  return <span class={mayNotFit(words.peek(), width) ? "dim cut" : "dim"}>{words}</span>;
}
