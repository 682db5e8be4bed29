// Points and spans of time as protobuf's JSON spells them.
import { MlflowError } from "../mlflow/errors.ts";

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[-+]\d\d:\d\d)$/;
const DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

/** ms since the epoch of `2026-11-23T14:15:18.000Z`; 0 when it was not sent. Throws INVALID_PARAMETER_VALUE. */
export function readTimestamp(text: string | undefined): number {
  if (text === undefined) return 0;
  const time = TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new MlflowError("INVALID_PARAMETER_VALUE", `'${text}' is not a timestamp.`);
  return time;
}

/** The years that protobuf can print end with 9999; other times are told as their nearest bound. */
export function printTimestamp(time: number): string {
  const bounded = Math.min(Math.max(Math.trunc(time), -62_135_596_800_000), 253_402_300_799_999);
  return new Date(bounded).toISOString().replace(".000Z", "Z");
}

/** ms of `0.104s`. Throws INVALID_PARAMETER_VALUE. */
export function readDuration(text: string): number {
  const [, sign = "", seconds = "", fraction = ""] = DURATION.exec(text) ?? [];
  if (seconds === "") throw new MlflowError("INVALID_PARAMETER_VALUE", `'${text}' is not a duration.`);
  const time = Number(seconds) * 1000 + Number(fraction.padEnd(9, "0").slice(0, 3));
  return sign === "-" ? -time : time;
}

export function printDuration(time: number): string {
  const whole = Math.trunc(Math.abs(time));
  const rest = whole % 1000;
  const fraction = rest === 0 ? "" : `.${String(rest).padStart(3, "0")}`;
  return `${time < 0 ? "-" : ""}${Math.floor(whole / 1000)}${fraction}s`;
}
