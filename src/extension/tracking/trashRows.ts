// What was deleted, at the foot of a store in the Experiments view: with sizes, to be restored or removed for good.
import * as vscode from "vscode";
import type { Trash } from "../../protocol/trash.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { ageText, countText, sizeText } from "./format.ts";
import { contextOf } from "./rowItems.ts";
import { storeOf, type TrashedRow, type TrashRow } from "./rows.ts";

/** How much is in the trash of a store. */
export interface TrashCounts {
  experiments: number;
  /** Of experiments that are not deleted. */
  runs: number;
}

/** `active` and `deleted` are ids of all experiments. */
export async function countTrash(store: StoreHandle, active: string[], deleted: string[]): Promise<TrashCounts> {
  const query = { experiment_ids: active, run_view_type: "DELETED_ONLY", offset: 0, limit: 1, fields: [] } as const;
  const { runs } = active.length === 0 ? { runs: 0 } : await store.remote.runColumns({ ...query, fields: [] });
  return { experiments: deleted.length, runs };
}

/** Sizes are read when it is unfolded: they may take a walk over many folders. */
export async function readTrash(row: TrashRow): Promise<TrashedRow[]> {
  const { uri } = row;
  const trash = await storeOf(row).remote.trash({});
  row.trash = trash;
  return [
    ...trash.experiments.map((entry): TrashedRow => {
      const { experiment_id } = entry;
      return { kind: "trashedExperiment", uri, experiment_id, entry, parent: row };
    }),
    ...trash.runs.map((entry): TrashedRow => ({ kind: "trashedRun", uri, run_id: entry.run_id, entry, parent: row })),
  ];
}

export function trashItem({ uri, counts, trash, parent }: TrashRow): vscode.TreeItem {
  const item = new vscode.TreeItem("Trash", vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${uri} trash`;
  item.contextValue = contextOf("trash", parent.store);
  item.iconPath = new vscode.ThemeIcon("trash");
  item.description = countsText(counts, trash);
  item.accessibilityInformation = { label: `Trash, ${item.description}` };
  item.tooltip = "Deleted experiments and runs. They can be restored until they are removed for good.";
  return item;
}

function countsText({ experiments, runs }: TrashCounts, trash: Trash | undefined): string {
  const parts = experiments === 0 ? [] : [countText(experiments, "experiment")];
  if (runs > 0) parts.push(countText(runs, "run"));
  if (trash !== undefined && !Number.isNaN(trash.bytes)) parts.push(sizeText(trash.bytes));
  return parts.join(" · ");
}

/** `now` in ms since the epoch. */
export function trashedItem(row: TrashedRow, now: number): vscode.TreeItem {
  const isRun = row.kind === "trashedRun";
  const name = nameOfTrashed(row);
  const item = new vscode.TreeItem(name);
  item.id = `${row.uri} trash ${isRun ? row.run_id : `experiment ${row.experiment_id}`}`;
  item.contextValue = contextOf(row.kind, storeOf(row));
  const grey = new vscode.ThemeColor("disabledForeground");
  item.iconPath = new vscode.ThemeIcon(isRun ? "circle-outline" : "beaker", grey);
  const { bytes, deleted_time } = row.entry;
  const facts = [
    isRun ? row.entry.experiment_name : countText(row.entry.runs, "run"),
    Number.isNaN(bytes) ? "" : sizeText(bytes),
    deleted_time === undefined ? "" : ageText(deleted_time, now),
  ];
  item.description = facts.filter(Boolean).join(" · ");
  item.tooltip = isRun ? `${name}\nRun ${row.run_id}` : `${name}\nExperiment ${row.experiment_id}`;
  const kind = isRun ? "deleted run" : "deleted experiment";
  item.accessibilityInformation = { label: [name, kind, item.description].join(", ") };
  return item;
}

export function nameOfTrashed(row: TrashedRow): string {
  return row.kind === "trashedRun" ? row.entry.run_name || row.run_id.slice(0, 8) : row.entry.name;
}
