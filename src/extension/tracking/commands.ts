import * as vscode from "vscode";
import { clickedRow } from "../platform/clickedRow.ts";
import { execute, registerCommand, type RunTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import { findExperiment, findRun, pickExperiment, pickRun } from "./find.ts";
import type { TrackingPanels } from "./panels/panels.ts";
import type { ExperimentsTree } from "./tree.ts";

export function registerTrackingCommands(
  platform: Platform,
  stores: Stores,
  tree: ExperimentsTree,
  panels: TrackingPanels,
): vscode.Disposable[] {
  return [
    registerCommand(platform, "flowdeck.tracking.openExperiment", async (target) => {
      const chosen = target ?? (await pickExperiment(stores, { placeHolder: "Experiment to open" }));
      if (chosen === undefined) return;
      const { store, experiment } = await findExperiment(stores, chosen);
      panels.openExperiment(store, experiment.experiment_id, experiment.name, target);
    }),
    registerCommand(platform, "flowdeck.tracking.openRun", async (target) => {
      const chosen = target ?? (await pickRun(stores));
      if (chosen === undefined) return;
      const { store, run } = await findRun(stores, chosen);
      panels.openRun(store, run.info.run_id, run.info.run_name);
    }),
    registerCommand(platform, "flowdeck.tracking.openSelected", async () => {
      const row = await clickedRow(tree.view);
      if (row?.kind === "more") await tree.loadMore(row.parent);
      if (row?.kind === "experiment") await execute("flowdeck.tracking.openExperiment", row);
      if (row?.kind === "run") await execute("flowdeck.tracking.openRun", row);
      if (row?.kind === "artifact") await execute("flowdeck.tracking.openArtifact", row);
    }),
    registerCommand(platform, "flowdeck.tracking.copyRunId", async (target?: RunTarget) => {
      const chosen =
        target ?? panels.activeTarget ?? (await pickRun(stores, { placeHolder: "Run whose id is copied" }));
      if (chosen !== undefined) await vscode.env.clipboard.writeText(chosen.run_id);
    }),
    registerCommand(platform, "flowdeck.tracking.refresh", async () => tree.refresh()),
  ];
}
