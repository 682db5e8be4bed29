// What was deleted, at the foot of a store in the Experiments view: with sizes, to be restored or removed for good.
import * as vscode from "vscode";
import type { Trash } from "../../protocol/trash.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { ageText, countText, sizeText } from "./format.ts";
import { contextOf } from "./rowItems.ts";
import { storeOf, type TrashCounts, type TrashedRow, type TrashRow } from "./rows.ts";

/** `active` and `deleted` are ids of all experiments. */
export async function countTrash(store: StoreHandle, active: string[], deleted: string[]): Promise<TrashCounts> {
  const query = { experiment_ids: active, run_view_type: "DELETED_ONLY", offset: 0, limit: 1, fields: [] } as const;
  const { runs } = active.length === 0 ? { runs: 0 } : await store.remote.runColumns({ ...query, fields: [] });
  const { models } = await store.remote.countTrashedModels({});
  return { experiments: deleted.length, runs, models };
}

export function isSameTrash(a: TrashCounts, b: TrashCounts): boolean {
  return a.experiments === b.experiments && a.runs === b.runs && a.models === b.models;
}

export function isEmptyTrash({ experiments, runs, models }: TrashCounts): boolean {
  return experiments + runs + models === 0;
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
    ...trash.models.map(
      (entry): TrashedRow => ({
        kind: "trashedModel",
        uri,
        model_id: entry.model_id,
        entry,
        parent: row,
      }),
    ),
  ];
}

export function trashItem({ uri, counts, trash, parent }: TrashRow): vscode.TreeItem {
  const item = new vscode.TreeItem("Trash", vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${uri} trash`;
  item.contextValue = contextOf("trash", parent.store);
  item.iconPath = new vscode.ThemeIcon("trash");
  item.description = countsText(counts, trash);
  item.accessibilityInformation = { label: `Trash, ${item.description}` };
  item.tooltip = "What was deleted. Experiments and runs can be restored until they are removed for good.";
  return item;
}

function countsText({ experiments, runs, models }: TrashCounts, trash: Trash | undefined): string {
  const parts = experiments === 0 ? [] : [countText(experiments, "experiment")];
  if (runs > 0) parts.push(countText(runs, "run"));
  if (models > 0) parts.push(countText(models, "logged model"));
  if (trash !== undefined && !Number.isNaN(trash.bytes)) parts.push(sizeText(trash.bytes));
  return parts.join(" · ");
}

/** `now` in ms since the epoch. */
export function trashedItem(row: TrashedRow, now: number): vscode.TreeItem {
  const { name, id, icon, kind, place, deleted_time } = shownOf(row);
  const item = new vscode.TreeItem(name);
  item.id = `${row.uri} trash ${id}`;
  item.contextValue = contextOf(row.kind, storeOf(row));
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor("disabledForeground"));
  const { bytes } = row.entry;
  const facts = [
    place,
    Number.isNaN(bytes) ? "" : sizeText(bytes),
    deleted_time === undefined ? "" : ageText(deleted_time, now),
  ];
  item.description = facts.filter(Boolean).join(" · ");
  item.tooltip = `${name}\n${id}`;
  item.accessibilityInformation = { label: [name, `deleted ${kind}`, item.description].join(", ") };
  return item;
}

interface Shown {
  name: string;
  id: string;
  icon: string;
  kind: string;
  /** Where it was, or what is in it. */
  place: string;
  deleted_time?: number | undefined;
}

function shownOf(row: TrashedRow): Shown {
  switch (row.kind) {
    case "trashedExperiment": {
      const { name, runs, deleted_time } = row.entry;
      const place = countText(runs, "run");
      return { name, id: `Experiment ${row.experiment_id}`, icon: "beaker", kind: "experiment", place, deleted_time };
    }
    case "trashedRun": {
      const { run_id, run_name, experiment_name: place, deleted_time } = row.entry;
      const name = run_name || run_id.slice(0, 8);
      return { name, id: `Run ${run_id}`, icon: "circle-outline", kind: "run", place, deleted_time };
    }
    case "trashedModel": {
      const { model_id, name, experiment_name: place } = row.entry;
      return { name: name || model_id, id: `Logged model ${model_id}`, icon: "package", kind: "logged model", place };
    }
    default:
      return row satisfies never;
  }
}
