// How numbers, times and names are written in every panel. Shown text only: copy and export give the stored value.

const MINUS = "\u2212";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** SQLite stores keep ±Infinity as ±the largest double (mlflow 3.17 `SqlMetric`). */
const LARGEST = Number.MAX_VALUE;

/** How one column of metric values is written. */
export type MetricFormat = { kind: "fixed"; decimals: number } | { kind: "exponent" };

/** True for NaN, ±Infinity and what MLflow stores for the latter: written in warning text, never drawn as a point. */
export function isOutside(value: number): boolean {
  return Number.isNaN(value) || Math.abs(value) >= LARGEST;
}

/** What decides the format of a column, so that parts of it can be looked at one by one. */
export interface FormatFacts {
  largest: number;
  integers: boolean;
  /** Decimals from which no two different neighbours look equal, at most 6. */
  distinct: number;
}

export const NO_FACTS: FormatFacts = { largest: 0, integers: true, distinct: 0 };

/** Facts of `values`, which are in the order they are shown. */
export function formatFacts(values: Iterable<number>): FormatFacts {
  const facts = { ...NO_FACTS };
  let before: number | undefined;
  for (const value of values) {
    if (isOutside(value)) continue;
    facts.largest = Math.max(facts.largest, Math.abs(value));
    facts.integers &&= Number.isInteger(value);
    if (before !== undefined && before !== value) {
      while (facts.distinct < MOST_DECIMALS && before.toFixed(facts.distinct) === value.toFixed(facts.distinct))
        facts.distinct++;
    }
    before = value;
  }
  return facts;
}

export function mergedFacts(a: FormatFacts, b: FormatFacts): FormatFacts {
  return {
    largest: Math.max(a.largest, b.largest),
    integers: a.integers && b.integers,
    distinct: Math.max(a.distinct, b.distinct),
  };
}

const MOST_DECIMALS = 6;

/** One format for the whole column. */
export function formatOf({ largest, integers, distinct }: FormatFacts): MetricFormat {
  if (largest >= 1e7 || (largest > 0 && largest < 1e-4)) return { kind: "exponent" };
  const usual = largest === 0 || integers ? 0 : 3 - Math.floor(Math.log10(largest));
  return { kind: "fixed", decimals: Math.max(distinct, Math.min(MOST_DECIMALS, Math.max(0, usual))) };
}

/** The format that fits all `values`, which are in the order they are shown. */
export function metricFormat(values: Iterable<number>): MetricFormat {
  return formatOf(formatFacts(values));
}

/** A metric value in its column's format, with a true minus. */
export function formatMetric(value: number, format: MetricFormat): string {
  if (Number.isNaN(value)) return "NaN";
  if (isOutside(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  return trueMinus(format.kind === "exponent" ? value.toExponential(3) : unsignedZero(value.toFixed(format.decimals)));
}

/** Always signed; equal = `0`. What is smaller than the format shows is told with its own digits. */
export function differenceText(difference: number, format: MetricFormat): string {
  if (difference === 0) return "0";
  const text = formatMetric(difference, format);
  const shown = /[1-9]/.test(text) ? text : formatMetric(difference, { kind: "exponent" });
  return difference > 0 ? `+${shown}` : shown;
}

/** A metric value that stands alone: its own four digits. */
export function formatValue(value: number): string {
  return formatMetric(value, metricFormat([value]));
}

function trueMinus(text: string): string {
  return text.replaceAll("-", MINUS).replace("e+", "e");
}

function unsignedZero(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** True when every text is a number, so that the column is right-aligned. */
export function allNumbers(texts: Iterable<string | null>): boolean {
  let some = false;
  for (const text of texts) {
    if (text === null) continue;
    if (text.trim() === "" || Number.isNaN(Number(text))) return false;
    some = true;
  }
  return some;
}

/** `ms` as a length of time: ms, seconds with one decimal, then two units. */
export function formatDuration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < SECOND) return `${Math.floor(length)} ms`;
  if (length < MINUTE) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < HOUR) return twoUnits(length, MINUTE, "m", SECOND, "s");
  if (length < DAY) return twoUnits(length, HOUR, "h", MINUTE, "m");
  return twoUnits(length, DAY, "d", HOUR, "h");
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const first = Math.floor(ms / large);
  const second = Math.floor((ms - first * large) / small);
  return `${first} ${largeName} ${twoDigits(second)} ${smallName}`;
}

/** Of what old releases and other clients wrote, the time may be missing: it is 0 then. */
function isKnown(time: number): boolean {
  return time > 0;
}

const UNKNOWN = "–";

/** How long ago `time` was at `now` (both ms since the epoch): one unit up to 8 weeks, then a date; a dash where it is not known. */
export function formatAge(time: number, now: number): string {
  if (!isKnown(time)) return UNKNOWN;
  const age = Math.max(0, now - time);
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} m`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < WEEK) return `${Math.floor(age / DAY)} d`;
  if (age <= 8 * WEEK) return `${Math.floor(age / WEEK)} w`;
  return formatDate(time);
}

/** The same in a sentence: `3 h ago`, `12 Mar 2026`. */
export function formatAgo(time: number, now: number): string {
  return isKnown(time) && now - time <= 8 * WEEK ? `${formatAge(time, now)} ago` : formatAge(time, now);
}

// Written out: the first format of `Intl` that a page makes takes longer than all else it does until its rows are seen.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];

/** `12 Mar 2026`, in local time. */
export function formatDate(time: number): string {
  const date = new Date(time);
  // Nanoseconds, as some clients log them, are beyond all dates.
  if (Number.isNaN(date.getTime())) return `${time} ms`;
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** Local time with seconds and zone, for hovers. */
export function formatTimestamp(time: number): string {
  if (!isKnown(time)) return "not known";
  return `${formatDate(time)} ${formatClock(time)} ${zoneOf(time)}`.trim();
}

/** When a run started: `today 14:02:51`, or with its date. */
export function formatStart(time: number, now: number): string {
  if (!isKnown(time)) return UNKNOWN;
  const day = formatDate(time);
  return `${day === formatDate(now) ? "today" : day} ${formatClock(time)}`.trim();
}

function formatClock(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "";
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
}

/** `GMT+5:30`. */
function zoneOf(time: number): string {
  const offset = -new Date(time).getTimezoneOffset();
  if (offset === 0) return "UTC";
  if (Number.isNaN(offset)) return "";
  const minutes = Math.abs(offset) % 60;
  return `GMT${offset < 0 ? MINUS : "+"}${Math.floor(Math.abs(offset) / 60)}${minutes === 0 ? "" : `:${twoDigits(minutes)}`}`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, "0");
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** 1000-based, one decimal below 10. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  const text = unit > 0 && size < 9.95 ? size.toFixed(1) : size.toFixed(0);
  return `${text} ${BYTE_UNITS[unit]}`;
}

/** Languages that write counts as we do in the code, and those among them that put commas between thousands. */
const PLAIN = /^(?:en|de|fr|es|it|pt|nl|pl|cs|hu|tr|ru|bg|ja|ko|zh)\b/;
const WITH_COMMAS = /^en(?:-US|-GB)?$/;
const countFormats = new Map<string, Intl.NumberFormat>();

/** Thousands separated, in the editor's language. */
export function formatCount(count: number, language: string = navigator.language): string {
  if (Math.abs(count) < 1000 && PLAIN.test(language)) return String(count);
  if (WITH_COMMAS.test(language)) return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
  const format = countFormats.get(language) ?? new Intl.NumberFormat(language);
  countFormats.set(language, format);
  return format.format(count);
}

/** `1 run`, `128 runs`. */
export function countOf(count: number, noun: string, language?: string): string {
  return `${formatCount(count, language)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A name of at most `length` characters, cut in the middle but never in its last digits. */
export function cutMiddle(name: string, length: number): string {
  if (name.length <= length) return name;
  const digits = /[-_=.]?\d+$/.exec(name)?.[0] ?? "";
  const tail = digits.length > 0 && digits.length < length - 2 ? digits : name.slice(-Math.floor((length - 1) / 2));
  return `${name.slice(0, length - 1 - tail.length)}…${tail}`;
}
