import type { Bar } from "../../../ui/chart/barDrawing.ts";
import { type ChartLine, nearestOf, xsOf } from "../../../ui/chart/lines.ts";
import { isOutside } from "../../../ui/format.ts";

// Values less those of the baseline run.

/** The baseline's own bar stays, with 0, so that it is seen what the others are compared with. */
export function differenceBars(bars: Bar[], baseline: string | undefined): Bar[] {
  const zero = bars.find(({ run_id }) => run_id === baseline)?.value;
  if (zero === undefined) return [];
  return bars.map((bar) =>
    bar.run_id === baseline ? { ...bar, value: 0, baseline: true } : { ...bar, value: bar.value - zero },
  );
}

/** Each line less the baseline's value at the same place, between its points where it has none there; the baseline is 0. */
export function differenceLines(lines: ChartLine[], baseline: string | undefined): ChartLine[] {
  return lines.flatMap((line) => {
    const zero = lines.find((other) => other.run_id === baseline && other.part?.key === line.part?.key);
    if (zero === undefined) return [];
    const xs = xsOf(line);
    const at = interpolation(zero);
    const values = line.line.values.map((value, i) => value - at(xs[i] ?? Number.NaN));
    return [{ ...line, line: { ...line.line, values } }];
  });
}

function interpolation(line: ChartLine): (x: number) => number {
  const xs = xsOf(line);
  const { values } = line.line;
  return (x) => {
    const near = nearestOf(xs, x);
    if (near < 0) return Number.NaN;
    if (xs[near] === x) return values[near] ?? Number.NaN;
    const left = (xs[near] ?? 0) <= x ? near : near - 1;
    const [fromX, toX, from, to] = [xs[left], xs[left + 1], values[left], values[left + 1]];
    if (fromX === undefined || toX === undefined || from === undefined || to === undefined) return Number.NaN;
    if (isOutside(from) || isOutside(to)) return Number.NaN;
    return from + ((to - from) * (x - fromX)) / (toX - fromX || 1);
  };
}
