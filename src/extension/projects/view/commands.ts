import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import { findKeptOutput, OUTPUT_ARTIFACT } from "../../../projects/keptOutput.ts";
import { readSweepState } from "../../../projects/sweep/state.ts";
import { clickedRow } from "../../platform/clickedRow.ts";
import { execute, registerCommand, type RunTarget } from "../../platform/commands.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Stores } from "../../stores/stores.ts";
import { findRun, type FoundRun } from "../../tracking/find.ts";
import type { ProjectRuns } from "../projectRuns.ts";
import type { ProjectsTree } from "../tree.ts";
import type { LatestRuns } from "./latestRuns.ts";
import { pickProjectRun, type AskedRun } from "./pick.ts";

interface Parts {
  stores: Stores;
  latest: LatestRuns;
  runs: ProjectRuns;
  tree: ProjectsTree;
}

const LOG: AskedRun = {
  placeHolder: "Run whose log is shown",
  none: "No run of a project has ended here yet; what it prints is kept then.",
  // A workflow and a sweep print what their runs keep.
  fits: ({ run, sweep, workflow }) => run.info.status === "RUNNING" || (sweep === undefined && workflow === undefined),
};
const SWEEP: AskedRun = {
  placeHolder: "Run with several values",
  none: "No entry point was run with several values here.",
  takeOnly: true,
  fits: ({ sweep }) => sweep !== undefined,
};

/** What the rows of the Projects view do when they are clicked, and what their menus offer about runs. */
export function registerProjectViewCommands(platform: Platform, parts: Parts): vscode.Disposable[] {
  const found = async (target: RunTarget | undefined, asked: AskedRun): Promise<FoundRun | undefined> => {
    const chosen = target ?? (await pickProjectRun(parts.latest, asked));
    return chosen === undefined ? undefined : findRun(parts.stores, chosen);
  };
  return [
    registerCommand(platform, "flowdeck.projects.openSelected", () => openSelected(parts.tree)),
    registerCommand(platform, "flowdeck.projects.showRunLog", async (target) => {
      const one = await found(target, LOG);
      if (one !== undefined) await showLog(parts.runs, one);
    }),
    registerCommand(platform, "flowdeck.projects.showSweepQueue", async (target) => {
      const one = await found(target, SWEEP);
      if (one === undefined) return;
      const { store, run } = one;
      if (readSweepState(run) === undefined) {
        throw new MlflowError("INVALID_STATE", `${run.info.run_name} is one run alone, so it has no queue.`);
      }
      await vscode.commands.executeCommand("flowdeck.projects.focus");
      // One whose project is not in this window has no row there.
      const isShown = await parts.tree.revealRun(store.uri, run);
      if (!isShown) await execute("flowdeck.tracking.openRun", { uri: store.uri, run_id: run.info.run_id });
    }),
  ];
}

async function openSelected(tree: ProjectsTree): Promise<void> {
  const row = await clickedRow(tree.view);
  switch (row?.kind) {
    case "project":
      await vscode.commands.executeCommand("vscode.open", row.project.file);
      return;
    case "workflow":
      if (row.uri === undefined || row.run_id === "") await vscode.commands.executeCommand("vscode.open", row.file);
      else await execute("flowdeck.projects.openWorkflow", { uri: row.uri, run_id: row.run_id });
      return;
    case "entryPoint":
    case "parameter":
      await execute("flowdeck.projects.openFile", row);
      return;
    case "run":
      if (row.shown.workflow === undefined) await execute("flowdeck.tracking.openRun", row);
      else await execute("flowdeck.projects.openWorkflow", row);
      return;
    case "point":
      if (row.run_id !== "") await execute("flowdeck.tracking.openRun", row);
      return;
    case "recent":
    case undefined:
      return;
    default:
      row satisfies never;
  }
}

/** The terminal, where there is one; else what was kept of it. */
async function showLog(runs: ProjectRuns, { store, run }: FoundRun): Promise<void> {
  const { run_id, run_name } = run.info;
  if (await runs.showTerminal(run_id)) return;
  if ((await findKeptOutput(store.remote, run_id)) === undefined) {
    const why = run.info.status === "RUNNING" ? "is kept when it has ended" : "was not kept";
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `What ${run_name} printed ${why}.`);
  }
  await execute("flowdeck.tracking.openArtifact", { uri: store.uri, run_id, path: OUTPUT_ARTIFACT });
}
