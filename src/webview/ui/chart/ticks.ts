import { formatDate } from "../format.ts";

// Round axis ticks: 4 to 6 of them, at 1, 2, 2.5 or 5 times a power of ten.

export interface Axis {
  min: number;
  max: number;
  ticks: number[];
  /** Decimals that every label needs. */
  decimals: number;
  /** Absent: plain numbers, evenly spaced. `time` is ms since the epoch, `duration` ms. */
  kind?: "log" | "time" | "duration" | "names";
  /** Of a `names` axis: the names of 0, 1, 2, … */
  names?: string[];
}

const ROUND = [1, 2, 2.5, 5, 10];

/** An axis that holds `min … max`; `whole` keeps ticks at integers (steps). */
export function axisFor(min: number, max: number, whole = false): Axis {
  if (!(max > min))
    return axisFor(min - (Math.abs(min) * 0.1 || (whole ? 0 : 1)), max + (Math.abs(max) * 0.1 || 1), whole);
  const step = stepFor(min, max, whole);
  const first = Math.floor(min / step + 1e-9);
  const last = Math.ceil(max / step - 1e-9);
  const decimals = decimalsOf(step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(decimals)));
  return { min: first * step, max: last * step, ticks, decimals };
}

/** The round step that gives 4 to 6 ticks and leaves the least room unused. */
function stepFor(min: number, max: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10((max - min) / 5));
  let best = Number.POSITIVE_INFINITY;
  let chosen = power * 10;
  for (const factor of ROUND) {
    const step = whole ? Math.max(1, Math.round(factor * power)) : factor * power;
    const intervals = Math.ceil(max / step - 1e-9) - Math.floor(min / step + 1e-9);
    const room = intervals * step;
    if (intervals <= 5 && (intervals >= 3 || step === 1) && room < best - step * 1e-9) {
      best = room;
      chosen = step;
    }
  }
  return chosen;
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}

/** Keeps `current` while the data stays inside it and fills at least a third of it, so that a growing line does not make its axis jump. */
export function steadyAxis(current: Axis | undefined, min: number, max: number, whole = false): Axis {
  const holds = current !== undefined && min >= current.min && max <= current.max;
  if (current !== undefined && holds && max - min >= (current.max - current.min) / 3) return current;
  return axisFor(min, max, whole);
}

/** A logarithmic axis with ticks at 1, 2 and 5 times powers of ten; at powers alone from three decades on. `min` is above 0. */
export function logAxis(min: number, max: number): Axis {
  const low = Math.floor(Math.log10(min) + 1e-9);
  const high = Math.ceil(Math.log10(max) - 1e-9);
  const decades = high - low;
  const factors = decades > 3 ? [1] : [1, 2, 5];
  const every = Math.max(1, Math.ceil(decades / 6));
  const all: number[] = [];
  for (let power = low - 1; power <= high; power++)
    for (const factor of factors) if (decades <= 3 || (power - low) % every === 0) all.push(power10(factor, power));
  if (all.at(-1) !== power10(1, high) && (high - low) % every === 0) all.push(power10(1, high));
  const first = Math.max(
    0,
    all.findLastIndex((tick) => tick <= min * (1 + 1e-9)),
  );
  const found = all.findIndex((tick) => tick >= max * (1 - 1e-9) && tick > (all[first] ?? 0));
  const last = found < 0 ? all.length - 1 : found;
  const ticks = all.slice(first, last + 1);
  return {
    min: Math.min(ticks[0] ?? min, min),
    max: Math.max(ticks.at(-1) ?? max, max),
    ticks,
    decimals: 0,
    kind: "log",
  };
}

function power10(factor: number, power: number): number {
  return Number(`${factor}e${power}`);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CLOCK_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 60, 90, 180, 365, 730, 1825].map((n) => n * DAY),
];

/** An axis of ms: wall time in local time, or a duration. It ends where the data ends. */
export function clockAxis(min: number, max: number, kind: "time" | "duration"): Axis {
  if (!(max > min)) return clockAxis(min, min + SECOND, kind);
  const step = CLOCK_STEPS.find((ms) => (max - min) / ms <= 5) ?? 3650 * DAY;
  const shift = kind === "time" ? -new Date(min).getTimezoneOffset() * MINUTE : 0;
  const ticks: number[] = [];
  for (let tick = Math.ceil((min + shift) / step) * step - shift; tick <= max; tick += step) ticks.push(tick);
  return { min, max, ticks, decimals: 0, kind };
}

/** Names side by side, each in the middle of its room. */
export function namesAxis(names: string[]): Axis {
  return {
    min: -0.5,
    max: Math.max(1, names.length) - 0.5,
    ticks: names.map((_, i) => i),
    decimals: 0,
    kind: "names",
    names,
  };
}

/** The axis that shows exactly `min … max`, as after zooming, in the manner of `like`. */
export function cutAxis(like: Axis, min: number, max: number, whole = false): Axis {
  if (like.kind === "time" || like.kind === "duration") return clockAxis(min, max, like.kind);
  if (like.kind === "names") return { ...like, min, max };
  if (like.kind === "log" && max / min > 8) {
    const rounded = logAxis(min, max);
    return { ...rounded, min, max, ticks: rounded.ticks.filter((tick) => tick >= min && tick <= max) };
  }
  const rounded = axisFor(min, max, whole);
  const ticks = rounded.ticks.filter((tick) => tick >= min && tick <= max);
  return { ...rounded, min, max, ticks, ...(like.kind === undefined ? {} : { kind: like.kind }) };
}

/** An axis label: true minus, `k` and `M` for large steps, exponent for very small and very large numbers. */
export function tickLabel(value: number, axis: Axis): string {
  switch (axis.kind) {
    case "names":
      return axis.names?.[value] ?? "";
    case "time":
      return timeLabel(value, axis);
    case "duration":
      return durationLabel(value, stepOf(axis));
    case "log":
      return logLabel(value);
    case undefined:
      return numberLabel(value, axis);
    default:
      return axis.kind satisfies never;
  }
}

function stepOf({ ticks, min, max }: Axis): number {
  const [first, second] = ticks;
  return first === undefined || second === undefined ? (max - min) / 4 : second - first;
}

/** The clock's time, with the date instead where a day begins or ticks are days apart. */
function timeLabel(value: number, axis: Axis): string {
  const step = stepOf(axis);
  const at = new Date(value);
  const two = (part: number) => String(part).padStart(2, "0");
  if (step >= DAY || (at.getHours() === 0 && at.getMinutes() === 0 && step >= MINUTE))
    return formatDate(value).replace(/ \d{4}$/, "");
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (step >= MINUTE) return clock;
  const seconds = `${clock}:${two(at.getSeconds())}`;
  return step >= SECOND ? seconds : `${seconds}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

/** `0`, `500 ms`, `30 s`, `5 m`, `1 h 30 m`, `2 d`. */
function durationLabel(value: number, step: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? "\u2212" : "";
  if (size === 0) return "0";
  if (step < SECOND) return `${sign}${trimmed(size / SECOND, 3)} s`;
  if (step >= DAY) return `${sign}${trimmed(size / DAY)} d`;
  const parts: [number, string][] = [
    [Math.floor(size / HOUR), "h"],
    [Math.floor((size % HOUR) / MINUTE), "m"],
    [Math.round((size % MINUTE) / SECOND), "s"],
  ];
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return `${sign}${shown.slice(0, 2).join(" ")}`;
}

function logLabel(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e4) return minus(String(Number(value.toPrecision(3))));
  if (size >= 1e4 && size < 1e9) return size < 1e6 ? `${trimmed(value / 1e3)}k` : `${trimmed(value / 1e6)}M`;
  return Number(value.toPrecision(2)).toExponential().replace("e+", "e").replaceAll("-", "\u2212");
}

function numberLabel(value: number, axis: Axis): string {
  const size = Math.max(Math.abs(axis.min), Math.abs(axis.max));
  if (value === 0) return "0";
  if (size >= 1e9 || size < 1e-4) return value.toExponential(1).replace("e+", "e").replaceAll("-", "\u2212");
  if (size >= 1e6) return minus(`${trimmed(value / 1e6)}M`);
  if (size >= 1e4) return minus(`${trimmed(value / 1e3)}k`);
  return minus(value.toFixed(axis.decimals));
}

function trimmed(value: number, decimals = 2): string {
  return String(Number(value.toFixed(decimals)));
}

function minus(text: string): string {
  return text.replace("-", "\u2212");
}
