// How a row of the Models view looks.
import * as vscode from "vscode";
import { commandOf } from "../platform/commands.ts";
import { ageText, countText } from "../tracking/format.ts";
import { contextOf } from "../tracking/rowItems.ts";
import { newestVersion } from "./readModels.ts";
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
  item.description = [store.folders[0]?.name, store.status.read_only ? "read-only" : ""].filter(Boolean).join(" · ");
  item.tooltip = store.status.path;
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

/** Until its versions are counted, nothing is said. */
export function countOf({ versions, model }: ModelRow): string {
  if (newestVersion(model) === undefined) return "no versions";
  if (!versions.loaded) return "";
  const count = countText(versions.rows.length, "version");
  return versions.next === undefined ? count : `${versions.rows.length.toLocaleString("en-US")}+ versions`;
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
  item.tooltip = versionTooltip(row);
  item.accessibilityInformation = { label: [`Version ${version}`, item.description].join(", ") };
  return item;
}

/** Aliases, then the stage; the age where there is room for it; what is wrong first. */
export function versionDescription({ found, aliases }: VersionRow, now: number): string {
  const { status, current_stage, creation_timestamp } = found;
  const parts = status === "READY" ? [] : [status === "PENDING_REGISTRATION" ? "pending" : "failed"];
  parts.push(...aliases.map((alias) => `@${alias}`));
  if (current_stage !== "None") parts.push(current_stage);
  if (parts.length < 2) parts.push(ageText(creation_timestamp, now));
  return parts.join(" · ");
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

function versionTooltip({ found, name, version }: VersionRow): string {
  const { status, status_message, description, source, creation_timestamp, user_id } = found;
  const registered = new Date(creation_timestamp).toLocaleString(vscode.env.language, { timeZoneName: "short" });
  const why = status_message ? `: ${status_message}` : "";
  const trouble = {
    READY: "",
    PENDING_REGISTRATION: `Registration is pending${why}`,
    FAILED_REGISTRATION: `Registration failed${why}`,
  };
  const by = user_id ? ` by ${user_id}` : "";
  return [`${name} ${version}`, trouble[status], description, `Registered ${registered}${by}`, source]
    .filter(Boolean)
    .join("\n");
}

function moreItem(row: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem("Load 100 more", None);
  item.id = idOf(row);
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.command = commandOf("flowdeck.models.openSelected", "Load 100 More");
  return item;
}
