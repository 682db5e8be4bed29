// No vscode: tested as a table.
import type { LastRunResult } from "../../protocol/language.ts";
import type { Direction } from "../../protocol/panels/settings.ts";

/** The finished run with the best value of the metric that the newest of them is known by; undefined when no other logged it. */
export function bestRun<T extends LastRunResult>(
  runs: readonly T[],
  directionOf: (metricKey: string) => Direction,
): T | undefined {
  const finished = runs.filter(({ status, metric }) => status === "FINISHED" && isFinite(metric?.value));
  const key = finished[0]?.metric?.key;
  if (key === undefined) return undefined;
  const sign = directionOf(key) === "lower" ? 1 : -1;
  const [best, second] = finished
    .filter(({ metric }) => metric?.key === key)
    .toSorted((a, b) => sign * ((a.metric?.value ?? 0) - (b.metric?.value ?? 0)));
  return second === undefined ? undefined : best;
}

function isFinite(value: number | undefined): boolean {
  // SQL stores keep infinity as the largest double (mlflow 3.17.2).
  return value !== undefined && !Number.isNaN(value) && Math.abs(value) < Number.MAX_VALUE;
}
