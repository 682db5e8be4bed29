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

/** How long ago: one unit to eight weeks, then a date. `now` and `then` in ms since the epoch. */
export function ageText(then: number, now: number): string {
  const age = Math.max(0, now - then);
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} m`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < 2 * WEEK) return `${Math.floor(age / DAY)} d`;
  if (age < 8 * WEEK) return `${Math.floor(age / WEEK)} w`;
  return new Date(then).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** A duration in ms: 18 ms · 1.7 s · 3 m 12 s · 1 h 04 m. */
export function durationText(duration: number): string {
  if (duration < SECOND) return `${Math.round(duration)} ms`;
  if (duration < MINUTE) return `${(duration / SECOND).toFixed(1)} s`;
  if (duration < HOUR) return `${Math.floor(duration / MINUTE)} m ${Math.floor((duration % MINUTE) / SECOND)} s`;
  const minutes = String(Math.floor((duration % HOUR) / MINUTE)).padStart(2, "0");
  return `${Math.floor(duration / HOUR)} h ${minutes} m`;
}

/** `1 run`, `1,279 runs`, `no runs`. */
export function countText(count: number, noun: string): string {
  if (count === 0) return `no ${noun}s`;
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** The shortest that a name is cut to, in characters. */
const SHORTEST = 6;

/** A name of at most `length` characters, but never fewer than six, cut in the middle; digits at its end stay whole. */
export function cutMiddle(name: string, length: number): string {
  const kept = Math.max(SHORTEST, length) - 1;
  if (name.length <= kept + 1) return name;
  const digits = /\d*$/.exec(name)?.[0].length ?? 0;
  const end = Math.min(kept - 1, Math.max(Math.floor(kept / 2), digits));
  return `${name.slice(0, kept - end)}…${name.slice(name.length - end)}`;
}

/** A status in words, for screen readers and hovers. */
export function statusText(status: RunStatus): string {
  return status.toLowerCase();
}
