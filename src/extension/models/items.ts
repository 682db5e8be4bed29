// How a row of the Models view looks.
import * as vscode from "vscode";
import { commandOf } from "../platform/commands.ts";
import { sentenceOf } from "../platform/platform.ts";
import { REMEDY_TITLES } from "../stores/pickAcross.ts";
import { remedyOf } from "../stores/readAcross.ts";
import { contextOf, storeItem } from "../tracking/rowItems.ts";
import { newestVersion } from "./readModels.ts";
import { countOf, versionDescription, versionTooltip } from "./rowTexts.ts";
import { idOf, type ModelRow, type ModelsRow, type MoreRow, type RemedyRow, storeOf, type VersionRow } from "./rows.ts";

const { None, Collapsed } = vscode.TreeItemCollapsibleState;

export function itemOf(row: ModelsRow): vscode.TreeItem {
  switch (row.kind) {
    case "store":
      return storeItem(row.store, row.failure === undefined ? undefined : sentenceOf(row.failure));
    case "model":
      return modelItem(row);
    case "version":
      return versionItem(row, Date.now());
    case "more":
      return moreItem(row);
    case "remedy":
      return remedyItem(row);
    default:
      return row satisfies never;
  }
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
  if (found.creation_timestamp === 0) return "at a time that is not known";
  return new Date(found.creation_timestamp).toLocaleString(vscode.env.language, { timeZoneName: "short" });
}

function moreItem(row: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem("Load 100 more", None);
  item.id = idOf(row);
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.command = commandOf("flowdeck.models.openSelected", "Load 100 More");
  return item;
}

/** What may help where a store, or a model of it, cannot be read; why stands above the rows. */
function remedyItem(row: RemedyRow): vscode.TreeItem {
  const store = storeOf(row);
  const remedy = remedyOf({ store, error: row.failure });
  const label = REMEDY_TITLES[remedy];
  const item = new vscode.TreeItem(label, None);
  item.id = idOf(row);
  item.accessibilityInformation = { label };
  item.tooltip = sentenceOf(row.failure);
  switch (remedy) {
    case "again":
      item.iconPath = new vscode.ThemeIcon("refresh");
      item.command = commandOf("flowdeck.models.refresh", label);
      return item;
    case "choose":
      item.iconPath = new vscode.ThemeIcon("folder-opened");
      item.command = commandOf("flowdeck.stores.choose", label);
      return item;
    case "remove":
      item.iconPath = new vscode.ThemeIcon("remove");
      item.command = commandOf("flowdeck.stores.remove", label, { uri: store.uri });
      return item;
    default:
      return remedy satisfies never;
  }
}
