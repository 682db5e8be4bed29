import type { TraceCounts } from "../store/traceStore.ts";

/** Added to each cell of the table, so that few traces do not say too much (Jeffreys' prior, as mlflow 3.17). */
const PRIOR = 0.5;

/** How much two filters go together, from -1 to 1 (normalized pointwise mutual information); NaN where it is undefined. */
export function correlation({ total, first, second, both }: TraceCounts): { npmi: number; npmi_smoothed: number } {
  const cells = [both, first - both, second - both, total - first - second + both] as const;
  if (total <= 0 || first === 0 || second === 0 || Math.min(...cells) < 0) {
    return { npmi: Number.NaN, npmi_smoothed: Number.NaN };
  }
  return { npmi: both === 0 ? -1 : npmi(cells, 0), npmi_smoothed: npmi(cells, PRIOR) };
}

function npmi([n11, n10, n01, n00]: readonly [number, number, number, number], prior: number): number {
  if (n10 === 0 && n01 === 0 && n00 === 0) return 1;
  const both = n11 + prior;
  const [one, two] = [both + n10 + prior, both + n01 + prior];
  const all = one + n01 + n00 + 2 * prior;
  const information = Math.log(both) + Math.log(all) - (Math.log(one) + Math.log(two));
  return Math.max(-1, Math.min(1, information / (Math.log(all) - Math.log(both))));
}
