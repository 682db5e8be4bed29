// What rows of the Projects view say of runs. No vscode: tested as tables.
import { RUN_TAG, tagOf, type Run } from "../../../mlflow/entities.ts";
import type { EntryPoint } from "../../../projects/document.ts";
import { givenValues } from "../../../projects/givenValues.ts";
import { noProcessText } from "../../../protocol/runs.ts";
import { readSweepState, type QueueEntry, type QueueStatus, type SweepState } from "../../../projects/sweep/state.ts";
import { STEP_OF_RUN } from "../../../projects/workflow/graph.ts";
import { readWorkflowState, type StepStatus, type WorkflowState } from "../../../projects/workflow/state.ts";
import { agoText, durationText, metricText, statusText } from "../../tracking/format.ts";
import { startOf } from "./runList.ts";

/** A run of a project as its row shows it. */
export interface ShownRun {
  run: Run;
  /** Of a run of several values. */
  sweep?: SweepState;
  workflow?: WorkflowState;
  /** Params that tell it from the other runs of its entry point. */
  changed: [name: string, value: string][];
  /** It says that it is running, but was last heard of then (ms since the epoch, 0 where nothing tells) and has no process. */
  since?: number;
  /** Of its command, where this machine knows it. */
  exitCode?: number;
}

/** What the row of a run is called. */
export function nameOf({ run, workflow }: ShownRun): string {
  return workflow?.name ?? tagOf(run, RUN_TAG.projectEntryPoint) ?? run.info.run_name;
}

/**
 * What stands behind its name: `eta 0.06 · 3 m 12 s`, `exit 1 · 3 h ago`, `eta, depth · 3 of 9 · 12 s`. In `room` characters, so that
 * its age is seen however long its values are.
 */
export function describeRun(shown: ShownRun, now: number, room = Number.POSITIVE_INFINITY): string {
  const { run, sweep, since } = shown;
  const { status, start_time, end_time } = run.info;
  const progress = progressOf(shown);
  const parts: string[] = [];
  let told = sweep === undefined ? "" : sweep.plan.parameters.map(([name]) => name).join(", ");
  if (since !== undefined) parts.push(noProcessText(since, now));
  else if (status === "FAILED" && shown.exitCode !== undefined) parts.push(`exit ${shown.exitCode}`);
  else if (status === "FAILED" || status === "KILLED") parts.push(statusText(status));
  else if (progress === undefined) told = shown.changed.map(([name, value]) => `${name} ${oneLine(value)}`).join(" · ");
  // How far it came is told of one that goes on, or did not come to its end.
  if (progress !== undefined && status !== "FINISHED") parts.push(`${progress.done} of ${progress.all}`);
  else if (progress !== undefined) parts.push(countOf(shown, progress.all));
  const isGoing = status === "RUNNING" && since === undefined;
  if (isGoing && start_time !== undefined) parts.push(durationText(Math.max(0, now - startedAt(shown, start_time))));
  else if (start_time !== undefined) parts.push(agoText(isGoing ? start_time : (end_time ?? start_time), now));
  const rest = parts.join(" · ");
  return [cutEnd(told, room - rest.length - 3), rest].filter((part) => part !== "").join(" · ");
}

/** At least a few characters are left of it. */
function cutEnd(text: string, length: number): string {
  const most = Math.max(8, Math.floor(length));
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}

/** Of a workflow or a sweep that goes on: since it was started or resumed. */
function startedAt({ sweep, workflow }: ShownRun, start_time: number): number {
  return (sweep ?? workflow)?.started_at ?? start_time;
}

function countOf({ sweep }: ShownRun, all: number): string {
  return `${all} ${sweep === undefined ? "step" : "run"}${all === 1 ? "" : "s"}`;
}

/** A run of a sweep is done however it ended; a step of a workflow when it gave what others wait for. */
const DONE: { runs: readonly QueueStatus[]; steps: readonly StepStatus[] } = {
  runs: ["finished", "failed", "killed"],
  steps: ["finished", "cached"],
};

/** How far a workflow or a sweep is; undefined for another run. */
export function progressOf({ sweep, workflow }: Pick<ShownRun, "sweep" | "workflow">): Progress | undefined {
  if (sweep !== undefined) {
    const done = sweep.queue.filter(({ status }) => DONE.runs.includes(status)).length;
    return { done, all: sweep.queue.length };
  }
  if (workflow === undefined) return undefined;
  const done = workflow.steps.filter(({ status }) => DONE.steps.includes(status)).length;
  return { done, all: workflow.steps.length };
}

interface Progress {
  done: number;
  all: number;
}

/** The state of the whole that a run is, and of what tells it from others. */
export function groupOf(run: Run, below: readonly Run[] = []): Pick<ShownRun, "sweep" | "workflow"> {
  const workflow = readWorkflowState(run);
  const sweep = workflow === undefined ? readSweepState(run, below) : undefined;
  return { ...(workflow === undefined ? {} : { workflow }), ...(sweep === undefined ? {} : { sweep }) };
}

/** The params of a run that are not the same in all runs of its entry point, the file's defaults among them. */
export function changedParams(
  run: Run,
  others: readonly Run[],
  entryPoint: EntryPoint | undefined,
): [string, string][] {
  const defaults = new Map(entryPoint?.parameters.map(({ name, default: value }) => [name, value]));
  const all = others.map(({ data }) => givenValues(data));
  return Object.entries(givenValues(run.data)).filter(([key, value]) => {
    const isSame = (other: string | undefined) => other === undefined || other === value;
    return !isSame(defaults.get(key)) || !all.every((given) => isSame(given[key]));
  });
}

/** Where a run of a sweep stands: its own run is believed when the sweep is over, for its last words may be lost. */
export function pointStatus({ status, run }: QueueEntry, isOver: boolean): QueueStatus | "left" {
  if (status === "running" && run !== undefined && run.info.status !== "RUNNING") return STEP_OF_RUN[run.info.status];
  if (!isOver || (status !== "running" && status !== "waiting")) return status;
  return run === undefined ? "left" : STEP_OF_RUN[run.info.status];
}

const QUEUE_WORDS = {
  waiting: "waiting",
  running: "running",
  finished: "finished",
  failed: "failed",
  killed: "killed",
  left: "not run",
} as const satisfies Record<QueueStatus | "left", string>;

/** Where the runs of a sweep are, `6 waiting, 2 running, 1 finished`: its queue may reach below the edge of the view. */
export function queueText({ run, sweep, since }: ShownRun): string {
  const isOver = run.info.status !== "RUNNING" || since !== undefined;
  const words = (sweep?.queue ?? []).map((entry) => QUEUE_WORDS[pointStatus(entry, isOver)]);
  return Object.values(QUEUE_WORDS)
    .map((word) => ({ word, count: words.filter((one) => one === word).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
    .join(", ");
}

/** What stands behind the values of a run of a sweep. */
export function describePoint({ run }: QueueEntry, status: QueueStatus | "left", now: number): string {
  const { start_time, end_time } = run?.info ?? {};
  const time = start_time === undefined ? "" : durationText(Math.max(0, (end_time ?? now) - start_time));
  const [metric] = run?.data.metrics ?? [];
  const told = metric === undefined ? "" : `${metric.key} ${metricText(metric.value)}`;
  switch (status) {
    case "waiting":
      return "waiting";
    case "left":
      return "not run";
    case "running":
      return ["running", told, time].filter(Boolean).join(" · ");
    case "finished":
      return [told, time].filter(Boolean).join(" · ");
    case "failed":
    case "killed":
      return [status, time].filter(Boolean).join(" · ");
    default:
      return status satisfies never;
  }
}

/** `eta=0.1, depth=4`. */
export function pointName({ values }: QueueEntry): string {
  return values.map(([name, value]) => `${name}=${oneLine(value)}`).join(", ");
}

/** What stands behind a workflow file, whose end may be cut off: `running · 2 of 5`, `failed 3 h ago · 5 steps`, `5 steps`. */
export function describeWorkflow(steps: number | undefined, latest: ShownRun | undefined, now: number): string {
  const counted = steps === undefined ? [] : [`${steps} step${steps === 1 ? "" : "s"}`];
  if (latest === undefined) return counted.join("");
  const { status, end_time, start_time } = latest.run.info;
  const progress = progressOf(latest);
  if (status === "RUNNING") {
    const far = progress === undefined ? [] : [`${progress.done} of ${progress.all}`];
    return [latest.since === undefined ? "running" : noProcessText(latest.since, now), ...far].join(" · ");
  }
  const when = end_time ?? start_time;
  const word = status === "FINISHED" ? "" : `${statusText(status)} `;
  return [...(when === undefined ? [] : [`${word}${agoText(when, now)}`]), ...counted].join(" · ");
}

/** Whether it can be gone on with: a workflow or a sweep that did not finish. */
export function isResumable({ run, sweep, workflow, since }: ShownRun): boolean {
  if (sweep === undefined && workflow === undefined) return false;
  return since !== undefined || run.info.status === "FAILED" || run.info.status === "KILLED";
}

/** The latest first; those that go on before all. */
export function latestFirst(runs: readonly Run[]): Run[] {
  const isOver = ({ info }: Run) => Number(info.status !== "RUNNING");
  return runs.toSorted((a, b) => isOver(a) - isOver(b) || startOf(b) - startOf(a));
}

function oneLine(value: string): string {
  const text = value.replaceAll(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
