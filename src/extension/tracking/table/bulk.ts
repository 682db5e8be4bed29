import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { Platform } from "../../platform/platform.ts";
import { withProgress } from "../../platform/progress.ts";
import type { StoreHandle } from "../../stores/stores.ts";

// What is done with several runs at once. Each run is one call: a store that fails in between has done the ones before.

/** Name of many runs: `{n}` counts them, `{name}` is the name before. */
export async function renameRuns({ remote }: StoreHandle, run_ids: string[]): Promise<void> {
  const [first = ""] = run_ids;
  const several = run_ids.length > 1;
  const before = several ? "{name}" : (await remote.getRun({ run_id: first })).info.run_name;
  const pattern = await vscode.window.showInputBox({
    title: several ? `Names of ${run_ids.length} Runs` : "Name of the Run",
    ...(several ? { prompt: "{n} counts the runs, {name} is the name before, such as sweep-{n}." } : {}),
    value: before,
    validateInput: (text) => (text.trim() === "" ? "A run has a name." : undefined),
  });
  if (pattern === undefined || pattern === before) return;
  await withProgress(`Renaming ${run_ids.length} runs`, async (signal) => {
    for (const [i, run_id] of run_ids.entries()) {
      stopIfAborted(signal);
      const name = pattern.includes("{name}") ? (await remote.getRun({ run_id })).info.run_name : "";
      const run_name = several ? pattern.replaceAll("{n}", String(i + 1)).replaceAll("{name}", name) : pattern;
      await remote.updateRun({ run_id, run_name });
    }
  });
}

export async function tagRuns({ remote }: StoreHandle, run_ids: string[]): Promise<void> {
  const of = run_ids.length > 1 ? ` of ${run_ids.length} Runs` : "";
  const key = await vscode.window.showInputBox({ title: `Key of the Tag${of}`, validateInput: keyProblem });
  if (key === undefined) return;
  const value = await vscode.window.showInputBox({ title: `Value of ${key}${of}` });
  if (value === undefined) return;
  await withProgress(`Setting ${key} of ${run_ids.length} runs`, (signal) =>
    each(run_ids, signal, (run_id) => remote.setTag({ run_id, key, value })),
  );
}

/** MLflow's own tags are facts of the run. */
function keyProblem(key: string): string | undefined {
  if (key.trim() === "") return "A tag has a key, such as team.";
  return key.startsWith("mlflow.") ? "Tags that begin with mlflow. are MLflow's own." : undefined;
}

/** Deleted runs stay in the store, and come back by Undo. */
export async function deleteRuns(platform: Platform, store: StoreHandle, run_ids: string[]): Promise<void> {
  const deleted: string[] = [];
  await withProgress(`Deleting ${run_ids.length} runs`, (signal) =>
    each(run_ids, signal, async (run_id) => {
      await store.remote.deleteRun({ run_id });
      deleted.push(run_id);
    }),
  );
  const [first = ""] = deleted;
  const words =
    deleted.length === 1
      ? `${(await store.remote.getRun({ run_id: first })).info.run_name} is deleted.`
      : `${deleted.length} runs are deleted.`;
  const undo = async () => {
    if ((await vscode.window.showInformationMessage(words, "Undo")) === "Undo") await restoreRuns(store, deleted);
  };
  platform.background("undo of a deletion", undo());
}

export async function restoreRuns({ remote }: StoreHandle, run_ids: string[]): Promise<void> {
  await withProgress(`Restoring ${run_ids.length} runs`, (signal) =>
    each(run_ids, signal, (run_id) => remote.restoreRun({ run_id })),
  );
}

async function each(run_ids: string[], signal: AbortSignal, act: (run_id: string) => Promise<void>): Promise<void> {
  for (const run_id of run_ids) {
    stopIfAborted(signal);
    await act(run_id);
  }
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new MlflowError("CANCELLED", "The person cancelled it.");
}
