// What a window can do about a workflow or a sweep of which it knows nothing but its run: both tell of themselves by tags.
import { isOpen, type Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { readSweepState } from "../sweep/state.ts";
import { closeLeftovers, commandsOf, isRunnerAlive } from "./leftovers.ts";
import type { GroupStore } from "./request.ts";
import { readWorkflowState, type RunnerMark } from "./state.ts";

/** Who runs it, as it told; undefined for a run that is neither a workflow nor a sweep. */
export function runnerOf(run: Run): RunnerMark | undefined {
  return (readWorkflowState(run) ?? readSweepState(run))?.runner;
}

/** `alive`, `gone`, or `elsewhere` for a runner of another machine, of which nothing can be known. */
export function runnerStateOf(runner: RunnerMark): "alive" | "gone" | "elsewhere" {
  const alive = isRunnerAlive(runner);
  return alive === undefined ? "elsewhere" : alive ? "alive" : "gone";
}

/** Whether somebody is at work on it, or may be on another machine; one whose runner is gone can be gone on with. */
export function isAtWork(run: Run): boolean {
  if (!isOpen(run.info)) return false;
  const runner = runnerOf(run);
  return runner === undefined || runnerStateOf(runner) !== "gone";
}

/**
 * Asks the runner to stop: it ends every command with all that these started, and closes all their runs and its own as
 * KILLED. That takes a moment; the run tells when it is done. @throws MlflowError when it cannot be asked from here.
 */
export function stopRunner(run: Run): void {
  const runner = runnerOf(run);
  const state = runner === undefined ? "gone" : runnerStateOf(runner);
  if (runner !== undefined && state === "alive") {
    process.kill(runner.pid, "SIGTERM");
    return;
  }
  const where = state === "elsewhere" ? `runs on ${runner?.host}; stop it there` : "has ended already";
  throw new MlflowError("INVALID_STATE", `${run.info.run_name} ${where}.`);
}

/**
 * Closes a workflow or a sweep whose runner is gone: commands that are left are ended, and every run that was open is
 * KILLED. It can be resumed afterwards, as before. Gives the ids of the runs that were closed; none when its runner lives.
 */
export async function closeGroup(store: Pick<GroupStore, "searchRuns" | "updateRun">, run: Run): Promise<string[]> {
  const runner = runnerOf(run);
  if (runner === undefined || runnerStateOf(runner) !== "gone") return [];
  const closed = await closeLeftovers(store, run, commandsOf(run));
  const { run_id } = run.info;
  if (!isOpen(run.info)) return closed;
  await store.updateRun({ run_id, status: "KILLED", end_time: Date.now() });
  return [...closed, run_id];
}
