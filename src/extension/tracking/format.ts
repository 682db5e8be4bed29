// Numbers and times as rows show them (DESIGN.md, "Numbers"). No vscode: tested as tables.
import type { RunStatus } from "../../mlflow/entities.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** The true minus sign, as wide as a digit. */
const MINUS = "\u2212";

/** A metric in a row: three decimals, four digits with an exponent when very small or large. */
export function metricText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  // SQLite stores keep ±Infinity as the largest double (mlflow 3.17).
  if (Math.abs(value) >= Number.MAX_VALUE) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  const tiny = size !== 0 && size < 1e-4;
  const text = tiny || size >= 1e7 ? value.toExponential(3).replace("e+", "e") : value.toFixed(3);
  return text.replaceAll("-", MINUS);
}

/** How long ago: one unit to eight weeks, then a date; a dash for 0, which is not known. `now` and `then` in ms since the epoch. */
export function ageText(then: number, now: number): string {
  if (then === 0) return "–";
  const age = Math.max(0, now - then);
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} m`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < WEEK) return `${Math.floor(age / DAY)} d`;
  if (age < 8 * WEEK) return `${Math.floor(age / WEEK)} w`;
  return new Date(then).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** `2 h ago`, or a date; both times in ms since the epoch. */
export function agoText(then: number, now: number): string {
  const age = ageText(then, now);
  return now - then < 8 * WEEK ? `${age} ago` : age;
}

/** A duration in ms: 18 ms · 1.7 s · 3 m 12 s · 1 h 04 m · 1 d 03 h. */
export function durationText(length: number): string {
  if (length < SECOND) return `${Math.floor(length)} ms`;
  if (length < MINUTE) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < HOUR) return twoUnits(length, MINUTE, "m", SECOND, "s");
  return length < DAY ? twoUnits(length, HOUR, "h", MINUTE, "m") : twoUnits(length, DAY, "d", HOUR, "h");
}

function twoUnits(length: number, large: number, largeName: string, small: number, smallName: string): string {
  const second = String(Math.floor((length % large) / small)).padStart(2, "0");
  return `${Math.floor(length / large)} ${largeName} ${second} ${smallName}`;
}

/** `1 run`, `1,279 runs`, `no runs`. */
export function countText(count: number, noun: string): string {
  if (count === 0) return `no ${noun}s`;
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Fewer characters than this say nothing of a name. */
const SHORTEST = 6;

/** A name of at most `length` characters, cut in the middle; digits at its end stay whole. Empty where it would say nothing. */
export function cutMiddle(name: string, length: number): string {
  if (name.length <= length) return name;
  if (length < SHORTEST) return "";
  const kept = Math.floor(length) - 1;
  const digits = /\d*$/.exec(name)?.[0].length ?? 0;
  const end = Math.min(kept - 1, Math.max(Math.floor(kept / 2), digits));
  return `${name.slice(0, kept - end)}…${name.slice(name.length - end)}`;
}

/** Characters of a description in a side bar of 300 px, beside an empty name of a run below its experiment. */
const ROW = 28;
/** A character of a row's name is this much wider than one of its description. */
const NAME = 1.17;

/** A metric behind a run's name. The value is always seen; of its name as much as the usual side bar has room for. */
export function metricBehind(name: string, metric: { key: string; value: number }): string {
  const value = metricText(metric.value);
  const key = cutMiddle(metric.key, Math.round(ROW - NAME * name.length) - value.length - 1);
  return key === "" ? value : `${key} ${value}`;
}

/** A status in words, for screen readers and hovers. */
export function statusText(status: RunStatus): string {
  return status.toLowerCase();
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes, 1000-based, with one decimal below 10: 340 kB · 1.2 MB. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit > 0 && size < 9.95 ? size.toFixed(1) : size.toFixed(0)} ${BYTE_UNITS[unit]}`;
}
