// The values that a sweep gives one parameter, as a person writes them: a list, a range, or a range on a log scale.
import { MlflowError } from "../../mlflow/errors.ts";

export type SweepValues =
  | { kind: "list"; values: string[] }
  | {
      kind: "range";
      from: number;
      to: number;
      /** Distance between two values. At most one of `step` and `count`. */
      step?: number;
      /** How many values, both ends among them. */
      count?: number;
      /** Evenly spaced by their logarithms. */
      log: boolean;
      /** Both ends are whole numbers, so that values between are. */
      whole: boolean;
    };

/** Most values of one parameter, and most runs of one sweep: their states are one tag. */
export const MOST_POINTS = 5000;

const NUMBER = String.raw`[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?`;
const RANGE = new RegExp(`^(log\\s+)?(${NUMBER})\\s*\\.\\.\\s*(${NUMBER})(?:\\s+(step|in)\\s+(${NUMBER}))?$`);

/**
 * Reads `0.1, 0.2, 0.5`, `1..9`, `0..1 step 0.25`, `0..1 in 5`, `log 1e-4..1 in 5`. Quotes keep a comma in a value of a list.
 * @throws MlflowError in one sentence.
 */
export function parseSweepValues(text: string): SweepValues {
  const range = RANGE.exec(text.trim());
  if (range === null) return { kind: "list", values: parseList(text) };
  const [, log, first = "", last = "", word, amount = ""] = range;
  const [from, to, by] = [Number(first), Number(last), Number(amount)];
  if (from > to) throw wrong(`${text}: a range goes up, from its smaller end.`);
  if (log !== undefined && from <= 0) throw wrong(`${text}: a range on a log scale begins above 0.`);
  if (log !== undefined && word === "step") throw wrong(`${text}: on a log scale say how many, such as \`in 5\`.`);
  if (word === "step" && by <= 0) throw wrong(`${text}: a step is above 0.`);
  if (word === "in" && (!Number.isInteger(by) || by < 2))
    throw wrong(`${text}: say how many with a whole number from 2.`);
  const whole = Number.isInteger(from) && Number.isInteger(to) && !/[.eE]/.test(first + last);
  const values: SweepValues = { kind: "range", from, to, log: log !== undefined, whole };
  return { ...values, ...(word === "step" ? { step: by } : word === "in" ? { count: by } : {}) };
}

/** Every value, for a grid. @throws MlflowError when a range does not say which, or there are too many. */
export function gridValues(values: SweepValues): string[] {
  if (values.kind === "list") return values.values;
  const { from, to, log, whole } = values;
  const step = values.step ?? (whole && !log && values.count === undefined ? 1 : undefined);
  if (step !== undefined) {
    // A little more than whole, since 0.1 + 0.2 is more than 0.3.
    const count = Math.floor((to - from) / step + 1e-9) + 1;
    checkCount(count);
    return Array.from({ length: count }, (_, index) => numberText(from + index * step));
  }
  const { count } = values;
  if (count === undefined)
    throw wrong(`${from}..${to} needs \`step\` or \`in\`, such as \`in 5\`, to be a list of values.`);
  checkCount(count);
  return Array.from({ length: count }, (_, index) => numberText(between(from, to, index / (count - 1), log)));
}

/** One value by chance; `random` gives numbers from 0 up to 1. What says `step` or `in` is chosen from as a list. */
export function sampleValue(values: SweepValues, random: () => number): string {
  if (values.kind === "list" || values.step !== undefined || values.count !== undefined) {
    const all = gridValues(values);
    return all[Math.floor(random() * all.length)] ?? "";
  }
  const { from, to, log, whole } = values;
  if (whole && !log) return String(from + Math.floor(random() * (to - from + 1)));
  const value = between(from, to, random(), log);
  return whole ? String(Math.round(value)) : numberText(value, 6);
}

function between(from: number, to: number, part: number, log: boolean): number {
  return log ? from * (to / from) ** part : from + (to - from) * part;
}

/** Without the noise of binary fractions. */
function numberText(value: number, digits = 12): string {
  return String(Number(value.toPrecision(digits)));
}

function parseList(text: string): string[] {
  const values = [...text.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^,]*))\s*(?:,|$)/gs)]
    .filter((match) => match[0] !== "")
    .map(([, double, single, plain]) => double?.replace(/\\(.)/gs, "$1") ?? single ?? plain?.trim() ?? "");
  if (text.trim() === "") throw wrong("Give at least one value.");
  checkCount(values.length);
  return values;
}

function checkCount(count: number): void {
  if (count > MOST_POINTS) throw wrong(`A sweep has at most ${MOST_POINTS} runs, and this gives ${count} values.`);
}

function wrong(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
