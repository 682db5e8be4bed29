import type * as vscode from "vscode";
import { artifactItem, nothingItem } from "./artifactRows.ts";
import { experimentItem, moreItem, remedyItem, storeItem } from "./rowItems.ts";
import type { RunRow, TreeRow } from "./rows.ts";
import { trashedItem, trashItem } from "./trashRows.ts";

/** How each row that is no run is drawn. */
export function treeItemOf(row: Exclude<TreeRow, RunRow>): vscode.TreeItem {
  switch (row.kind) {
    case "store":
      return storeItem(row.store);
    case "experiment":
      return experimentItem(row);
    case "artifact":
      return artifactItem(row);
    case "nothing":
      return nothingItem(row);
    case "more":
      return moreItem(row);
    case "remedy":
      return remedyItem(row);
    case "trash":
      return trashItem(row);
    case "trashedExperiment":
    case "trashedRun":
    case "trashedModel":
      return trashedItem(row, Date.now());
    default:
      return row satisfies never;
  }
}
