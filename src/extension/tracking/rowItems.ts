// How a row of the Experiments view looks.
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { NO_PROCESS, noProcessText, type RunNode } from "../../protocol/runs.ts";
import { commandOf } from "../platform/commands.ts";
import { plainText } from "../platform/platform.ts";
import { unreadableText } from "../stores/readAcross.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { ageText, countText, durationText, metricBehind, metricText, statusText } from "./format.ts";
import { type Counts, type ExperimentRow, idOf, type MoreRow, type RemedyRow, type RunRow, storeOf } from "./rows.ts";

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** `failure`: why nothing in it can be read, in one sentence. */
export function storeItem(store: StoreHandle, failure = troubleText(store)): vscode.TreeItem {
  const { state, kind, problem, read_only, path } = store.status;
  const item = new vscode.TreeItem(store.name, Expanded);
  item.id = store.uri;
  item.contextValue = contextOf(state === "unreadable" ? "store.unreadable" : "store", store);
  const [folder] = store.folders;
  const here = (vscode.workspace.workspaceFolders?.length ?? 0) > 1 ? folder?.name : "this folder";
  // One that no folder of the window has is told by the folder it lies in.
  const where = folder === undefined ? basename(dirname(path)) : here;
  const notes = [state === "absent" ? "no runs yet" : where, read_only && state === "open" ? "read-only" : ""];
  // The whole sentence stands above the tree, for a row has no room for it.
  item.description = failure === undefined ? notes.filter(Boolean).join(" · ") : "cannot be read";
  item.iconPath =
    failure === undefined
      ? new vscode.ThemeIcon(kind === "files" ? "folder-library" : "database")
      : new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  const why = failure ?? (problem === undefined ? undefined : plainText(problem));
  item.tooltip = why === undefined ? path : `${why}\n${path}`;
  item.accessibilityInformation = { label: [store.name, failure ?? item.description].filter(Boolean).join(", ") };
  return item;
}

/** Changes when the row of a store, or that it has rows of its own, is to be drawn otherwise. */
export function shownOf({ name, folders, status }: StoreHandle): string {
  return JSON.stringify([name, folders.map((folder) => folder.name), status]);
}

/** What `when` clauses ask of a row: its kind, then what can be done with it. */
export function contextOf(kind: string, { status, folders }: StoreHandle, ...more: string[]): string {
  const added = folders.length === 0 ? ["added"] : [];
  return [kind, ...(status.read_only ? [] : ["writable"]), ...added, ...more].join(" ");
}

/** Why a store cannot be read, in one sentence to be shown; undefined for one that can. */
export function troubleText(store: StoreHandle): string | undefined {
  const text = unreadableText(store);
  return text === undefined ? undefined : plainText(text);
}

export function experimentItem(row: ExperimentRow): vscode.TreeItem {
  const { counts } = row;
  const shown = counts?.matching ?? counts?.total;
  const item = new vscode.TreeItem(row.name, shown === 0 ? None : row.first ? Expanded : Collapsed);
  item.id = idOf(row);
  item.contextValue = contextOf("experiment", row.parent.store);
  item.iconPath = new vscode.ThemeIcon("beaker");
  const running = counts !== undefined && counts.running > 0 ? ` · ${counts.running} running` : "";
  item.description = counts === undefined ? "" : runsText(counts) + running;
  item.command = commandOf("flowdeck.tracking.openSelected", "Open Experiment");
  item.accessibilityInformation = { label: [row.name, item.description].filter(Boolean).join(", ") };
  item.tooltip = `${row.name}\nExperiment ${row.experiment_id}`;
  return item;
}

function runsText({ total, matching }: Counts): string {
  if (matching === undefined || total === 0) return countText(total, "run");
  return `${matching.toLocaleString("en-US")} of ${countText(total, "run")}`;
}

/**
 * A run as it is drawn; `since`: it says that it is running, but was last heard of then (ms since the epoch, 0 where nothing
 * tells) and has no process.
 */
export type ShownNode = RunNode & { since?: number };

/** `now` in ms since the epoch. */
export function runItem(row: RunRow, node: ShownNode, checked: boolean, now: number): vscode.TreeItem {
  // What it has logged is read when it is unfolded.
  const item = new vscode.TreeItem(node.run_name || row.run_id.slice(0, 8), row.context ? Expanded : Collapsed);
  item.id = idOf(row);
  item.contextValue = contextOf(
    "run",
    storeOf(row),
    ...(node.since === undefined ? [] : ["stuck"]),
    ...(node.graph ? ["graph"] : []),
  );
  item.iconPath = row.context ? OUTSIDE : runIcon(node, checked);
  item.description = runDescription(node, now);
  item.checkboxState = {
    state: checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    accessibilityInformation: { label: `Choose ${node.run_name}` },
  };
  item.command = commandOf("flowdeck.tracking.openSelected", "Open Run");
  const matches = row.context ? "does not match the filter" : "";
  const chosen = checked ? "chosen" : "";
  const said = [node.run_name, statusOf(node, now), ...runFacts(node, now), matches, chosen].filter(Boolean);
  item.accessibilityInformation = { label: [...new Set(said)].join(", ") };
  return item;
}

export function moreItem({ parent }: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem("Load 100 more", None);
  item.id = `${idOf(parent)} more`;
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.command = commandOf("flowdeck.tracking.openSelected", "Load 100 More");
  return item;
}

export function remedyItem({ uri }: RemedyRow): vscode.TreeItem {
  const item = new vscode.TreeItem("Choose Another Store…", None);
  item.id = `${uri} remedy`;
  item.iconPath = new vscode.ThemeIcon("folder-opened");
  item.command = commandOf("flowdeck.stores.choose", "Choose Another Store…");
  return item;
}

/** A run that a filter hides but its children need. */
const OUTSIDE = new vscode.ThemeIcon("circle-outline", new vscode.ThemeColor("disabledForeground"));

/** Colour dot of a run: the palette holds ten. */
export function runColour(ordinal: number): vscode.ThemeColor {
  return new vscode.ThemeColor(`flowdeck.run${(ordinal % 10) + 1}`);
}

export function runIcon(node: ShownNode, checked: boolean): vscode.ThemeIcon {
  if (node.since !== undefined) return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  if (node.status === "RUNNING")
    return new vscode.ThemeIcon("loading~spin", new vscode.ThemeColor("textLink.foreground"));
  if (checked) return new vscode.ThemeIcon("circle-filled", runColour(node.ordinal));
  switch (node.status) {
    case "FINISHED":
      return new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
    case "FAILED":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("errorForeground"));
    case "KILLED":
      return new vscode.ThemeIcon("circle-slash");
    case "SCHEDULED":
      return new vscode.ThemeIcon("circle-large-outline");
    default:
      return node.status satisfies never;
  }
}

/** What a row says behind the run's name. */
export function runDescription(node: ShownNode, now: number): string {
  return runFacts(node, now, metricBehind).join(" · ");
}

/** Metric and age; a failed run says so instead of its metric; a parent counts the children that ended. */
function runFacts(node: ShownNode, now: number, metricOf = wholeMetric): string[] {
  const parts: string[] = [];
  if (node.since !== undefined) {
    parts.push(statusOf(node, now));
  } else if (node.children > 0 && node.children_running > 0) {
    parts.push(`${node.children - node.children_running} of ${node.children}`);
  } else if (node.status === "FAILED" || node.status === "KILLED") {
    parts.push(statusText(node.status));
  } else if (node.metric !== undefined) {
    parts.push(metricOf(node.run_name, node.metric));
  }
  if (node.start_time !== undefined) parts.push(ageText(node.start_time, now));
  return parts;
}

function wholeMetric(_name: string, { key, value }: { key: string; value: number }): string {
  return `${key} ${metricText(value)}`;
}

/** Of a run, as its row says it. */
function statusOf({ since, status }: ShownNode, now: number): string {
  return since === undefined ? statusText(status) : noProcessText(since, now);
}

export function runTooltip(node: ShownNode): string {
  const lines = [node.run_name, `Run ${node.run_id}`, node.since === undefined ? statusText(node.status) : NO_PROCESS];
  if (node.start_time !== undefined) {
    lines.push(`Started ${new Date(node.start_time).toLocaleString(vscode.env.language, { timeZoneName: "short" })}`);
    const end = node.end_time ?? (node.status === "RUNNING" && node.since === undefined ? Date.now() : undefined);
    if (end !== undefined) lines.push(`Took ${durationText(end - node.start_time)}`);
  }
  if (node.metric !== undefined) lines.push(`${node.metric.key} ${node.metric.value}`);
  return lines.join("\n");
}
