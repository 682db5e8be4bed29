import * as vscode from "vscode";
import type { Direction, PageSettings } from "../../protocol/panels/settings.ts";
import { setting } from "../platform/settings.ts";

const DIRECTIONS = "flowdeck.metrics.direction";

/** What pages know of the settings. Settings are written by hand too: what is no direction is left out. */
export function pageSettings(): PageSettings {
  const set = Object.entries(setting(DIRECTIONS, {}));
  return { directions: Object.fromEntries(set.filter(([, way]) => way === "lower" || way === "higher")) };
}

/** Keeps which way a metric is better, in the workspace's settings where there is one; `undefined`: its name says it again. */
export async function setDirection(metric_key: string, direction: Direction | undefined): Promise<void> {
  const { [metric_key]: _before, ...others } = setting(DIRECTIONS, {});
  const next = direction === undefined ? others : { ...others, [metric_key]: direction };
  const target =
    vscode.workspace.workspaceFolders === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace
    .getConfiguration()
    .update(DIRECTIONS, Object.keys(next).length === 0 ? undefined : next, target);
}
