// How a row of the Models view looks.
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { commandOf } from "../platform/commands.ts";
import { contextOf } from "../tracking/rowItems.ts";
import { newestVersion } from "./readModels.ts";
import { countOf, versionDescription, versionTooltip } from "./rowTexts.ts";
import { idOf, type ModelRow, type ModelsRow, type MoreRow, storeOf, type StoreRow, type VersionRow } from "./rows.ts";

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

export function itemOf(row: ModelsRow): vscode.TreeItem {
  switch (row.kind) {
    case "store":
      return storeItem(row);
    case "model":
      return modelItem(row);
    case "version":
      return versionItem(row, Date.now());
    case "more":
      return moreItem(row);
    default:
      return row satisfies never;
  }
}

function storeItem(row: StoreRow): vscode.TreeItem {
  const { store } = row;
  const item = new vscode.TreeItem(store.name, Expanded);
  item.id = idOf(row);
  item.contextValue = contextOf("store", store);
  item.iconPath = new vscode.ThemeIcon(store.status.kind === "files" ? "folder-library" : "database");
  // One that no folder of the window has is told by the folder it lies in.
  const [folder] = store.folders;
  const here = (vscode.workspace.workspaceFolders?.length ?? 0) > 1 ? folder?.name : "this folder";
  const where = folder === undefined ? basename(dirname(store.status.path)) : here;
  item.description = [where, store.status.read_only ? "read-only" : ""].filter(Boolean).join(" · ");
  item.tooltip = store.status.path;
  item.accessibilityInformation = { label: [store.name, item.description].join(", ") };
  return item;
}

function modelItem(row: ModelRow): vscode.TreeItem {
  const { model, name } = row;
  const newest = newestVersion(model);
  const item = new vscode.TreeItem(name, newest === undefined ? None : Collapsed);
  item.id = idOf(row);
  item.iconPath = new vscode.ThemeIcon("package");
  item.description = countOf(row);
  item.contextValue = contextOf("model", storeOf(row), ...(newest === undefined ? [] : ["versioned"]));
  item.command = commandOf("flowdeck.models.openSelected", "Open Model");
  item.tooltip = [name, model.description].filter(Boolean).join("\n");
  item.accessibilityInformation = { label: [name, item.description, model.description].filter(Boolean).join(", ") };
  return item;
}

function versionItem(row: VersionRow, now: number): vscode.TreeItem {
  const { found, version, run_id, aliases } = row;
  const item = new vscode.TreeItem(`Version ${version}`, None);
  item.id = idOf(row);
  item.iconPath = versionIcon(row);
  item.description = versionDescription(row, now);
  const stage = found.current_stage === "None" ? [] : ["staged"];
  const words = [...(run_id === "" ? [] : ["ofRun"]), ...(aliases.length === 0 ? [] : ["aliased"]), ...stage];
  item.contextValue = contextOf("version", storeOf(row), ...words, ...(found.status === "READY" ? ["ready"] : []));
  item.command = commandOf("flowdeck.models.openSelected", "Open Model");
  item.tooltip = versionTooltip(row, registered(row));
  item.accessibilityInformation = { label: [`Version ${version}`, item.description].join(", ") };
  return item;
}

function versionIcon({ found }: VersionRow): vscode.ThemeIcon {
  switch (found.status) {
    case "READY":
      return new vscode.ThemeIcon("tag");
    case "PENDING_REGISTRATION":
      return new vscode.ThemeIcon("loading~spin", new vscode.ThemeColor("textLink.foreground"));
    case "FAILED_REGISTRATION":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("errorForeground"));
    default:
      return found.status satisfies never;
  }
}

function registered({ found }: VersionRow): string {
  return new Date(found.creation_timestamp).toLocaleString(vscode.env.language, { timeZoneName: "short" });
}

function moreItem(row: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem("Load 100 more", None);
  item.id = idOf(row);
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.command = commandOf("flowdeck.models.openSelected", "Load 100 More");
  return item;
}
