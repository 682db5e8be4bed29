// How a removal for good is told before it is done. No vscode: tested as a table.
import type { Purged } from "../../protocol/trash.ts";
import { countText, sizeText } from "./format.ts";

/** What goes: `2 runs, 1,204 metric points and 1.2 MB of artifacts go for good.` */
export function goingText(purged: Purged): string {
  const parts = partsOf(purged);
  return `${listed(parts)} ${isOne(purged, parts) ? "goes" : "go"} for good.`;
}

/** What has gone. */
export function goneText(purged: Purged): string {
  const parts = partsOf(purged);
  return `${listed(parts)} ${isOne(purged, parts) ? "is" : "are"} gone.`;
}

function partsOf({ experiments, runs, models, points, bytes }: Purged): string[] {
  return [
    ...(experiments === 0 ? [] : [countText(experiments, "experiment")]),
    ...(runs === 0 ? [] : [countText(runs, "run")]),
    ...(models === 0 ? [] : [countText(models, "logged model")]),
    ...(points === 0 ? [] : [countText(points, "metric point")]),
    ...(Number.isNaN(bytes) ? [] : [bytes === 0 ? "no artifacts" : `${sizeText(bytes)} of artifacts`]),
  ];
}

function listed(parts: string[]): string {
  const last = parts.at(-1) ?? "Nothing";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

function isOne({ experiments, runs, models }: Purged, parts: string[]): boolean {
  return parts.length === 1 && experiments + runs + models === 1;
}

/** Places whose artifacts stay; at most three are named. */
export function keptText({ kept }: Purged): string {
  if (kept.length === 0) return "";
  const named = kept.slice(0, 3).join(", ");
  const more = kept.length > 3 ? ` and ${kept.length - 3} more` : "";
  return `Artifacts stay in ${named}${more}, which Flowdeck does not remove.`;
}
