import * as vscode from "vscode";
import type { Platform } from "./platform.ts";

/** Facts that `when` clauses of package.json ask for. */
export interface ContextKeys {
  /** Some store of the window can be read. */
  "flowdeck.hasRuns": boolean;
  /** Some store of the window can be written. */
  "flowdeck.hasWritable": boolean;
  /** Some run of a store that can be written says that it is running. */
  "flowdeck.hasRunning": boolean;
  /** Something deleted is in a store that can be written. */
  "flowdeck.hasTrash": boolean;
  /** The Experiments view shows only runs that match a filter. */
  "flowdeck.filtered": boolean;
  /** Some store of the window has a registered model. */
  "flowdeck.hasModels": boolean;
  /** The Models view shows only models that match a filter. */
  "flowdeck.modelsFiltered": boolean;
  /** A store was added to the view. */
  "flowdeck.hasAdded": boolean;
  /** Runs are chosen for comparison. */
  "flowdeck.hasChecked": boolean;
  /** The workspace holds an MLproject file. */
  "flowdeck.hasProject": boolean;
  /** The workspace holds a workflow file. */
  "flowdeck.hasWorkflow": boolean;
  /** Of the latest runs of projects: there are some, some are sweeps, can be gone on with, can be stopped. */
  "flowdeck.hasProjectRuns": boolean;
  "flowdeck.hasSweeps": boolean;
  "flowdeck.hasResumable": boolean;
  "flowdeck.hasStoppable": boolean;
  /** Models are served, or failed to be, in this window. */
  "flowdeck.hasServers": boolean;
  /** New terminals log to a tracking server of ours. */
  "flowdeck.tracking": boolean;
  /** A Compare panel is in front. */
  "flowdeck.compareActive": boolean;
  /** A Run panel is in front, and what can be done with its run. */
  "flowdeck.runActive": boolean;
  "flowdeck.runWritable": boolean;
  "flowdeck.runRestorable": boolean;
  "flowdeck.runHasBaseline": boolean;
  "flowdeck.runStoppable": boolean;
  /** It says that it is running, but no process is at work on it. */
  "flowdeck.runStuck": boolean;
  "flowdeck.runRepeatable": boolean;
  "flowdeck.runHasCommit": boolean;
  "flowdeck.runHasSource": boolean;
}

export function setContextKey<N extends keyof ContextKeys>(platform: Platform, name: N, value: ContextKeys[N]): void {
  platform.background(`context key ${name}`, vscode.commands.executeCommand("setContext", name, value));
}
