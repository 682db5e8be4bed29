// When a run was last heard of. No vscode: tested with real stores.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../mlflow/entities.ts";
import type { Remote } from "../../protocol/rpc.ts";
import type { StoreMethods } from "../../store/store.ts";

/** A RUNNING run of which nothing was heard for so long (ms) has no process, as far as can be told; as long as our server waits for one. */
export const QUIET = 24 * 3_600_000;
/** Files and folders of a run's artifacts that are looked at. */
const MOST_FILES = 200;
/** Children that are looked at, the newest; and how deep. */
const CHILDREN = 20;
const DEEPEST = 3;

export type SignStore = Pick<Remote<StoreMethods>, "getRun" | "runNodes" | "localArtifactPath">;

/**
 * The latest of a run's start, its metrics' times, the times of its artifacts where they lie on this machine, and the signs
 * of its child runs; in ms since the epoch. MLflow (3.17) keeps no time of params and tags. Times after `now` tell nothing.
 */
export async function lastSignOf(store: SignStore, run: Run, now: number, deep = 0): Promise<number> {
  const { run_id, experiment_id, start_time, end_time } = run.info;
  const times = [start_time ?? 0, end_time ?? 0, ...run.data.metrics.map(({ timestamp }) => timestamp)];
  times.push(...(await artifactTimes(store, run_id)));
  if (deep < DEEPEST) {
    const { items } = await store.runNodes({ experiment_id, parent_run_id: run_id, max_results: CHILDREN });
    for (const child of items) {
      times.push(child.start_time ?? 0, child.end_time ?? 0);
      if (child.status !== "RUNNING") continue;
      times.push(await lastSignOf(store, await store.getRun({ run_id: child.run_id }), now, deep + 1));
    }
  }
  return Math.max(0, ...times.filter((time) => time <= now));
}

async function artifactTimes(store: SignStore, run_id: string): Promise<number[]> {
  // Absent, elsewhere, or not ours to read: there is no sign of it then.
  const root = await store.localArtifactPath({ run_id, path: "" }).catch(() => undefined);
  const times: number[] = [];
  const waiting = root === undefined ? [] : [root.file];
  for (let path = waiting.shift(); path !== undefined && times.length < MOST_FILES; path = waiting.shift()) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    times.push(found.mtimeMs);
    if (!found.isDirectory()) continue;
    for (const name of await readdir(path).catch((): string[] => [])) waiting.push(join(path, name));
  }
  return times;
}
