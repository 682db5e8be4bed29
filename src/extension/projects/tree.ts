import { relative } from "node:path";
import * as vscode from "vscode";
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import { commandOf, registerCommand } from "../platform/commands.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { countText } from "../tracking/format.ts";
import { parameterText } from "./parameterValues.ts";
import type { Project, ProjectFiles } from "./projectFiles.ts";

interface ProjectRow {
  kind: "project";
  /** Of the MLproject file. */
  uri: string;
  project: Project;
}

interface EntryPointRow {
  kind: "entryPoint";
  uri: string;
  entry_point: string;
  entryPoint: EntryPoint;
}

interface ParameterRow {
  kind: "parameter";
  uri: string;
  entry_point: string;
  parameter: Parameter;
}

type ProjectsRow = ProjectRow | EntryPointRow | ParameterRow;

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** The Projects view: every MLproject of the workspace → entry points → parameters. */
export class ProjectsTree extends Disposable implements vscode.TreeDataProvider<ProjectsRow> {
  readonly #files: ProjectFiles;
  readonly #fired = this.own(new vscode.EventEmitter<undefined>());

  readonly onDidChangeTreeData = this.#fired.event;

  constructor(platform: Platform, files: ProjectFiles) {
    super();
    this.#files = files;
    this.own(files.onChange(() => this.#fired.fire(undefined)));
    this.own(vscode.window.registerTreeDataProvider("flowdeck.projects", this));
    this.own(registerCommand(platform, "flowdeck.projects.refresh", async () => this.#fired.fire(undefined)));
  }

  getTreeItem(row: ProjectsRow): vscode.TreeItem {
    switch (row.kind) {
      case "project":
        return projectItem(row);
      case "entryPoint":
        return entryPointItem(row);
      case "parameter":
        return parameterItem(row);
      default:
        return row satisfies never;
    }
  }

  async getChildren(row?: ProjectsRow): Promise<ProjectsRow[]> {
    if (row === undefined) {
      return (await this.#files.all()).map((project) => ({ kind: "project", uri: project.file.toString(), project }));
    }
    const { uri } = row;
    if (row.kind === "project") {
      const { entryPoints } = row.project.document;
      return entryPoints.map((entryPoint) => ({ kind: "entryPoint", uri, entry_point: entryPoint.name, entryPoint }));
    }
    if (row.kind === "parameter") return [];
    const { entryPoint, entry_point } = row;
    return entryPoint.parameters.map((parameter) => ({ kind: "parameter", uri, entry_point, parameter }));
  }
}

function projectItem({ uri, project }: ProjectRow): vscode.TreeItem {
  const item = new vscode.TreeItem(project.name, Expanded);
  const errors = project.document.problems.filter((problem) => problem.severity === "error");
  const folder = vscode.workspace.getWorkspaceFolder(project.file);
  const place = folder === undefined ? project.file.fsPath : relative(folder.uri.fsPath, project.file.fsPath);
  item.id = uri;
  item.iconPath = errors.length > 0 ? warning() : new vscode.ThemeIcon("project");
  item.description = errors.length > 0 ? countText(errors.length, "problem") : place;
  item.tooltip = [project.file.fsPath, ...errors.map((problem) => problem.message)].join("\n");
  item.contextValue = "project";
  item.command = { command: "vscode.open", title: "Open MLproject", arguments: [project.file] };
  item.accessibilityInformation = { label: `${project.name}, ${item.description}` };
  return item;
}

function entryPointItem(row: EntryPointRow): vscode.TreeItem {
  const { parameters } = row.entryPoint;
  const item = new vscode.TreeItem(row.entry_point, parameters.length > 0 ? Collapsed : None);
  item.id = `${row.uri}#${row.entry_point}`;
  item.iconPath = new vscode.ThemeIcon("play");
  item.description = parameters.map((parameter) => parameter.name).join(", ");
  if (row.entryPoint.command !== undefined) item.tooltip = row.entryPoint.command;
  item.contextValue = "entryPoint";
  item.command = commandOf("flowdeck.projects.openFile", "Open MLproject", row);
  const said = parameters.length > 0 ? `, ${countText(parameters.length, "parameter")}` : "";
  item.accessibilityInformation = { label: `${row.entry_point}${said}` };
  return item;
}

function parameterItem({ uri, entry_point, parameter }: ParameterRow): vscode.TreeItem {
  const item = new vscode.TreeItem(parameter.name, None);
  item.id = `${uri}#${entry_point}#${parameter.name}`;
  item.iconPath = new vscode.ThemeIcon("symbol-parameter");
  item.description = parameterText(parameter, undefined);
  if (parameter.description) item.tooltip = parameter.description;
  item.accessibilityInformation = { label: `${parameter.name}, ${item.description}` };
  return item;
}

function warning(): vscode.ThemeIcon {
  return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
}
