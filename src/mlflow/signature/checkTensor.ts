import type { Json } from "./json.ts";
import type { TensorSpec } from "./types.ts";
import { kindWords } from "./takes.ts";
import { tensorWords } from "./words.ts";

/**
 * Checks a tensor that is written as nested lists against its shape and dtype, and converts what loses nothing. MLflow 3.17.2 makes
 * numpy's array of the dtype out of it, which would cut 1.5 to 1 without a word. Gives the value, or one sentence.
 */
export function checkTensor(value: Json, spec: TensorSpec): { value: Json } | { problem: string } {
  const name = spec.name ?? "The input";
  const { dtype, shape } = spec;
  // An array of objects takes anything.
  if (dtype === "object" && shape.length === 1 && shape[0] === -1) return { value };
  const found = dtype === "object" ? evenShapeOf(value) : shapeOf(value);
  if (found === undefined)
    return { problem: `${name} takes lists of one length on each level, for ${tensorWords(spec)}.` };
  const fits = found.length === shape.length && shape.every((length, i) => length === -1 || length === found[i]);
  if (!fits) return { problem: `${name} takes the shape (${shape.join(", ")}), and this is (${found.join(", ")}).` };
  const take = TAKES[dtype] ?? takeAny;
  let problem: string | undefined;
  const convert = (each: Json, at: string): Json => {
    if (problem !== undefined) return null;
    if (Array.isArray(each)) return each.map((inner, i) => convert(inner, `${at}[${i}]`));
    const taken = take(each);
    if (taken === undefined) {
      const where = at === "" ? name : `${spec.name ?? "input"}${at}`;
      problem = `${where} takes a ${dtype}, and this is ${kindWords(each)}.`;
    }
    return taken ?? null;
  };
  const converted = convert(value, "");
  return problem === undefined ? { value: converted } : { problem };
}

/** Lengths from the outside to the inside; undefined where they are uneven. */
export function shapeOf(value: Json): number[] | undefined {
  if (!Array.isArray(value)) return [];
  const [first, ...rest] = value;
  if (first === undefined) return [0];
  const inner = shapeOf(first);
  if (inner === undefined) return undefined;
  const same = rest.every((each) => {
    const other = shapeOf(each);
    return other !== undefined && other.length === inner.length && other.every((length, i) => length === inner[i]);
  });
  return same ? [value.length, ...inner] : undefined;
}

/** Of objects: the levels on which all are lists of one length; what is below is the objects. */
function evenShapeOf(value: Json): number[] {
  const shape: number[] = [];
  for (let level: Json[] = [value]; level.length > 0; ) {
    const lists = level.flatMap((each) => (Array.isArray(each) ? [each] : []));
    const length = lists[0]?.length;
    if (length === undefined || lists.length < level.length || lists.some((list) => list.length !== length)) break;
    shape.push(length);
    level = lists.flat();
  }
  return shape;
}

type Take = (value: Json) => Json | undefined;

const takeAny: Take = (value) => value;

function takeWhole(least: bigint, most: bigint): Take {
  return (value) => {
    const whole = typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
    return typeof whole === "bigint" && whole >= least && whole <= most ? whole : undefined;
  };
}

function takeFloat(largest: number): Take {
  return (value) => {
    // numpy reads None as NaN.
    if (value === null) return Number.NaN;
    const number = typeof value === "bigint" ? Number(value) : value;
    if (typeof number !== "number") return undefined;
    const overflows = Math.abs(number) > largest && (typeof value === "bigint" || Number.isFinite(number));
    return overflows ? undefined : number;
  };
}

const TAKES: Record<string, Take> = {
  bool: (value) => (typeof value === "boolean" ? value : undefined),
  str: (value) => (typeof value === "string" ? value : undefined),
  bytes: (value) => (typeof value === "string" ? value : undefined),
  float16: takeFloat(65_504),
  float32: takeFloat(3.402_823_466_385_288_6e38),
  float64: takeFloat(Number.MAX_VALUE),
  ...Object.fromEntries(
    [8n, 16n, 32n, 64n].flatMap((bits) => [
      [`int${bits}`, takeWhole(-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n)],
      [`uint${bits}`, takeWhole(0n, (1n << bits) - 1n)],
    ]),
  ),
};
