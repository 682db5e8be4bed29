import { type Signal, signal } from "@preact/signals";
import type { ExperimentHost } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { SeriesLine } from "../../../protocol/series.ts";

/** Points of a line that is as wide as a cell. */
const POINTS = 60;
/** Cells that come on screen within this many ms are asked for together. */
const TOGETHER = 40;
/** Runs of one question. */
const AT_ONCE = 100;
/** Curves kept; beyond, all are forgotten. */
const KEPT = 3000;

export interface Curves {
  /** Undefined while it is not there. Asks for it. */
  of(metric_key: string, run_id: string): Signal<SeriesLine | undefined>;
  /** These runs have logged more; undefined: any may have. */
  changed(run_ids: readonly string[] | undefined): void;
  /** Everything is asked for again, once it is drawn again: the runs may be gone. */
  forget(): void;
  dispose(): void;
}

/** The curves that stand in cells of the table, read as they come on screen. */
export function curves(host: Pick<Remote<ExperimentHost>, "metricSeries">, failed: (error: unknown) => void): Curves {
  const known = new Map<string, Map<string, Signal<SeriesLine | undefined>>>();
  let wanted = new Map<string, Set<string>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const want = (metric_key: string, run_id: string) => {
    const runs = wanted.get(metric_key) ?? new Set();
    wanted.set(metric_key, runs.add(run_id));
    timer ??= setTimeout(read, TOGETHER);
  };
  const read = () => {
    timer = undefined;
    const asked = wanted;
    wanted = new Map();
    for (const [metric_key, runs] of asked) {
      const ids = [...runs].slice(-AT_ONCE);
      host
        .metricSeries({ metric_key, run_ids: ids, points: POINTS, rough: true })
        .then(({ lines }) => {
          const cells = known.get(metric_key);
          for (const line of lines) {
            const cell = cells?.get(line.run_id);
            if (cell !== undefined) cell.value = line;
          }
        })
        .catch(failed);
    }
  };
  return {
    of(metric_key, run_id) {
      const cells = known.get(metric_key) ?? new Map<string, Signal<SeriesLine | undefined>>();
      if (cells.size > KEPT) cells.clear();
      known.set(metric_key, cells);
      const cell = cells.get(run_id);
      if (cell !== undefined) return cell;
      const fresh = signal<SeriesLine | undefined>(undefined);
      cells.set(run_id, fresh);
      want(metric_key, run_id);
      return fresh;
    },
    changed(run_ids) {
      for (const [metric_key, cells] of known) {
        // What is not on screen is read again when it comes back.
        for (const id of run_ids ?? [...cells.keys()]) if (cells.has(id)) want(metric_key, id);
      }
    },
    forget() {
      known.clear();
      wanted.clear();
    },
    dispose: () => clearTimeout(timer),
  };
}
