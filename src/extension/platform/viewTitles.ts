import type { CommandName } from "./commands.ts";

/** Commands in the titles of our views, as package.json has them, with the kinds of rows whose menus have them, too. */
export const VIEW_TITLES: ReadonlyMap<CommandName, readonly string[]> = new Map<CommandName, readonly string[]>([
  ["flowdeck.models.clearFilter", []],
  ["flowdeck.models.create", ["store"]],
  ["flowdeck.models.filterView", []],
  ["flowdeck.models.refresh", []],
  ["flowdeck.models.registerLoggedModel", []],
  ["flowdeck.models.registerRun", ["run"]],
  ["flowdeck.models.registerUri", ["store"]],
  ["flowdeck.projects.refresh", []],
  ["flowdeck.projects.runFromGit", []],
  ["flowdeck.projects.runPreset", []],
  ["flowdeck.projects.selectInterpreter", []],
  ["flowdeck.server.start", []],
  ["flowdeck.serving.serve", ["artifact", "model", "version"]],
  ["flowdeck.serving.serveWith", ["model", "version"]],
  ["flowdeck.serving.stopAll", []],
  ["flowdeck.stores.add", []],
  ["flowdeck.stores.choose", []],
  ["flowdeck.stores.remove", ["store"]],
  ["flowdeck.tracking.chooseMetric", ["experiment"]],
  ["flowdeck.tracking.clearChecked", []],
  ["flowdeck.tracking.clearFilter", []],
  ["flowdeck.tracking.compareRuns", ["run"]],
  ["flowdeck.tracking.createExperiment", ["store"]],
  ["flowdeck.tracking.filterView", []],
  ["flowdeck.tracking.refresh", []],
]);

/**
 * Whether a command was chosen in the title of a view and is not about the row that it was given: VS Code (1.139) hands on to it
 * the row that has the focus, seen or not, of whatever kind.
 */
export function isNotMeant(name: CommandName, given: unknown): boolean {
  if (typeof given !== "object" || given === null || !("kind" in given)) return false;
  return VIEW_TITLES.get(name)?.includes(String(given.kind)) === false;
}
