// What a workflow run tells of itself: tags of its run, and nothing else. Whoever reads that run can draw it, stop it, go on with it.
import { RUN_STATUSES, type KeyValue, type Run, type RunStatus } from "../../mlflow/entities.ts";
import { parseObject } from "../jsonObject.ts";
import type { ProcessMark } from "../../processes/processes.ts";

/** Tags of Flowdeck's own, beside MLflow's. */
export const WORKFLOW_TAG = {
  /** JSON of `WorkflowTag`, on the run of the workflow. */
  workflow: "flowdeck.workflow",
  /** Absolute path of the workflow file, on the run of the workflow. */
  file: "flowdeck.workflow.file",
  /** Before the name of a step: JSON of `StepState`, on the run of the workflow. */
  step: "flowdeck.workflow.step.",
  /** Name of the step, on the run of a step. */
  stepName: "flowdeck.workflow.stepName",
  /** JSON of `Identity`, on the run of a step: what must be the same for it to be reused. */
  identity: "flowdeck.workflow.identity",
} as const;

/** The program that runs a workflow or a sweep. */
export interface RunnerMark extends ProcessMark {
  host: string;
}

interface WorkflowTag {
  format: 1;
  name: string;
  /** In the file's order. */
  steps: string[];
  maxParallel: number;
  runner: RunnerMark;
  /** ms since the epoch, of the latest start or resume. */
  started_at: number;
  /** ms since the epoch; absent while it goes on, and when its runner died. */
  ended_at?: number;
  /** How often it was resumed. */
  resumed: number;
  /** One sentence, when it ended for another reason than a step. */
  problem?: string;
}

/** `cached`: an earlier run was taken instead. `blocked`: it will not start, since a step that it waits for failed. */
export const STEP_STATUSES = ["waiting", "running", "finished", "failed", "killed", "cached", "blocked"] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** One run of a step. */
export interface Try {
  /** Absent when it failed before it had a run. */
  run_id?: string;
  /** ms since the epoch. */
  started_at: number;
  /** ms since the epoch; absent while it goes on. */
  ended_at?: number;
  status: "running" | "finished" | "failed" | "killed";
  exitCode?: number;
  /** One sentence, when it failed for another reason than its exit code. */
  problem?: string;
}

export interface StepState {
  name: string;
  entry_point: string;
  /** As written; absent: the folder of the workflow file. */
  project?: string;
  /** The steps it waits for, used or named. */
  needs: string[];
  /** Values that hold `${{ … }}`, as written; those it ran with are the params of its run. */
  templates?: Record<string, string>;
  continueOnError: boolean;
  /** How often it may be tried in all. */
  tries_allowed: number;
  status: StepStatus;
  /** The run that counts: of the last try, or the earlier one that was reused. */
  run_id?: string;
  /** Oldest first; the latest ten. Those of earlier starts of the same workflow run are among them. */
  tries: Try[];
  /** In one sentence: why it was reused, or was not, or will not start. */
  reason?: string;
  /** Its command, while it runs: leader of a process group. */
  command?: ProcessMark;
}

/** A workflow run as its tags tell it. */
export interface WorkflowState extends Omit<WorkflowTag, "steps" | "format"> {
  run_id: string;
  experiment_id: string;
  /** Absolute path of the workflow file, on the machine of the runner. */
  file: string;
  status: RunStatus;
  steps: StepState[];
}

/** MLflow's limit for the value of a tag (5,000 characters up to 2.14.3). */
const LONGEST_TAG = 5000;
const MOST_TRIES = 10;

/** The state that the tags of a run tell; undefined when it is not the run of a workflow. */
export function readWorkflowState({ info, data }: Pick<Run, "info" | "data">): WorkflowState | undefined {
  const tags = new Map(data.tags.map(({ key, value }) => [key, value]));
  const tag = readJson<WorkflowTag>(tags.get(WORKFLOW_TAG.workflow));
  const file = tags.get(WORKFLOW_TAG.file);
  if (tag === undefined || file === undefined || !Array.isArray(tag.steps)) return undefined;
  const { format: _, steps: names, ...rest } = tag;
  const steps = names.flatMap((name) => readStep(tags.get(WORKFLOW_TAG.step + name)) ?? []);
  return {
    ...rest,
    run_id: info.run_id,
    experiment_id: info.experiment_id,
    file,
    status: statusOf(info.status),
    steps,
  };
}

/** The tag of the whole; the steps have their own. */
export function workflowTag(state: Omit<WorkflowState, "run_id" | "experiment_id" | "status" | "file">): KeyValue {
  const { name, steps, maxParallel, runner, started_at, ended_at, resumed, problem } = state;
  const tag: WorkflowTag = {
    format: 1,
    name,
    steps: steps.map((step) => step.name),
    maxParallel,
    runner,
    started_at,
    ...(ended_at === undefined ? {} : { ended_at }),
    resumed,
    ...(problem === undefined ? {} : { problem: cut(problem) }),
  };
  return { key: WORKFLOW_TAG.workflow, value: JSON.stringify(tag) };
}

/** The tag of one step. What would not go into a tag is left out: templates first, which the file has as well. */
export function stepTag(step: StepState): KeyValue {
  const key = WORKFLOW_TAG.step + step.name;
  const tries = step.tries
    .slice(-MOST_TRIES)
    .map((one) => ({ ...one, ...(one.problem && { problem: cut(one.problem) }) }));
  const short = { ...step, tries, ...(step.reason !== undefined && { reason: cut(step.reason) }) };
  const value = JSON.stringify(short);
  if (value.length <= LONGEST_TAG) return { key, value };
  const { templates: _, ...bare } = short;
  return { key, value: JSON.stringify({ ...bare, tries: tries.slice(-1) }) };
}

/** Whether its runner is one of this machine; of another machine nothing can be known. */
export function isOfHost({ runner }: { runner: RunnerMark }, host: string): boolean {
  return runner.host === host;
}

function cut(text: string): string {
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

function statusOf(status: string): RunStatus {
  return RUN_STATUSES.find((one) => one === status) ?? "FAILED";
}

function readStep(text: string | undefined): StepState | undefined {
  const step = readJson<StepState>(text);
  return typeof step?.name === "string" && Array.isArray(step.tries) && Array.isArray(step.needs) ? step : undefined;
}

/** The border: what another version wrote is passed over. */
function readJson<T>(text: string | undefined): T | undefined {
  return parseObject(text) as T | undefined;
}
