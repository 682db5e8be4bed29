import type { StepStatus, WorkflowOverview, WorkflowStep } from "../../../protocol/panels/workflow.ts";
import { cutMiddle, formatAgo, formatDuration, formatStart, formatValue } from "../../ui/format.ts";
import { byMeaning } from "../../ui/metrics.ts";
import { progressOf } from "../../ui/progress.ts";

// What is said of a workflow and of its steps. No drawing: tested as tables.

export interface StatusSign {
  icon: string;
  class: string;
  words: string;
}

export const STEP_SIGNS: Record<StepStatus, StatusSign> = {
  finished: { icon: "pass", class: "passed", words: "done" },
  cached: { icon: "pass", class: "passed", words: "cached" },
  running: { icon: "loading", class: "running", words: "running" },
  failed: { icon: "error", class: "failed", words: "failed" },
  killed: { icon: "circle-slash", class: "dim", words: "killed" },
  waiting: { icon: "circle-large-outline", class: "dim", words: "waiting" },
  blocked: { icon: "circle-slash", class: "dim", words: "blocked" },
};

/** A step that says it is running, although nobody runs it. */
export const LOST_SIGN: StatusSign = { icon: "warning", class: "warn", words: "no process" };

export function signOf(step: WorkflowStep, isStuck: boolean): StatusSign {
  return isStuck && step.status === "running" ? LOST_SIGN : STEP_SIGNS[step.status];
}

/** `2 of 5 steps done · 1 failed`. */
export function doneText(steps: readonly WorkflowStep[]): string {
  const count = (...statuses: StepStatus[]) => steps.filter(({ status }) => statuses.includes(status)).length;
  const done = `${count("finished", "cached")} of ${steps.length} ${steps.length === 1 ? "step" : "steps"} done`;
  const rest = (["failed", "killed"] as const).flatMap((status) =>
    count(status) === 0 ? [] : [`${count(status)} ${status}`],
  );
  return [done, ...rest].join(" · ");
}

/** ms that a step has taken, all tries together; undefined for what has not started. */
export function tookOf(step: WorkflowStep, now: number): number | undefined {
  if (step.status === "cached") return 0;
  if (step.tries.length === 0) return undefined;
  return step.tries.reduce((sum, { started_at, ended_at }) => sum + Math.max(0, (ended_at ?? now) - started_at), 0);
}

/** `3 m 12 s`; empty for what has not started. */
export function durationOf(step: WorkflowStep, now: number, isStuck = false): string {
  if (step.status === "cached") return "0 s";
  // Nobody knows when it stopped.
  if (isStuck && step.status === "running") return "";
  const took = tookOf(step, now);
  return took === undefined ? "" : formatDuration(took);
}

/** The metric a step is shown with: the chosen one where it has it, else the one that says most. */
export function metricOf({ metrics }: WorkflowStep, chosen: string): { key: string; value: number } | undefined {
  const stepped = new Set(metrics.filter(({ step }) => step > 0).map(({ key }) => key));
  const usual = byMeaning(
    metrics.map(({ key }) => key),
    stepped,
  ).find((key) => !key.startsWith("system/"));
  return metrics.find(({ key }) => key === chosen) ?? metrics.find(({ key }) => key === usual);
}

const LONGEST_NAME = 18;

const indexes = new WeakMap<WorkflowOverview, Map<string, WorkflowStep>>();

/** The steps that one waits for. */
function neededBy({ needs }: WorkflowStep, of: WorkflowOverview): WorkflowStep[] {
  const index = indexes.get(of) ?? new Map(of.steps.map((step) => [step.id, step]));
  indexes.set(of, index);
  return needs.flatMap((id) => index.get(id) ?? []);
}

/** The left half of a step's second line: its metric, or what there is to say. */
export function lineOf(step: WorkflowStep, of: WorkflowOverview, chosen: string, now: number): string {
  const isStuck = of.stuck === true;
  switch (step.status) {
    case "cached":
      return step.run?.start_time === undefined ? "reused" : `reused from ${formatAgo(step.run.start_time, now)}`;
    case "failed":
      return [exitOf(step), tryOf(step)].filter(Boolean).join(", ") || "failed";
    case "killed":
      return "killed";
    case "blocked":
      return blockedText(neededBy(step, of));
    case "waiting":
      return waitingText(neededBy(step, of), of.status);
    case "running":
    case "finished": {
      if (isStuck && step.status === "running") return LOST_SIGN.words;
      const metric = metricOf(step, chosen);
      if (metric !== undefined) return `${cutMiddle(metric.key, LONGEST_NAME)} ${formatValue(metric.value)}`;
      return (step.status === "running" && tryOf(step)) || STEP_SIGNS[step.status].words;
    }
    default:
      return step.status satisfies never;
  }
}

function exitOf({ tries }: WorkflowStep): string {
  const last = tries.at(-1);
  return last?.exitCode === undefined ? "" : `exit ${last.exitCode}`;
}

/** `try 2 of 2`, where it may be tried more than once. */
export function tryOf({ tries, tries_allowed = 1 }: WorkflowStep): string {
  return tries_allowed > 1 && tries.length > 0
    ? `try ${Math.min(tries.length, tries_allowed)} of ${tries_allowed}`
    : "";
}

function blockedText(needed: readonly WorkflowStep[]): string {
  const broken = needed.find(({ status }) => status === "failed" || status === "killed");
  if (broken !== undefined) return `will not start: ${broken.name} ${broken.status}`;
  const blocked = needed.find(({ status }) => status === "blocked");
  return blocked === undefined ? "will not start" : `will not start: ${blocked.name} blocked`;
}

function waitingText(needed: readonly WorkflowStep[], status: WorkflowOverview["status"]): string {
  if (status !== "RUNNING") return "did not start";
  const open = needed.filter(isOpen);
  const [first, ...others] = open;
  if (first === undefined) return "waits for its turn";
  return others.length === 0 ? `waits for ${first.name}` : `waits for ${open.length} steps`;
}

function isOpen({ status }: WorkflowStep): boolean {
  return status !== "finished" && status !== "cached";
}

/** What a step that did not start is or was waiting for, in one sentence. */
export function waitedFor(step: WorkflowStep, of: WorkflowOverview): string {
  if (step.status === "blocked") {
    return step.reason === undefined
      ? "It will not start, since a step that it needs failed."
      : step.reason.replace(/^Will not/, "It will not");
  }
  const open = neededBy(step, of).filter(isOpen);
  if (of.status !== "RUNNING") return "The workflow ended before it could start.";
  return open.length === 0
    ? "All that it needs is done; it starts when there is room."
    : `It starts when ${open.map(({ name }) => name).join(", ")} ${open.length === 1 ? "is" : "are"} done.`;
}

/** Why a step was reused, without the run, which is a link behind it; undefined where it was not. */
export function reuseText({ status, reason, run }: WorkflowStep): string | undefined {
  if (status !== "cached" || reason === undefined) return undefined;
  const end = run === undefined ? "" : ` ${run.run_name} (${run.run_id}).`;
  return end !== "" && reason.endsWith(end) ? reason.slice(0, -end.length) : reason;
}

/** What a screen reader says besides what stands on a step: how it stands, and what comes before it. */
export function heardOf(step: WorkflowStep, of: WorkflowOverview, line: string): { status: string; after: string } {
  const { words } = signOf(step, of.stuck === true);
  // What is written there is not said twice.
  const isSaid = line === words || step.status === "cached";
  const after = neededBy(step, of).map(({ name }) => name);
  return { status: isSaid ? "" : words, after: after.length === 0 ? "" : `after ${after.join(", ")}` };
}

/** `Today 14:02`, `12 Mar 2026 14:02`: what runs of a workflow are called in the list of them; with seconds where two began in one minute. */
export function runLabels(runs: readonly { start_time?: number; run_name: string }[], now: number): string[] {
  const starts = runs.map(({ start_time, run_name }) =>
    start_time === undefined ? run_name : capitalized(formatStart(start_time, now)),
  );
  const short = starts.map((start, index) =>
    runs[index]?.start_time === undefined ? start : start.replace(/:\d\d$/, ""),
  );
  return short.map((label, index) =>
    short.indexOf(label) === short.lastIndexOf(label) ? label : (starts[index] ?? label),
  );
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The params of a step that its run has logged. */
export function loggedParams({ params }: Pick<WorkflowStep, "params">): { key: string; value: string }[] {
  return params.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }]));
}

/** Share of a running step that is done, where its params say how far it goes. */
export function shareOf({ params, metrics }: WorkflowStep): number | undefined {
  const progress = progressOf(loggedParams({ params }), metrics);
  return progress === undefined ? undefined : progress.latest.step / progress.total;
}
