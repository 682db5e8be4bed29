import { basename } from "node:path";
import * as vscode from "vscode";
import { RUN_TAG, tagOf, type Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { isGitUri } from "../../projects/gitSources.ts";
import { givenValues } from "../../projects/givenValues.ts";
import { execute, registerCommand, type RunTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { formOf } from "../projects/sweepValues.ts";
import { groupOf } from "../projects/view/runTexts.ts";
import { compareArtifact } from "./artifacts/compareArtifact.ts";
import { openArtifact, pickArtifact, saveArtifact } from "./artifacts/openArtifact.ts";
import { findOrPickRun } from "./find.ts";
import type { TrackingPanels } from "./panels/panels.ts";
import { checkOutCommit, openSource, projectFile, sourceOf } from "./source.ts";

/** Commands about what a run was made of and what it left: its source, its commit, its artifacts. */
export function registerRunSourceCommands(
  platform: Platform,
  stores: Stores,
  panels: TrackingPanels,
): vscode.Disposable[] {
  const found = (target: RunTarget | undefined, placeHolder: string) =>
    findOrPickRun(stores, target ?? panels.activeTarget, { placeHolder });
  const artifact = async (target: (RunTarget & { path?: string }) | undefined) => {
    const one = await found(target, "Run whose artifact is meant");
    if (one === undefined) return undefined;
    const { run_id } = one.run.info;
    return target?.path === undefined
      ? pickArtifact(one.store, run_id)
      : { store: one.store, run_id, path: target.path };
  };
  return [
    registerCommand(platform, "flowdeck.tracking.openSource", async (target) => {
      const one = await found(target, "Run whose source is opened");
      if (one !== undefined) await openSource(one.store, one.run);
    }),
    registerCommand(platform, "flowdeck.tracking.checkOutCommit", async (target) => {
      const one = await found(target, "Run whose commit is checked out");
      if (one !== undefined) await checkOutCommit(one.store, one.run);
    }),
    registerCommand(platform, "flowdeck.tracking.repeatRun", async (target) => {
      const one = await found(target, "Run that is run again");
      if (one === undefined) return;
      const { path, isProject, entry_point = "main", commit } = sourceOf(one.store, one.run);
      const source = tagOf(one.run, RUN_TAG.sourceName) ?? "";
      const values = givenValues(one.run.data);
      if (isProject && path === undefined && isGitUri(source)) {
        const version = commit === undefined ? {} : { version: commit };
        await execute("flowdeck.projects.runFromGit", {
          uri: source,
          entry_point,
          values,
          ...version,
          ...(await experimentOf(one)),
        });
        return;
      }
      if (!isProject || path === undefined) {
        const name = path === undefined ? "elsewhere" : basename(path);
        const message = `${one.run.info.run_name} was no run of an MLproject but of ${name}, which tells no command to repeat.`;
        throw new MlflowError("INVALID_STATE", message);
      }
      const { workflow, sweep } = groupOf(one.run);
      if (workflow !== undefined) {
        await execute("flowdeck.projects.runWorkflow", vscode.Uri.file(workflow.file), values);
        return;
      }
      const uri = vscode.Uri.file(projectFile(path)).toString();
      if (sweep !== undefined) {
        await execute("flowdeck.projects.sweep", uri, entry_point, formOf(sweep, values));
        return;
      }
      const { experiment_name } = await experimentOf(one);
      await execute("flowdeck.projects.runWith", uri, entry_point, values, experiment_name);
    }),
    registerCommand(platform, "flowdeck.tracking.openArtifact", async (target) => {
      const chosen = await artifact(target);
      if (chosen !== undefined) await openArtifact(chosen);
    }),
    registerCommand(platform, "flowdeck.tracking.compareArtifact", async (target) => {
      const chosen = await artifact(target);
      if (chosen !== undefined) await compareArtifact(stores, chosen);
    }),
    registerCommand(platform, "flowdeck.tracking.saveArtifact", async (target) => {
      const chosen = await artifact(target);
      if (chosen !== undefined) await saveArtifact(chosen);
    }),
  ];
}

/** A run again goes where the run went; nothing for the experiment that is the default, and one that is not there any more. */
async function experimentOf({ store, run }: { store: StoreHandle; run: Run }): Promise<{ experiment_name?: string }> {
  const { experiment_id } = run.info;
  if (experiment_id === "0") return {};
  const experiment = await store.remote.getExperiment({ experiment_id }).catch(() => undefined);
  return experiment?.lifecycle_stage === "active" ? { experiment_name: experiment.name } : {};
}
