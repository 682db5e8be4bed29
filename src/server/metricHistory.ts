import type { GetMetricHistoryBulkInterval } from "../mlflow/api.generated.ts";
import type { Metric } from "../mlflow/entities.ts";
import type { SampledHistories } from "../store/printedReads.ts";
import { samplePlaces } from "../store/samplePlaces.ts";
import type { MoreMethods } from "../store/store.ts";
import type { TrackingStore } from "../store/trackingStore.ts";
import { invalid } from "../store/validation.ts";
import { type Handlers, sent, text } from "./handlers.ts";
import { isOlder, sampleBySteps } from "./olderStores.ts";
import { SEE_DOCS } from "./request.ts";

// Histories of several runs at once, as MLflow's own web page asks for them. Limits are those of mlflow 3.17.
const MAX_RUNS = 100;
const MAX_BULK = 25_000;
const MAX_SAMPLED = 2500;

type MetricOfRun = Metric & { run_id: string };

/** `GET /ajax-api/2.0/mlflow/metrics/get-history-bulk`: points by run, time, step and value; never more than MAX_BULK. */
export async function metricHistoryBulk(store: TrackingStore, query: URLSearchParams): Promise<MetricOfRun[]> {
  const run_ids = query.getAll("run_id");
  if (run_ids.length === 0) throw invalid("GetMetricHistoryBulk request must specify at least one run_id.");
  if (run_ids.length > MAX_RUNS) {
    const message = `GetMetricHistoryBulk request cannot specify more than ${MAX_RUNS} run_ids.`;
    throw invalid(`${message} Received ${run_ids.length} run_ids.`);
  }
  const metric_key = query.get("metric_key");
  if (metric_key === null) throw invalid("GetMetricHistoryBulk request must specify a metric_key.");
  const wanted = readWanted(query.get("max_results"));
  const limit = wanted < 0 ? MAX_BULK : Math.min(wanted, MAX_BULK);
  const found: MetricOfRun[] = [];
  for (const run_id of [...new Set(run_ids)].toSorted()) {
    if (found.length >= limit) break;
    const { items } = await store.metricHistory({ run_id, metric_key, max_results: limit - found.length });
    found.push(...items.toSorted(byTime).map((metric) => ({ ...metric, run_id })));
  }
  // A negative number leaves out so many at the end, as a slice does in Python.
  return found.slice(0, wanted);
}

function readWanted(max_results: string | null): number {
  if (max_results === null) return MAX_BULK;
  const digits = /^\s*([-+]?\d+(?:_\d+)*)\s*$/.exec(max_results)?.[1];
  if (digits === undefined) throw invalid(`max_results must be an integer. ${SEE_DOCS}`);
  return Number(digits.replaceAll("_", ""));
}

/** The call that samples each run's history evenly; its first and last points are always among them. */
export function metricHistoryHandlers(store: TrackingStore & MoreMethods): Handlers {
  return {
    getMetricHistoryBulkInterval: async (request) => {
      const { run_ids, metric_key, start_step, end_step, max_results } = sampledHistories(request);
      if (await isOlder(store)) {
        const range: [number, number] | undefined =
          start_step === undefined || end_step === undefined ? undefined : [start_step, end_step];
        const query = sent({ run_ids, metric_key, count: max_results, range });
        return { metrics: await sampleBySteps(store, query, byStep) };
      }
      const metrics: MetricOfRun[] = [];
      for (const run_id of run_ids) {
        const { items } = await store.metricHistory({ run_id, metric_key });
        const inside = items.filter(({ step }) => step >= (start_step ?? step) && step <= (end_step ?? step));
        const sampled = sample(inside.toSorted(byStep), max_results);
        metrics.push(...sampled.map((metric) => ({ ...metric, run_id })));
      }
      return { metrics };
    },
  };
}

/** The request checked. Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
export function sampledHistories(request: GetMetricHistoryBulkInterval): SampledHistories {
  const { run_ids = [], metric_key, start_step, end_step, max_results } = request;
  if (run_ids.length > MAX_RUNS) {
    const message = `GetMetricHistoryBulkInterval request must specify at most ${MAX_RUNS} run_ids.`;
    throw invalid(`${message} Received ${run_ids.length} run_ids. ${SEE_DOCS}`);
  }
  if (max_results !== undefined && !(max_results >= 1 && max_results <= MAX_SAMPLED)) {
    throw invalid(`max_results must be between 1 and ${MAX_SAMPLED}. ${SEE_DOCS}`);
  }
  checkInterval(start_step, end_step);
  return sent({ run_ids, metric_key: text(metric_key), start_step, end_step, max_results: max_results ?? MAX_SAMPLED });
}

function checkInterval(start: number | undefined, end: number | undefined): void {
  if ((start === undefined) !== (end === undefined)) {
    throw invalid("If either start step or end step are specified, both must be specified.");
  }
  if (start !== undefined && end !== undefined && start > end) {
    const found = `Found start_step=${start} and end_step=${end}.`;
    throw invalid(`end_step must be greater than start_step. ${found}`);
  }
}

function sample(points: Metric[], count: number): Metric[] {
  if (points.length <= count) return points;
  return samplePlaces(points.length, count)
    .map((place) => points[place])
    .filter((point) => point !== undefined);
}

function byTime(a: Metric, b: Metric): number {
  return a.timestamp - b.timestamp || a.step - b.step || compareValues(a, b);
}

function byStep(a: Metric, b: Metric): number {
  return a.step - b.step || a.timestamp - b.timestamp || compareValues(a, b);
}

/** NaN is stored as 0 with a mark, and comes after a true 0. */
function compareValues(a: Metric, b: Metric): number {
  return (a.value || 0) - (b.value || 0) || Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
}
