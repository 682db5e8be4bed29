// What a runner leaves behind when it is killed: runs that say they are RUNNING, and perhaps commands that go on.
import { hostname } from "node:os";
import { isOpen, type Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { filterByParent } from "../../mlflow/filter/write.ts";
import { endGroupOf, isAlive } from "../../processes/processes.ts";
import type { ProcessMark } from "../../processes/processes.ts";
import type { GroupStore } from "./request.ts";
import { SWEEP_TAG } from "../sweep/state.ts";
import { readWorkflowState, WORKFLOW_TAG, type RunnerMark } from "./state.ts";

/** Whether the runner lives; undefined when it was started on another machine. */
export function isRunnerAlive(runner: RunnerMark): boolean | undefined {
  return runner.host === hostname() ? isAlive(runner) : undefined;
}

/** What the run of a workflow or a sweep tells of who owns it. */
export interface Owned {
  runner: RunnerMark;
  /** ms since the epoch; absent while it goes on, and when its runner died. */
  ended_at?: number;
}

/** @throws MlflowError when the runner is at work, or may be on another machine, so that nobody else may go on with its run. */
export function checkRunnerGone({ runner, ended_at }: Owned, { info }: Run): void {
  if (hasClosed(ended_at, info)) return;
  const alive = isRunnerAlive(runner);
  if (alive === true && runner.pid !== process.pid) {
    throw new MlflowError(
      "INVALID_STATE",
      `${info.run_name} is being run by process ${runner.pid}; stop that one first.`,
    );
  }
  if (alive === undefined && info.status === "RUNNING") {
    const message = `${info.run_name} is RUNNING on ${runner.host}; stop it there, or mark its run as failed first.`;
    throw new MlflowError("INVALID_STATE", message);
  }
}

/**
 * Its runner has done all that it does, though it may live, as one that waits for a key in its terminal. The last thing that it does
 * is to close the run; a stop is told before the end of its commands, and so before `ended_at`.
 */
function hasClosed(ended_at: number | undefined, info: Run["info"]): boolean {
  return ended_at !== undefined && !isOpen(info) && (info.end_time ?? 0) >= ended_at;
}

/** The runs below a run, the children of children too. */
export async function runsBelow(store: Pick<GroupStore, "searchRuns">, parent: Run): Promise<Run[]> {
  const found: Run[] = [];
  const open = [parent.info];
  const seen = new Set([parent.info.run_id]);
  for (let run = open.pop(); run !== undefined; run = open.pop()) {
    let page_token: string | undefined;
    do {
      const page = await store.searchRuns({
        experiment_ids: [parent.info.experiment_id],
        filter: filterByParent(run.run_id),
        max_results: 1000,
        ...(page_token === undefined ? {} : { page_token }),
      });
      // Tags may be written so that a run is below itself.
      const below = page.items.filter(({ info }) => !seen.has(info.run_id));
      for (const { info } of below) seen.add(info.run_id);
      found.push(...below);
      // A run that is over has none that goes on, but for a crash in between: those are few.
      open.push(...below.map(({ info }) => info).filter(isOpen));
      page_token = page.next_page_token;
    } while (page_token !== undefined && page_token !== "");
  }
  return found;
}

/** Whether a run is that of a workflow or a sweep, which owns the runs below it. */
export function isGroup({ data }: Run): boolean {
  return data.tags.some(({ key }) => key === WORKFLOW_TAG.workflow || key === SWEEP_TAG.sweep);
}

/** The commands that a workflow told to be running. */
export function commandsOf(run: Run): ProcessMark[] {
  return readWorkflowState(run)?.steps.flatMap(({ command }) => command ?? []) ?? [];
}

/** Ends the commands that are left, then marks every run below that is not over as KILLED; gives their ids. */
export async function closeLeftovers(
  store: Pick<GroupStore, "searchRuns" | "updateRun">,
  parent: Run,
  commands: readonly ProcessMark[],
): Promise<string[]> {
  await Promise.all(commands.map(endGroupOf));
  const open = (await runsBelow(store, parent)).map(({ info }) => info).filter(isOpen);
  for (const { run_id } of open) await store.updateRun({ run_id, status: "KILLED", end_time: Date.now() });
  return open.map(({ run_id }) => run_id);
}
