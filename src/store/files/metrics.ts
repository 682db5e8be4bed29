import { join } from "node:path";
import type { Metric } from "../../mlflow/entities.ts";
import type { SeriesLine, SeriesQuery } from "../../protocol/series.ts";
import { pause } from "../chain.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import { type Points, sortWithinSteps, toLine } from "../series.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { eachLine, readPoint } from "./metricFile.ts";
import type { StoreFolder } from "./storeFolder.ts";

export function metricMethods(store: StoreFolder): Pick<TrackingStore, "metricHistory" | "metricSeries"> {
  const histories = new FileHistories(store);
  return {
    /** In the order of the file, repeats and all, as Python's file store gives it. */
    metricHistory: async ({ run_id, metric_key, max_results, page_token }) => {
      const offset = offsetOf(page_token);
      const file = fileOf(store, run_id, metric_key);
      const page: Metric[] = [];
      let index = 0;
      const end = max_results === undefined ? Number.POSITIVE_INFINITY : offset + max_results + 1;
      if (file !== undefined) {
        eachPoint(file, metric_key, (point) => {
          if (index >= offset && index < end) page.push({ ...point, run_id });
          index++;
        });
      }
      return pageOf(page, offset, max_results ?? page.length, (points) => points);
    },
    metricSeries: async (query: SeriesQuery, signal?: AbortSignal) => {
      const { run_ids, metric_key, x_metric } = query;
      const lines: SeriesLine[] = [];
      let pausedAt = performance.now();
      for (const run_id of run_ids) {
        const all = histories.read(run_id, metric_key);
        const xs = x_metric === undefined ? undefined : histories.read(run_id, x_metric);
        lines.push(toLine(run_id, all, query, xs));
        if (performance.now() - pausedAt < 20) continue;
        await pause(signal);
        pausedAt = performance.now();
      }
      return { metric_key, lines };
    },
  };
}

/** Points of all histories that are kept: 24 MB. */
const MOST_POINTS = 1_000_000;

/** Histories that charts asked for, until their files have grown. */
class FileHistories {
  readonly #store: StoreFolder;
  readonly #kept = new Map<string, { end: number; points: Points }>();

  constructor(store: StoreFolder) {
    this.#store = store;
  }

  read(run_id: string, key: string): Points {
    const name = `${run_id}/${key}`;
    const end = this.#store.run(run_id).stored.curves.get(key)?.end ?? 0;
    const known = this.#kept.get(name);
    this.#kept.delete(name);
    const points = known?.end === end ? known.points : readHistory(this.#store, run_id, key);
    this.#kept.set(name, { end, points });
    this.#trim();
    return points;
  }

  #trim(): void {
    let count = 0;
    for (const { points } of this.#kept.values()) count += points.values.length;
    for (const [name, { points }] of this.#kept) {
      if (count <= MOST_POINTS || this.#kept.size === 1) return;
      this.#kept.delete(name);
      count -= points.values.length;
    }
  }
}

/** All points of a metric; none where the run does not have it. */
export function readHistory(store: StoreFolder, run_id: string, key: string): Points {
  const file = fileOf(store, run_id, key);
  const points: Metric[] = [];
  if (file !== undefined) eachPoint(file, key, (point) => points.push(point));
  points.sort((a, b) => a.step - b.step);
  return sortWithinSteps({
    steps: Float64Array.from(points, ({ step }) => step),
    timestamps: Float64Array.from(points, ({ timestamp }) => timestamp),
    values: Float64Array.from(points, ({ value }) => value),
  });
}

/** The file of a metric that the run has: the key is one of those found in its folder, never a path of the caller's. */
function fileOf(store: StoreFolder, run_id: string, key: string): string | undefined {
  const { stored, folder } = store.run(run_id);
  return stored.curves.has(key) ? join(folder, "metrics", key) : undefined;
}

function eachPoint(file: string, key: string, take: (point: Metric) => void): void {
  eachLine(file, 0, (line) => {
    const point = readPoint(key, line);
    if (point !== undefined) take(point);
  });
}
