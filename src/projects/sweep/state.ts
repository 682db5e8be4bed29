// What a sweep tells of itself: two tags of its run, and nothing else.
import { tagOf, type KeyValue, type Run, type RunStatus } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { parseObject } from "../jsonObject.ts";
import type { EnvManager, ParamQuoting } from "../request.ts";
import type { RunnerMark } from "../workflow/state.ts";
import { pointsOf, type SweepPlan, type SweepPoint } from "./points.ts";

export const SWEEP_TAG = {
  /** JSON of `SweepTag`, on the run of the sweep. */
  sweep: "flowdeck.sweep",
  /** One letter for each run, in their order; see `QUEUE_LETTERS`. On the run of the sweep. */
  queue: "flowdeck.sweep.queue",
  /** Which of the runs it is, from 0; on the runs of the sweep. */
  index: "flowdeck.sweep.index",
} as const;

interface SweepTag {
  format: 1;
  /** Absolute path of the project on the machine of the runner. */
  projectFolder: string;
  entry_point: string;
  /** Absolute path of the folder that relative paths among the values count from; absent in what an older version wrote. */
  valuesFolder?: string;
  plan: SweepPlan;
  env_manager?: EnvManager;
  python?: string;
  paramQuoting?: ParamQuoting;
  maxParallel: number;
  runner: RunnerMark;
  /** ms since the epoch, of the latest start or resume. */
  started_at: number;
  /** ms since the epoch; absent while it goes on, and when its runner died. */
  ended_at?: number;
  /** How often it was resumed. */
  resumed: number;
}

export type QueueStatus = "waiting" | "running" | "finished" | "failed" | "killed";
const QUEUE_LETTERS: Record<QueueStatus, string> = {
  waiting: ".",
  running: "r",
  finished: "f",
  failed: "x",
  killed: "k",
};

/** One run of a sweep, started or not. */
export interface QueueEntry {
  index: number;
  values: SweepPoint;
  status: QueueStatus;
  /** Its run, the latest one when it was tried again; absent before, and when the runs below were not given. */
  run?: Run;
}

/** A sweep as its run tells it. The values that all its runs share are the params of its run. */
export interface SweepState extends Omit<SweepTag, "format"> {
  run_id: string;
  experiment_id: string;
  status: RunStatus;
  queue: QueueEntry[];
}

/** The state that a run tells; `children` adds the runs of the queue. Undefined when it is not the run of a sweep. */
export function readSweepState(
  { info, data }: Pick<Run, "info" | "data">,
  children: readonly Run[] = [],
): SweepState | undefined {
  const tags = new Map(data.tags.map(({ key, value }) => [key, value]));
  const tag = readTag(tags.get(SWEEP_TAG.sweep));
  if (tag === undefined) return undefined;
  const letters = tags.get(SWEEP_TAG.queue) ?? "";
  const runs = latestByIndex(children);
  const queue = readPoints(tag.plan).map((values, index): QueueEntry => {
    const run = runs.get(index);
    return { index, values, status: statusOf(letters[index]), ...(run === undefined ? {} : { run }) };
  });
  const { format: _, ...rest } = tag;
  return { ...rest, run_id: info.run_id, experiment_id: info.experiment_id, status: info.status, queue };
}

/** The tag of the whole. @throws MlflowError when it would not go into a tag. */
export function sweepTag(tag: Omit<SweepTag, "format">): KeyValue {
  const value = JSON.stringify({ format: 1, ...tag });
  // MLflow's limit up to 2.14.3.
  if (value.length <= 5000) return { key: SWEEP_TAG.sweep, value };
  throw new MlflowError(
    "INVALID_PARAMETER_VALUE",
    "These are too many values for one sweep: write a range, or make several sweeps.",
  );
}

export function queueTag(queue: readonly Pick<QueueEntry, "status">[]): KeyValue {
  return { key: SWEEP_TAG.queue, value: queue.map(({ status }) => QUEUE_LETTERS[status]).join("") };
}

/** The latest run of each place in the queue. */
export function latestByIndex(children: readonly Run[]): Map<number, Run> {
  const found = new Map<number, Run>();
  for (const run of children) {
    const text = tagOf(run, SWEEP_TAG.index);
    const index = Number(text);
    if (text === undefined || !Number.isInteger(index)) continue;
    const before = found.get(index);
    if (before === undefined || (before.info.start_time ?? 0) <= (run.info.start_time ?? 0)) found.set(index, run);
  }
  return found;
}

function statusOf(letter: string | undefined): QueueStatus {
  const known = (Object.keys(QUEUE_LETTERS) as QueueStatus[]).find((status) => QUEUE_LETTERS[status] === letter);
  return known ?? "waiting";
}

/** The border: what another version wrote is passed over. */
function readTag(text: string | undefined): SweepTag | undefined {
  const tag = parseObject(text);
  return tag !== undefined && "plan" in tag ? (tag as unknown as SweepTag) : undefined;
}

function readPoints(plan: SweepPlan): SweepPoint[] {
  try {
    return pointsOf(plan);
  } catch {
    return [];
  }
}
