import type { CommandName } from "./commands.ts";

/**
 * Commands in the menus of rows of the Experiments and Projects views, as package.json has them, with the kinds of rows whose menus
 * have them: the row that a menu was open for keeps the focus. None: which row was meant cannot be told by the focus, since a button
 * of a row leaves the focus where it is; or is not told by it, since what is chosen deletes or ends at once. What stands in the
 * title of a view, too, is not here: that is handed `undefined` where no row has the focus.
 */
export const ROW_MENUS: ReadonlyMap<CommandName, readonly string[]> = new Map<CommandName, readonly string[]>([
  ["flowdeck.models.showLoggedModels", ["experiment"]],
  ["flowdeck.projects.debug", []],
  ["flowdeck.projects.openWorkflow", []],
  ["flowdeck.projects.resume", []],
  ["flowdeck.projects.run", []],
  ["flowdeck.projects.runElsewhere", ["entryPoint"]],
  ["flowdeck.projects.runVersion", ["entryPoint"]],
  ["flowdeck.projects.runWith", ["entryPoint"]],
  ["flowdeck.projects.runWorkflow", []],
  ["flowdeck.projects.showRunLog", ["point", "run"]],
  ["flowdeck.projects.showSweepQueue", ["run"]],
  ["flowdeck.projects.sweep", ["entryPoint"]],
  ["flowdeck.tracking.compareArtifact", ["artifact"]],
  ["flowdeck.tracking.copyExperimentId", ["experiment"]],
  ["flowdeck.tracking.copyRunId", ["point", "run"]],
  ["flowdeck.tracking.deleteExperiment", []],
  ["flowdeck.tracking.deleteExperimentTag", ["experiment"]],
  ["flowdeck.tracking.deleteRun", []],
  ["flowdeck.tracking.deleteRunTag", ["run"]],
  ["flowdeck.tracking.editExperimentNote", ["experiment"]],
  ["flowdeck.tracking.editNote", ["run"]],
  ["flowdeck.tracking.markFailed", []],
  ["flowdeck.tracking.markKilled", []],
  ["flowdeck.tracking.openArtifact", ["artifact", "run"]],
  ["flowdeck.tracking.openExperiment", ["experiment"]],
  ["flowdeck.tracking.openRun", ["point", "run", "trashedRun", "workflow"]],
  ["flowdeck.tracking.purge", []],
  ["flowdeck.tracking.renameExperiment", ["experiment"]],
  ["flowdeck.tracking.renameRun", ["run"]],
  ["flowdeck.tracking.repeatRun", ["run"]],
  ["flowdeck.tracking.restoreExperiment", []],
  ["flowdeck.tracking.restoreRun", []],
  ["flowdeck.tracking.saveArtifact", ["artifact"]],
  ["flowdeck.tracking.setExperimentTag", ["experiment"]],
  ["flowdeck.tracking.setRunTag", ["run"]],
  ["flowdeck.tracking.stopRun", []],
]);
