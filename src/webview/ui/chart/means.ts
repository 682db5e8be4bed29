import { isOutside } from "../format.ts";
import { type ChartLine, isAscending, nearestIndex, xsOf } from "./lines.ts";

// Groups of lines as one: their mean, and how far they lie from it.

export interface LineGroup {
  id: string;
  name: string;
  /** Fixes the colour. */
  ordinal: number;
  lines: ChartLine[];
}

/** Places at which a mean is taken, at most. */
const MOST_PLACES = 400;

/** One line a group; where it has two members or more, with the sample deviation around it. */
export function meanLine({ id, name, ordinal, lines }: LineGroup): ChartLine | undefined {
  const ascending = lines.filter((line) => isAscending(xsOf(line)));
  const at = placesOf(ascending);
  if (at.length === 0) return undefined;
  const values = new Float64Array(at.length).fill(Number.NaN);
  const deviations = new Float64Array(at.length);
  at.forEach((x, i) => {
    let [count, mean, squares] = [0, 0, 0];
    for (const line of ascending) {
      const value = valueAt(line, x);
      if (value === undefined) continue;
      count += 1;
      const away = value - mean;
      mean += away / count;
      squares += away * (value - mean);
    }
    if (count > 0) values[i] = mean;
    if (count > 1) deviations[i] = Math.sqrt(squares / (count - 1));
  });
  const line = { run_id: id, steps: at, timestamps: at, values, total: at.length, began: Number.NaN };
  return { run_id: id, name, ordinal, running: lines.some(({ running }) => running), line, xs: at, deviations };
}

/** Where any member has a point, thinned evenly. */
function placesOf(lines: ChartLine[]): Float64Array {
  const all = [...new Set(lines.flatMap((line) => [...xsOf(line)]))].sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(all.length / MOST_PLACES));
  return Float64Array.from(all.filter((_, i) => i % every === 0 || i === all.length - 1));
}

/** A line's value at `x`, between its points where it has none there; undefined before its first and after its last. */
function valueAt(each: ChartLine, x: number): number | undefined {
  const xs = xsOf(each);
  const { values } = each.line;
  const near = nearestIndex(xs, x);
  if (near < 0) return undefined;
  const exact = values[near] ?? Number.NaN;
  if (xs[near] === x) return isOutside(exact) ? undefined : exact;
  const left = (xs[near] ?? 0) <= x ? near : near - 1;
  const [fromX, toX, from, to] = [xs[left], xs[left + 1], values[left], values[left + 1]];
  if (fromX === undefined || toX === undefined || from === undefined || to === undefined) return undefined;
  if (isOutside(from) || isOutside(to)) return undefined;
  return from + ((to - from) * (x - fromX)) / (toX - fromX || 1);
}
