// Times and metrics in a lens (DESIGN.md, "Numbers").

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** How long ago `time` was, in one unit; from eight weeks on a date. Both in ms since the epoch. */
export function age(time: number, now: number): string {
  const passed = Math.max(0, now - time);
  if (passed < MINUTE) return `${Math.floor(passed / SECOND)} s ago`;
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} m ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  if (passed < WEEK) return `${Math.floor(passed / DAY)} d ago`;
  if (passed < 8 * WEEK) return `${Math.floor(passed / WEEK)} w ago`;
  return new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** A duration in ms: `1.7 s`, `3 m 12 s`, `1 h 04 m`, `1 d 03 h`. */
export function duration(length: number): string {
  if (length < SECOND) return `${Math.floor(length)} ms`;
  if (length < MINUTE) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < HOUR) return twoUnits(length, MINUTE, "m", SECOND, "s");
  return length < DAY ? twoUnits(length, HOUR, "h", MINUTE, "m") : twoUnits(length, DAY, "d", HOUR, "h");
}

function twoUnits(length: number, large: number, largeName: string, small: number, smallName: string): string {
  const second = String(Math.floor((length % large) / small)).padStart(2, "0");
  return `${Math.floor(length / large)} ${largeName} ${second} ${smallName}`;
}

/** A metric with four decimals; very small and very large ones with four digits and an exponent. */
export function metric(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  // SQL stores keep infinity as the largest double (mlflow 3.17.2).
  if (Math.abs(value) >= Number.MAX_VALUE) return value < 0 ? "\u2212∞" : "∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(3).replace("e+", "e") : value.toFixed(4);
  return text.replaceAll("-", "\u2212");
}
