// How a row of the Projects view looks.
import { relative } from "node:path";
import * as vscode from "vscode";
import { NO_PROCESS } from "../../../protocol/runs.ts";
import type { QueueStatus } from "../../../projects/sweep/state.ts";
import { STEP_OF_RUN } from "../../../projects/workflow/graph.ts";
import { commandOf } from "../../platform/commands.ts";
import { countText, statusText } from "../../tracking/format.ts";
import { parameterText } from "../parameterValues.ts";
import type {
  EntryPointRow,
  ParameterRow,
  PointRow,
  ProjectRow,
  ProjectsRow,
  RecentRow,
  RunRow,
  WorkflowRow,
} from "./rows.ts";
import {
  describePoint,
  describeRun,
  describeWorkflow,
  isResumable,
  nameOf,
  pointName,
  queueText,
  type ShownRun,
} from "./runTexts.ts";

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** `now` in ms since the epoch. */
export function itemOf(row: ProjectsRow, now: number): vscode.TreeItem {
  const item = bareItem(row, now);
  item.id = row.id;
  // Without arguments: see `clickedRow`.
  if (row.kind !== "recent" && row.kind !== "point") item.command = OPEN;
  if (row.kind === "point" && row.run_id !== "") item.command = OPEN;
  item.accessibilityInformation = { label: labelOf(row, item, now) };
  return item;
}

/** Characters of a row in a side bar of 300 px. */
const ROW = 36;
/** A character of a row's name is this much wider than one of its description. */
const NAME = 1.17;

const OPEN = commandOf("flowdeck.projects.openSelected", "Open");

/** Two looks at a row that give the same text look the same. */
export function signatureOf(item: vscode.TreeItem): string {
  const { label, description, iconPath, contextValue, collapsibleState, tooltip } = item;
  const icon = iconPath instanceof vscode.ThemeIcon ? [iconPath.id, iconPath.color?.id] : "";
  return JSON.stringify([label, description, icon, contextValue, collapsibleState, tooltip]);
}

function bareItem(row: ProjectsRow, now: number): vscode.TreeItem {
  switch (row.kind) {
    case "project":
      return projectItem(row);
    case "entryPoint":
      return entryPointItem(row);
    case "parameter":
      return parameterItem(row);
    case "workflow":
      return workflowItem(row, now);
    case "recent":
      return recentItem(row);
    case "run":
      return runItem(row, now);
    case "point":
      return pointItem(row, now);
    default:
      return row satisfies never;
  }
}

function labelOf(row: ProjectsRow, { label = "", description }: vscode.TreeItem, now: number): string {
  const status = row.kind === "run" ? [row.shown.since === undefined ? statusText(row.shown.run.info.status) : ""] : [];
  // What is cut for the eye is told whole.
  const told = row.kind === "run" ? describeRun(row.shown, now) : String(description ?? "");
  const queue = row.kind === "run" ? queueText(row.shown) : "";
  const said = [typeof label === "string" ? label : label.label, ...status, ...told.split(" · "), queue].filter(
    Boolean,
  );
  return [...new Set(said)].join(", ");
}

function projectItem({ project }: ProjectRow): vscode.TreeItem {
  const item = new vscode.TreeItem(project.name, Expanded);
  const errors = project.document.problems.filter((problem) => problem.severity === "error");
  const folder = vscode.workspace.getWorkspaceFolder(project.file);
  const place = folder === undefined ? project.file.fsPath : relative(folder.uri.fsPath, project.file.fsPath);
  item.iconPath = errors.length > 0 ? WARNING : new vscode.ThemeIcon("project");
  item.description = errors.length > 0 ? countText(errors.length, "problem") : place;
  item.tooltip = [project.file.fsPath, ...errors.map((problem) => problem.message)].join("\n");
  item.contextValue = "project";
  return item;
}

function entryPointItem({ entry_point, entryPoint }: EntryPointRow): vscode.TreeItem {
  const { parameters, command } = entryPoint;
  const item = new vscode.TreeItem(entry_point, parameters.length > 0 ? Collapsed : None);
  item.iconPath = new vscode.ThemeIcon("play");
  if (parameters.length > 0) item.description = countText(parameters.length, "parameter");
  if (command !== undefined) item.tooltip = command;
  item.contextValue = "entryPoint";
  return item;
}

function parameterItem({ parameter, parent }: ParameterRow): vscode.TreeItem {
  const item = new vscode.TreeItem(parameter.name, None);
  const { problems } = parent.parent.project.document;
  const { start, end } = parameter.range;
  const own = problems.filter((one) => one.range.start >= start && one.range.end <= end && one.severity !== "hint");
  item.iconPath = new vscode.ThemeIcon("symbol-parameter", own.length > 0 ? WARNING.color : undefined);
  item.description = parameterText(parameter, undefined);
  const told = [parameter.description ?? "", ...own.map(({ message }) => message)].filter(Boolean);
  if (told.length > 0) item.tooltip = told.join("\n");
  item.contextValue = "parameter";
  return item;
}

function workflowItem({ workflow, latest, parent, stoppable }: WorkflowRow, now: number): vscode.TreeItem {
  const base = parent?.project.folder ?? vscode.workspace.getWorkspaceFolder(workflow.file)?.uri.fsPath;
  const name = base === undefined ? workflow.name : relative(base, workflow.file.fsPath);
  const item = new vscode.TreeItem(name, None);
  const { problem } = workflow;
  item.description = problem === undefined ? describeWorkflow(workflow.steps, latest, now) : "1 problem";
  item.iconPath = problem === undefined ? new vscode.ThemeIcon("type-hierarchy-sub") : WARNING;
  item.tooltip = [workflow.file.fsPath, problem ?? "", ...(latest === undefined ? [] : causes(latest))]
    .filter(Boolean)
    .join("\n");
  item.contextValue = contextOf("workflow", [
    latest !== undefined && "ran",
    latest?.run.info.status === "RUNNING" && latest.since === undefined ? "running" : "startable",
    stoppable && "stoppable",
    latest !== undefined && isResumable(latest) && "resumable",
  ]);
  return item;
}

function recentItem({ parent }: RecentRow): vscode.TreeItem {
  const item = new vscode.TreeItem("Recent runs", parent === undefined ? Expanded : Collapsed);
  item.iconPath = new vscode.ThemeIcon("history");
  item.contextValue = "recent";
  return item;
}

function runItem({ shown, stoppable }: RunRow, now: number): vscode.TreeItem {
  const { run, sweep, workflow, since } = shown;
  const item = new vscode.TreeItem(nameOf(shown), sweep === undefined ? None : Collapsed);
  item.description = describeRun(shown, now, ROW - NAME * nameOf(shown).length);
  item.iconPath = since === undefined ? pointIcon(STEP_OF_RUN[run.info.status]) : WARNING;
  const { run_name, run_id, start_time } = run.info;
  const started =
    start_time === undefined
      ? ""
      : `Started ${new Date(start_time).toLocaleString(vscode.env.language, { timeZoneName: "short" })}`;
  const values = run.data.params.map(({ key, value }) => `${key} = ${value}`);
  const told = [run_name, `Run ${run_id}`, started, queueText(shown), ...causes(shown), ...values];
  item.tooltip = told.filter(Boolean).join("\n");
  item.contextValue = contextOf("run", [
    sweep !== undefined && "sweep",
    workflow !== undefined && "ofWorkflow",
    stoppable && "stoppable",
    since !== undefined && "stuck",
    run.info.status === "RUNNING" ? "running" : "over",
    sweep === undefined && workflow === undefined && "single",
    isResumable(shown) && "resumable",
  ]);
  return item;
}

/** Why it is as it is, where that is known. */
function causes({ since, workflow, exitCode }: ShownRun): string[] {
  const failed = (workflow?.steps ?? []).flatMap(({ name, tries }) => {
    const last = tries.at(-1);
    if (last === undefined || last.status !== "failed") return [];
    return [`${name} failed: ${last.problem ?? `exit code ${last.exitCode ?? "unknown"}`}`];
  });
  const code = exitCode === undefined ? [] : [`Its command ended with exit code ${exitCode}.`];
  return [...(since === undefined ? [] : [NO_PROCESS]), ...code, workflow?.problem ?? "", ...failed];
}

function pointItem({ entry, status, run_id }: PointRow, now: number): vscode.TreeItem {
  const item = new vscode.TreeItem(pointName(entry), None);
  item.description = describePoint(entry, status, now);
  item.iconPath = pointIcon(status);
  item.tooltip = [...entry.values.map(([name, value]) => `${name} = ${value}`), run_id && `Run ${run_id}`]
    .filter(Boolean)
    .join("\n");
  item.contextValue = contextOf("point", [run_id !== "" && "started", status !== "running" && "over"]);
  return item;
}

function contextOf(kind: string, words: readonly (string | false)[]): string {
  return [kind, ...words.filter((word) => word !== false)].join(" ");
}

const WARNING = new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));

function pointIcon(status: QueueStatus | "left"): vscode.ThemeIcon {
  switch (status) {
    case "running":
      return new vscode.ThemeIcon("loading~spin", new vscode.ThemeColor("textLink.foreground"));
    case "waiting":
    case "left":
      return new vscode.ThemeIcon("circle-large-outline");
    case "finished":
      return new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
    case "failed":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("errorForeground"));
    case "killed":
      return new vscode.ThemeIcon("circle-slash");
    default:
      return status satisfies never;
  }
}
