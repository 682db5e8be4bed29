import type { Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { textValue } from "../../mlflow/filter/write.ts";
import type { Parameter } from "../document.ts";
import type { WorkflowDocument } from "./document.ts";
import { checkRunnerGone } from "./leftovers.ts";
import { workflowValues } from "./loadWorkflow.ts";
import { needsOf, withDependents } from "./plan.ts";
import type { GroupStore, WorkflowRequest } from "./request.ts";
import { readWorkflowState, WORKFLOW_TAG, type WorkflowState } from "./state.ts";

/** A workflow run to go on with. */
export interface Unfinished {
  run: Run;
  state: WorkflowState;
}

/** Claims it first. @throws MlflowError when there is none, when it finished, or when its runner lives. */
export async function findUnfinished(
  store: GroupStore,
  request: WorkflowRequest,
  experiment_id: string,
  claim: (run_id: string) => Promise<void>,
): Promise<Unfinished> {
  const asked = request.resume?.run_id;
  const run_id = asked ?? (await latestOf(store, request.file, experiment_id)).info.run_id;
  await claim(run_id);
  // Whoever had the claim before has written what it did.
  const run = await store.getRun({ run_id });
  const state = readWorkflowState(run);
  if (state === undefined) throw wrong(`The run ${run.info.run_id} is no run of a workflow.`);
  if (asked === undefined && run.info.status === "FINISHED" && request.resume?.from === undefined) {
    throw wrong(`The latest run of this workflow, ${run.info.run_name}, has finished: there is nothing to go on with.`);
  }
  checkRunnerGone(state, run);
  return { run, state };
}

async function latestOf(store: GroupStore, file: string, experiment_id: string): Promise<Run> {
  const path = textValue(file);
  if (path === undefined) throw wrong(`Runs of ${file} cannot be searched for; name the run to go on with.`);
  const { items } = await store.searchRuns({
    experiment_ids: [experiment_id],
    filter: `tags.\`${WORKFLOW_TAG.file}\` = ${path}`,
    order_by: ["attributes.start_time DESC"],
    max_results: 1,
  });
  const [latest] = items;
  if (latest !== undefined) return latest;
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "No run of this workflow is in this experiment to go on with.");
}

/** The values that a workflow run was started with. @throws MlflowError when others are given. */
export function valuesOfRun(
  parameters: readonly Parameter[],
  given: WorkflowRequest["parameters"],
  run: Run,
): Map<string, string> {
  const logged = new Map(run.data.params.map(({ key, value }) => [key, value]));
  for (const [name, value] of given) {
    const before = logged.get(name);
    if (before === value) continue;
    throw wrong(
      `A workflow goes on with the values it was started with, and ${name} was ${before ?? "not given"}; start it anew.`,
    );
  }
  const declared = parameters.flatMap(({ name }): [string, string][] => {
    const value = logged.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return workflowValues(parameters, declared);
}

/** The steps whose results stand, as far as the state tells: those that finished, but for `from` and what waits for it. */
export function keptSteps(
  document: WorkflowDocument,
  state: WorkflowState,
  from: string | undefined,
): Map<string, string> {
  if (from !== undefined && !document.steps.some(({ name }) => name === from)) {
    throw wrong(`No step is called ${from}; there are ${document.steps.map(({ name }) => name).join(", ")}.`);
  }
  const again = from === undefined ? new Set<string>() : withDependents([from], needsOf(document));
  const kept = state.steps.flatMap(({ name, status, run_id, entry_point }): [string, string][] => {
    const step = document.steps.find((one) => one.name === name);
    const stands = (status === "finished" || status === "cached") && run_id !== undefined && !again.has(name);
    return stands && step?.entryPoint.text === entry_point ? [[name, run_id]] : [];
  });
  return new Map(kept);
}

function wrong(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
