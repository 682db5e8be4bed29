import type { Metric } from "./entities.ts";

/**
 * The metrics of a model version, a value for each key: what its logged model was measured with last, else what its run logged
 * last. Of one and the same point the run's value counts, for a logged model keeps a NaN as 0 (mlflow 3.17).
 */
export function metricsOfVersion(run: readonly Metric[], model: readonly Metric[]): Metric[] {
  const found = new Map(run.map((metric) => [metric.key, metric]));
  const latest = new Map<string, Metric>();
  for (const metric of model) {
    const before = latest.get(metric.key);
    if (before === undefined || isLater(metric, before)) latest.set(metric.key, metric);
  }
  for (const [key, metric] of latest) if (found.get(key)?.step !== metric.step) found.set(key, metric);
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function isLater(one: Metric, other: Metric): boolean {
  return one.step === other.step ? one.timestamp >= other.timestamp : one.step > other.step;
}
