import type { KeyValue, Metric } from "../../mlflow/entities.ts";
import { formatCount, formatDuration } from "./format.ts";

// How far a running run is, where its params say how far it goes.

/** Params that clients log for the number of steps, and those for epochs. */
const TOTALS = new Set(
  "max_steps total_steps num_steps n_steps steps max_iter max_iters iterations num_iterations n_iter num_boost_round n_estimators num_rounds epochs max_epochs num_epochs n_epochs num_train_epochs".split(
    " ",
  ),
);

/** How far a run is: its latest step, and the one it goes to; undefined where nothing tells. */
export function progressOf(
  params: readonly KeyValue[],
  metrics: readonly Metric[],
): { latest: Metric; total: number } | undefined {
  let latest: Metric | undefined;
  for (const metric of metrics) {
    if (metric.key.startsWith("system/")) continue;
    if (latest === undefined || metric.step > latest.step) latest = metric;
  }
  if (latest === undefined || latest.step < 1) return undefined;
  const { step } = latest;
  // Of several the least that is not passed: epochs and steps may both be told.
  const totals = params
    .filter(({ key }) => TOTALS.has(key.toLowerCase()))
    .map(({ value }) => Number(value))
    .filter((total) => Number.isInteger(total) && total >= step);
  return totals.length === 0 ? undefined : { latest, total: Math.min(...totals) };
}

/** `step 410 of 500 · about 45 s left`; undefined where nothing tells. */
export function progressText(params: KeyValue[], metrics: Metric[], start: number | undefined, now: number) {
  const progress = progressOf(params, metrics);
  if (progress === undefined) return undefined;
  const { latest, total } = progress;
  const { step } = latest;
  const done = `step ${formatCount(step)} of ${formatCount(total)}`;
  if (start === undefined || step >= total) return done;
  const left = ((latest.timestamp - start) / step) * (total - step) - (now - latest.timestamp);
  return left > 0 ? `${done} · about ${roughly(left)} left` : done;
}

/** One unit is enough for a guess. */
function roughly(ms: number): string {
  return ms < 60_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : formatDuration(ms).replace(/ \d\d [ms]$/, "");
}
