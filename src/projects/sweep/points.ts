import { MlflowError } from "../../mlflow/errors.ts";
import { gridValues, MOST_POINTS, parseSweepValues, sampleValue } from "./values.ts";

export const SWEEP_METHODS = ["grid", "random"] as const;
export type SweepMethod = (typeof SWEEP_METHODS)[number];

/** Which runs a sweep has: the same ones whenever it is asked, so that nothing but this is kept of them. */
export interface SweepPlan {
  method: SweepMethod;
  /** Values of each parameter as a person wrote them; see `parseSweepValues`. */
  parameters: [name: string, values: string][];
  /** How many runs, by chance. Not for a grid, which has them all. */
  count?: number;
  /** Of the chance; 0 when absent. */
  seed?: number;
}

/** The values of one run. */
export type SweepPoint = [name: string, value: string][];

/**
 * The runs of a sweep, in their order: of a grid the last parameter changes fastest; by chance none comes twice, as long as
 * there are enough. @throws MlflowError in one sentence.
 */
export function pointsOf(plan: SweepPlan): SweepPoint[] {
  if (plan.parameters.length === 0) throw wrong("Give several values to at least one parameter.");
  const parsed = plan.parameters.map(([name, text]) => ({ name, values: parseSweepValues(text) }));
  if (plan.method === "random") return byChance(plan, parsed);
  let points: SweepPoint[] = [[]];
  for (const { name, values } of parsed) {
    const all = [...new Set(gridValues(values))];
    if (points.length * all.length > MOST_POINTS)
      throw wrong(`A sweep has at most ${MOST_POINTS} runs, and this grid has more.`);
    points = points.flatMap((point) => all.map((value): SweepPoint => [...point, [name, value]]));
  }
  return points;
}

/** How often a run that is there already is drawn again before there are taken to be no more. */
const MOST_DRAWS = 1000;

function byChance(
  { count, seed = 0 }: SweepPlan,
  parsed: { name: string; values: ReturnType<typeof parseSweepValues> }[],
): SweepPoint[] {
  if (count === undefined || !Number.isInteger(count) || count < 1 || count > MOST_POINTS) {
    throw wrong(`By chance there are 1 to ${MOST_POINTS} runs; say how many.`);
  }
  const random = mulberry32(seed);
  const points = new Map<string, SweepPoint>();
  for (let draws = 0; points.size < count && draws < MOST_DRAWS; draws += 1) {
    const point = parsed.map(({ name, values }): [string, string] => [name, sampleValue(values, random)]);
    const key = JSON.stringify(point);
    if (points.has(key)) continue;
    points.set(key, point);
    draws = 0;
  }
  return [...points.values()];
}

/** Numbers from 0 up to 1 that follow from a seed. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function wrong(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
