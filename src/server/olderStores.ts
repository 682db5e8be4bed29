import type { Metric } from "../mlflow/entities.ts";
import type { MoreMethods } from "../store/store.ts";
import type { TrackingStore } from "../store/trackingStore.ts";

// What mlflow answered before 3.17: those who share a database of such a release expect it.

const MAX_HISTORY = 25_000;

/** Whether an mlflow before 3.17 made the store's database. */
export async function isOlder(store: MoreMethods): Promise<boolean> {
  return (await store.isBefore?.({ release: "3.17.2" })) ?? false;
}

/**
 * Histories thinned by steps: as many of all runs' steps as asked for, evenly, besides the last one and the first and last
 * of each run; each run has all its points at those steps (mlflow 3.6 `get_metric_history_bulk_interval`).
 */
export async function sampleBySteps(
  store: TrackingStore,
  {
    run_ids,
    metric_key,
    count,
    range,
  }: { run_ids: string[]; metric_key: string; count: number; range?: [number, number] },
  inOrder: (a: Metric, b: Metric) => number,
): Promise<(Metric & { run_id: string })[]> {
  const histories: (Metric & { run_id: string })[][] = [];
  for (const run_id of run_ids) {
    const { items } = await store.metricHistory({ run_id, metric_key });
    histories.push(items.toSorted(inOrder).map((metric) => ({ ...metric, run_id })));
  }
  const all = [...new Set(histories.flat().map(({ step }) => step))].toSorted((a, b) => a - b);
  const [start, end] = range ?? [0, all.at(-1) ?? 0];
  const isInside = (step: number) => step >= start && step <= end;
  const wanted = new Set(evenly(all.filter(isInside), count));
  for (const history of histories) {
    for (const point of [history[0], history.at(-1)]) if (point && isInside(point.step)) wanted.add(point.step);
  }
  return histories.flatMap((history) => history.filter(({ step }) => wanted.has(step)).slice(0, MAX_HISTORY));
}

function evenly(steps: number[], count: number): number[] {
  if (steps.length <= count) return steps;
  const interval = steps.length / count;
  const places = Array.from({ length: count }, (_, i) => Math.floor(i * interval));
  return [...places, steps.length - 1].map((place) => steps[place] ?? 0);
}
