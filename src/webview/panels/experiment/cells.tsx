import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { DatasetCell, ModelCell } from "../../../protocol/runs.ts";
import { Sparkline } from "../../ui/chart/sparkline.tsx";
import { deltaOf } from "../../ui/delta.tsx";
import {
  differenceText,
  formatAge,
  formatDuration,
  formatMetric,
  formatTimestamp,
  isOutside,
} from "../../ui/format.ts";
import { barFraction, directionOf, longestText } from "../../ui/metrics.ts";
import type { GridColumn } from "../../ui/table/columns.ts";
import { numberAt, storedId } from "./cellText.ts";
import { groupNumber } from "./deltas.ts";
import { partsOf } from "../../ui/chart/fields.ts";
import { ofDelta } from "./fields.ts";
import type { ExperimentModel } from "./model.ts";
import { numbersOf, textsOf } from "./page.ts";
import type { RowPlace } from "./runsWindow.ts";

/** One value of a row; empty when it was not logged or is not loaded yet. */
export function cellOf(model: ExperimentModel, row: number, { id }: GridColumn, width: number): ComponentChildren {
  const place = model.placeAt(row);
  if (place === undefined) return null;
  const of = ofDelta(id);
  if (of !== undefined) return deltaCell(model, place, of);
  if (id.startsWith("metrics.")) return metricCell(model, place, id, width);
  if (id.startsWith("params.")) return textCell(place, id, width);
  return otherCell(model, place, id, width);
}

function otherCell(model: ExperimentModel, place: RowPlace, id: string, width: number): ComponentChildren {
  const parts = partsOf(id);
  const isGroup = place.columns.groupAt.has(place.at);
  if (parts?.room === "metrics") {
    if (parts.of !== "curve") return metricCell(model, place, id, width);
    return isGroup ? null : <Curve model={model} metricKey={parts.key} place={place} width={width} />;
  }
  const column = place.columns.byId.get(storedId(id));
  if (column?.kind === "datasets") return chips((column.cells[place.at] ?? []).map(datasetWords));
  if (column?.kind === "models") return chips((column.cells[place.at] ?? []).map(modelWords));
  if (id === "attributes.duration") return durationCell(model, place, width);
  if (isGroup && column?.kind === "number") return null;
  if (id === "attributes.start_time")
    return <Age model={model} time={place.columns.start_times[place.at] ?? Number.NaN} />;
  if (id === "attributes.end_time") return <Age model={model} time={place.columns.end_times[place.at] ?? Number.NaN} />;
  return textCell(place, id, width);
}

/** Room beside a text in px, and what a usual character takes at most. */
const PADDING = 16;
const CHARACTER = 8.5;

/** Clipping is dear where hundreds of cells scroll by: only a text that may not fit is clipped. */
function mayNotFit(text: string, width: number): boolean {
  return text.length * CHARACTER > width - PADDING;
}

function textCell({ columns, at }: RowPlace, id: string, width: number): ComponentChildren {
  const value = textsOf(columns, id)?.[at];
  if (value === null || value === undefined) return null;
  return mayNotFit(value, width) ? (
    <span class="cut" title={value}>
      {value}
    </span>
  ) : (
    value
  );
}

function datasetWords({ name, digest, context }: DatasetCell): { words: string; title: string } {
  return { words: name, title: `${name} (${digest})${context === undefined ? "" : `, ${context}`}` };
}

function modelWords({ name, model_id, version }: ModelCell): { words: string; title: string } {
  const words = version === undefined ? name : `${name} ${version}`;
  return { words, title: model_id ?? words };
}

function chips(cells: { words: string; title: string }[]): ComponentChildren {
  if (cells.length === 0) return null;
  return (
    <span class="cut" title={cells.map(({ title }) => title).join("\n")}>
      {cells.map(({ words }) => (
        <span class="chip">{words}</span>
      ))}
    </span>
  );
}

/** Width of a bar with its margin in px. */
const BAR = 44;
/** Characters by which the best value may be wider for its weight, so that all bars stand in line. */
const BOLDER = 0.6;

function metricCell(model: ExperimentModel, place: RowPlace, id: string, width: number): ComponentChildren {
  const value = numberAt(place, storedId(id));
  if (value === undefined) return null;
  const scale = model.scales.value(id);
  if (place.columns.groupAt.has(place.at)) {
    const { text, title } = groupNumber(numbersOf(place.columns, storedId(id)), place.at, scale.format);
    return (
      <span class="dim" title={title}>
        {text}
      </span>
    );
  }
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
          style={{ backgroundSize: `${Math.round(Math.min(1, fraction) * 100)}% 100%, 100% 100%` }}
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

function deltaCell(model: ExperimentModel, place: RowPlace, id: string): ComponentChildren {
  const baseline = model.baseline.place.value;
  if (baseline === undefined || place.columns.groupAt.has(place.at)) return null;
  if (place.columns.run_ids[place.at] === model.baseline.id.value) return <span class="dim small">baseline</span>;
  const [value, other] = [numberAt(place, storedId(id)), numberAt(baseline, storedId(id))];
  if (value === undefined || other === undefined || isOutside(value) || isOutside(other)) return null;
  const difference = value - other;
  const better = directionOf(partsOf(id)?.key ?? id) === "lower" ? difference < 0 : difference > 0;
  const text = differenceText(difference, model.scales.value(id).format);
  return deltaOf(text, difference === 0 ? undefined : better, "the baseline", String(difference));
}

/** Px of a cell's curve. */
const CURVE = { height: 18 };

interface CurveProps {
  model: ExperimentModel;
  metricKey: string;
  place: RowPlace;
  width: number;
}

function Curve({ model, metricKey, place, width }: CurveProps) {
  const { columns, at } = place;
  const line = model.curve.of(metricKey, columns.run_ids[at] ?? "").value;
  if (line === undefined) return null;
  const last = line.steps.at(-1);
  const running = columns.statuses[at] === "RUNNING" && !isStuck(place);
  if (line.values.length === 1 || line.values.every((value) => isOutside(value))) {
    const stopped = columns.statuses[at] === "FAILED" && last !== undefined;
    return stopped ? <span class="dim small">stopped at step {last}</span> : null;
  }
  const ordinal = columns.ordinals[at] ?? 0;
  const size = { width: Math.max(24, width - PADDING), height: CURVE.height };
  return <Sparkline line={line} ordinal={ordinal} {...size} running={running} />;
}

// The words alone are bound to the clock: a tick draws no row anew.

function Age({ model, time }: { model: ExperimentModel; time: number }) {
  const words = useMemo(() => computed(() => formatAge(time, model.now.value)), [model, time]);
  if (Number.isNaN(time)) return null;
  return (
    <span class="dim" title={formatTimestamp(time)}>
      {words}
    </span>
  );
}

/** What has no process takes no longer. */
function isStuck({ columns, at }: RowPlace): boolean {
  return columns.stuck?.includes(columns.run_ids[at] ?? "") === true;
}

function durationCell(model: ExperimentModel, place: RowPlace, width: number): ComponentChildren {
  const { columns, at } = place;
  const start = columns.start_times[at] ?? Number.NaN;
  const end = columns.end_times[at] ?? Number.NaN;
  if (Number.isNaN(start) || columns.groupAt.has(at)) return null;
  if (columns.statuses[at] === "RUNNING" && !isStuck(place))
    return <Elapsed model={model} start={start} width={width} />;
  return Number.isNaN(end) ? null : <span class="dim">{formatDuration(end - start)}</span>;
}

function Elapsed({ model, start, width }: { model: ExperimentModel; start: number; width: number }) {
  const words = useMemo(() => computed(() => formatDuration(model.now.value - start)), [model, start]);
  return <span class={mayNotFit(words.peek(), width) ? "dim cut" : "dim"}>{words}</span>;
}
