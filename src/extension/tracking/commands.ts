import * as vscode from "vscode";
import { execute, registerCommand, type RunTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import { findExperiment, findRun, pickExperiment, pickRun } from "./find.ts";
import type { TrackingPanels } from "./panels/panels.ts";
import type { TreeRow } from "./rows.ts";
import type { ExperimentsTree } from "./tree.ts";

export function registerTrackingCommands(
  platform: Platform,
  stores: Stores,
  tree: ExperimentsTree,
  panels: TrackingPanels,
): vscode.Disposable[] {
  const open = async (row: TreeRow | undefined): Promise<void> => {
    if (row?.kind === "experiment") await execute("flowdeck.tracking.openExperiment", row);
    if (row?.kind === "run") await execute("flowdeck.tracking.openRun", row);
  };
  return [
    registerCommand(platform, "flowdeck.tracking.openExperiment", async (target) => {
      const chosen = target ?? (await pickExperiment(stores));
      if (chosen === undefined) return;
      const { store, experiment_id, name } = await findExperiment(stores, chosen);
      panels.openExperiment(store, experiment_id, name);
    }),
    registerCommand(platform, "flowdeck.tracking.openRun", async (target) => {
      const chosen = target ?? (await pickRun(stores));
      if (chosen === undefined) return;
      const { store, run } = await findRun(stores, chosen);
      panels.openRun(store, run.info.run_id, run.info.run_name);
    }),
    // Rows carry no arguments: VS Code forgets them at a row's refresh, and the rows of a running run are refreshed all the
    // time, so that a click between the two would find no command. What is selected opens; a second click opens it again.
    tree.view.onDidChangeSelection(({ selection: [row] }) => platform.background("opening a row", open(row))),
    registerCommand(platform, "flowdeck.tracking.openSelected", async () => {
      const [row] = tree.view.selection;
      if (row?.kind === "more") await tree.loadMore(row.parent);
      else await open(row);
    }),
    registerCommand(platform, "flowdeck.tracking.copyRunId", async (target?: RunTarget) => {
      const chosen = target ?? (await pickRun(stores));
      if (chosen !== undefined) await vscode.env.clipboard.writeText(chosen.run_id);
    }),
    registerCommand(platform, "flowdeck.tracking.refresh", async () => tree.refresh()),
  ];
}
