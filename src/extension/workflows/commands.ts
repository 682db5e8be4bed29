import { basename } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { readWorkflowState } from "../../projects/workflow/state.ts";
import { registerCommand, type RunTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { pickOne } from "../platform/questions.ts";
import type { Stores } from "../stores/stores.ts";
import { findRun } from "../tracking/find.ts";
import { ageText } from "../tracking/format.ts";
import type { WorkflowPanels } from "./panels.ts";
import { latestOf, ownersIn } from "./owners.ts";

/** What the command about workflows works with. */
export interface WorkflowCommandParts {
  stores: Stores;
  panels: WorkflowPanels;
  /** The run of the Run panel in front. */
  activeRun(): RunTarget | undefined;
}

export function registerWorkflowCommands(platform: Platform, parts: WorkflowCommandParts): vscode.Disposable[] {
  return [registerCommand(platform, "flowdeck.projects.openWorkflow", (target) => openWorkflow(parts, target))];
}

async function openWorkflow(parts: WorkflowCommandParts, given: RunTarget | vscode.Uri | undefined): Promise<void> {
  const { stores, panels } = parts;
  const target = given instanceof vscode.Uri ? await latestRun(stores, given) : (given ?? (await meant(parts)));
  if (target === undefined) return;
  const { store, run } = await findRun(stores, target);
  const state = readWorkflowState(run);
  panels.show(store, run.info.run_id, state?.name ?? run.info.run_name, state?.file);
}

/** The latest run of a workflow file. */
async function latestRun(stores: Stores, file: vscode.Uri): Promise<RunTarget> {
  for (const store of await stores.all()) {
    if (store.status.state !== "open") continue;
    const run_id = await latestOf(store, file.fsPath);
    if (run_id !== undefined) return { uri: store.uri, run_id };
  }
  const message = `${basename(file.fsPath)} was not run yet; run it, and its graph is drawn while it runs.`;
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
}

/** What is meant without a target: the workflow file in front, the run in front where it has a graph, or one that is picked. */
async function meant({ stores, activeRun }: WorkflowCommandParts): Promise<RunTarget | undefined> {
  const editor = vscode.window.activeTextEditor?.document.uri;
  if (editor !== undefined && /(^|\.)workflow\.mlflow\.ya?ml$/.test(basename(editor.fsPath))) {
    return latestRun(stores, editor);
  }
  const items: (vscode.QuickPickItem & RunTarget)[] = [];
  const front = activeRun();
  const now = Date.now();
  for (const store of await stores.all()) {
    if (store.status.state !== "open") continue;
    for (const { run_id, run_name, start_time, steps } of await ownersIn(store)) {
      if (front?.run_id === run_id) return front;
      const age = start_time === undefined ? [] : [ageText(start_time, now)];
      const description = [...(steps === undefined ? [] : [`${steps} runs`]), ...age].join(" · ");
      items.push({ label: `$(type-hierarchy-sub) ${run_name}`, description, uri: store.uri, run_id });
    }
  }
  if (items.length === 0) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "No workflow was run yet; run one, and its graph is drawn.");
  }
  return items.length === 1 ? items[0] : pickOne(items, { placeHolder: "Workflow to open", matchOnDescription: true });
}
