import { Disposable } from "../platform/disposable.ts";
import type { Measure } from "../platform/measure.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import { Activity } from "./activity.ts";
import { registerTrackingCommands } from "./commands.ts";
import { registerExperimentCommands } from "./experimentCommands.ts";
import { Look } from "./look.ts";
import type { TrackingPanels } from "./panels/panels.ts";
import { StatusBar } from "./statusBar.ts";
import type { StuckRuns } from "./stuckRuns.ts";
import { registerTrashCommands } from "./trashCommands.ts";
import { ExperimentsTree } from "./tree.ts";
import { registerViewCommands } from "./viewCommands.ts";

/** What the Experiments view leans on. */
export interface ExperimentsViewParts {
  stores: Stores;
  panels: TrackingPanels;
  stuck: StuckRuns;
  measure: Measure;
}

/** Everything of the Experiments view: its rows, filter, commands and status; the panels show which row is chosen. */
export class ExperimentsView extends Disposable {
  readonly tree: ExperimentsTree;

  constructor(platform: Platform, { stores, panels, stuck, measure }: ExperimentsViewParts) {
    super();
    const look = this.own(new Look(platform));
    const activity = this.own(new Activity(platform, stores));
    this.tree = this.own(new ExperimentsTree(platform, { stores, look, activity, stuck, measure }));
    this.own(new StatusBar(stores, activity, this.tree.view));
    this.own(
      this.tree.view.onDidChangeSelection(({ selection: [row] }) => {
        if (row !== undefined) panels.highlight(row.uri, row.kind === "run" ? row.run_id : undefined);
      }),
    );
    for (const command of [
      ...registerTrackingCommands(platform, stores, this.tree, panels),
      ...registerExperimentCommands(platform, stores, this.tree),
      ...registerViewCommands(platform, stores, this.tree, look),
      registerTrashCommands(platform, stores),
    ]) {
      this.own(command);
    }
  }
}
