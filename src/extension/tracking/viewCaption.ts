import type * as vscode from "vscode";
import { setContextKey } from "../platform/contextKeys.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { countText } from "./format.ts";
import { troubleText } from "./rowItems.ts";
import type { ExperimentRow } from "./rows.ts";

/** What stands around the rows of the Experiments view. */
export interface Caption {
  stores: StoreHandle[];
  experiments: ExperimentRow[];
  filter: string | undefined;
  /** Runs chosen for comparison. */
  chosen: number;
}

/** Says above the rows why a store cannot be read and which runs are left out, and beside the view's title how many. */
export function drawCaption(platform: Platform, view: vscode.TreeView<unknown>, caption: Caption): void {
  const { stores, experiments, filter, chosen } = caption;
  const lines = stores.flatMap((store) => troubleText(store) ?? []);
  if (filter !== undefined) lines.push(`Only runs with ${filter}`);
  const message = lines.join("\n");
  // Setting either draws it, even where it is the same.
  if ((view.message ?? "") !== message) view.message = message;
  const told = filter === undefined ? chosenText(chosen) : matchingText(experiments);
  if ((view.description ?? "") !== told) view.description = told;
  setContextKey(platform, "flowdeck.filtered", filter !== undefined);
  setContextKey(platform, "flowdeck.hasChecked", chosen > 0);
}

function chosenText(chosen: number): string {
  return chosen === 0 ? "" : `${chosen} chosen`;
}

function matchingText(experiments: ExperimentRow[]): string {
  const counts = experiments.flatMap((row) => row.counts ?? []);
  const matching = counts.reduce((sum, count) => sum + (count.matching ?? 0), 0);
  const total = counts.reduce((sum, count) => sum + count.total, 0);
  return `${matching.toLocaleString("en-US")} of ${countText(total, "run")}`;
}
