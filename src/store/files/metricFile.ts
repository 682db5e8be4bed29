import { closeSync, openSync, readSync } from "node:fs";
import type { Metric } from "../../mlflow/entities.ts";
import { pythonNumber } from "../../mlflow/pythonNumber.ts";
import { READ_FLAGS } from "./stamps.ts";

// A metric's file: `timestamp value step` a line, and in mlflow 3.x a dataset's name and digest after them.

/** What a metric's file holds, without its history. */
export interface Curve {
  /** The point with the greatest step, then time, then value. */
  latest: Metric;
  /** Time of the first line (ms). */
  first: number;
  /** More than one step. */
  stepped: boolean;
  /** Bytes read so far: up to the end of the last whole line. */
  end: number;
}

/** Most histories fit in this many bytes, and longer ones are read in pieces of `PIECE`. */
const SMALL = Buffer.allocUnsafeSlow(1 << 16);
const PIECE = 4 << 20;
/** Characters of the longest line that may be a point: a dataset's name has 500 at most. */
const LONGEST_LINE = 4_096;

/** Calls `take` with each line from byte `start`; answers the byte after the last line that is whole. `take` reads no other file. */
export function eachLine(path: string, start: number, take: (line: string) => void): number {
  const file = openSync(path, READ_FLAGS);
  try {
    let buffer = SMALL;
    let kept = 0;
    let end = start;
    for (;;) {
      const room = buffer.length - kept;
      const read = readSync(file, buffer, kept, room, end + kept);
      const filled = kept + read;
      const whole = filled === 0 ? 0 : buffer.lastIndexOf(10, filled - 1) + 1;
      if (whole > 0) for (const line of buffer.toString("utf8", 0, whole - 1).split("\n")) take(line);
      end += whole;
      kept = filled - whole;
      if (whole === 0 && kept >= PIECE) {
        // No line of ours is as long: it is passed over in pieces, of which none is a point.
        end += kept;
        kept = 0;
        take("");
        if (read < room) return end;
        continue;
      }
      if (read < room) {
        // A last line without its end is taken (an editor may have cut it off), and read again next time.
        if (kept > 0) take(buffer.toString("utf8", whole, filled));
        return end;
      }
      const enough = Math.max(PIECE, kept * 2);
      const next = buffer.length >= enough ? buffer : Buffer.allocUnsafeSlow(enough);
      buffer.copy(next, 0, whole, filled);
      buffer = next;
    }
  } finally {
    closeSync(file);
  }
}

/** A line as a point; undefined when it is malformed. */
export function readPoint(key: string, line: string): Metric | undefined {
  if (line.length > LONGEST_LINE) return undefined;
  const parts = line.trim().split(" ");
  if (parts.length < 2 || parts.length === 4 || parts.length > 5) return undefined;
  const timestamp = wholeNumber(parts[0]);
  const value = pythonNumber(parts[1] ?? "");
  const step = parts.length === 2 ? 0 : wholeNumber(parts[2]);
  if (timestamp === undefined || value === undefined || step === undefined) return undefined;
  const metric: Metric = { key, value, timestamp, step };
  if (parts[3] !== undefined) metric.dataset_name = parts[3];
  if (parts[4] !== undefined) metric.dataset_digest = parts[4];
  return metric;
}

export function wholeNumber(text: string | undefined): number | undefined {
  const number = text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  // MLflow answers times and steps in 64 bits.
  return Math.abs(number) <= 2 ** 63 ? number : undefined;
}

/** A number as Python's repr() writes it. */
export function pythonRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const text =
    exponent < 0 ? value.toFixed(Math.max(0, digits.replace(/[-.]/g, "").length - 1 - exponent)) : String(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** Python's max() over (step, timestamp, value): the first stays unless a later one is greater, which NaN never is. */
export function isLater(next: Metric, latest: Metric): boolean {
  if (next.step !== latest.step) return next.step > latest.step;
  if (next.timestamp !== latest.timestamp) return next.timestamp > latest.timestamp;
  return next.value > latest.value;
}

/** Reads a metric's file on from what is known of it. Undefined when it has no line that can be read. */
export function readCurve(path: string, key: string, before?: Curve): Curve | undefined {
  let latest = before?.latest;
  let first = before?.first ?? 0;
  let stepped = before?.stepped ?? false;
  const end = eachLine(path, before?.end ?? 0, (line) => {
    const point = readPoint(key, line);
    if (point === undefined) return;
    if (latest === undefined) {
      latest = point;
      first = point.timestamp;
      return;
    }
    stepped ||= point.step !== latest.step;
    if (isLater(point, latest)) latest = point;
  });
  return latest === undefined ? undefined : { latest, first, stepped, end };
}
