import type { Metric } from "../../mlflow/entities.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import type { TrackingStore } from "../trackingStore.ts";
import type { Database } from "./database.ts";
import { byRun } from "./historyIndex.ts";
import { type MetricRow, type RunRow, toMetric } from "./runRows.ts";

/** What SQLite stores for ±Infinity, as MLflow does. */
const LARGEST = Number.MAX_VALUE;

/** Logs metrics inside a transaction: history, latest values, and the metrics of logged models. */
export function metricWriter(db: Database): (run: RunRow, metrics: Metric[]) => void {
  // The primary key covers every column: an exact repeat is dropped.
  const insert = db.prepare<[string, string, number, number, number, number], unknown>(
    `INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const upsertLatest = db.prepare<[string, string, number, number, number, number], unknown>(
    `INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (key, run_uuid) DO UPDATE
     SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan
     WHERE (excluded.step, excluded.timestamp, excluded.value)
         > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)`,
  );
  const insertModelMetric = db.prepare<(string | number | null)[], unknown>(
    `INSERT INTO main.logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value,
       experiment_id, run_id, dataset_uuid, dataset_name, dataset_digest)
     VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?) ON CONFLICT DO NOTHING`,
  );
  return ({ experiment_id, run_uuid }, metrics) => {
    const latest = new Map<string, Metric>();
    for (const metric of metrics) {
      const { key, value, timestamp, step, model_id } = metric;
      insert.run(run_uuid, key, storedValue(value), timestamp, step, Number.isNaN(value) ? 1 : 0);
      const before = latest.get(key);
      if (before === undefined || isLater(metric, before)) latest.set(key, metric);
      if (model_id === undefined || model_id === "") continue;
      const { dataset_name = null, dataset_digest = null } = metric;
      const place = [experiment_id, run_uuid, dataset_name, dataset_digest];
      insertModelMetric.run(model_id, key, timestamp, step, storedValue(value), ...place);
    }
    for (const { key, value, timestamp, step } of latest.values()) {
      upsertLatest.run(run_uuid, key, storedValue(value), timestamp, step, Number.isNaN(value) ? 1 : 0);
    }
  };
}

/** As the database compares them: by step, then time, then value; NaN counts as 0. */
function isLater(metric: Metric, before: Metric): boolean {
  if (metric.step !== before.step) return metric.step > before.step;
  if (metric.timestamp !== before.timestamp) return metric.timestamp > before.timestamp;
  return storedValue(metric.value) > storedValue(before.value);
}

function storedValue(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(LARGEST, Math.max(-LARGEST, value));
}

export function metricMethods(db: Database): Pick<TrackingStore, "metricHistory"> {
  return {
    metricHistory: async ({ run_id, metric_key, max_results, page_token }) => {
      const offset = offsetOf(page_token);
      return db.read(() => {
        const limit = max_results === undefined ? -1 : max_results + 1;
        const history = db.prepare<[string, string, number, number], MetricRow>(
          `SELECT key, value, timestamp, step, is_nan FROM metrics ${byRun(db)} WHERE run_uuid = ? AND key = ?
           ORDER BY timestamp, step, value LIMIT ? OFFSET ?`,
        );
        const rows = history.all(run_id, metric_key, limit, offset);
        const toMetrics = (page: MetricRow[]) => page.map((row) => ({ ...toMetric(row), run_id }));
        return pageOf(rows, offset, max_results ?? rows.length, toMetrics);
      });
    },
  };
}
