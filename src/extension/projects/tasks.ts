import { dirname, isAbsolute, join, relative } from "node:path";
import * as vscode from "vscode";
import { setting } from "../platform/settings.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { ProjectFiles } from "./projectFiles.ts";
import { findPython } from "./python.ts";
import { taskFlags, type TaskWords } from "./taskFlags.ts";

const TYPE = "mlproject";

type MlprojectTask = vscode.TaskDefinition & TaskWords;

/**
 * Entry points as tasks. They are run by the command line, which finds the window's tracking server in the variables that every
 * terminal has. A background task with a provider is the only kind that comes back after a reload (VS Code 1.139).
 */
export class ProjectTasks extends Disposable implements vscode.TaskProvider {
  readonly #platform: Platform;
  readonly #files: ProjectFiles;

  constructor(platform: Platform, files: ProjectFiles) {
    super();
    this.#platform = platform;
    this.#files = files;
    this.own(vscode.tasks.registerTaskProvider(TYPE, this));
  }

  async provideTasks(): Promise<vscode.Task[]> {
    // VS Code asks for trust itself, before a task runs; the interpreter is looked for, and asked, only after that.
    if (!vscode.workspace.isTrusted) return [];
    const projects = await this.#files.all();
    const tasks = projects.map(async (project) => {
      const folder = vscode.workspace.getWorkspaceFolder(project.file);
      if (folder === undefined) return [];
      const place = relative(folder.uri.fsPath, project.folder);
      const python = await pythonOf(project.file);
      return project.document.entryPoints.map(({ name }) => {
        const definition: MlprojectTask = { type: TYPE, entryPoint: name, ...(place === "" ? {} : { project: place }) };
        return this.#task(definition, folder, python);
      });
    });
    return (await Promise.all(tasks)).flat();
  }

  async resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
    if (!vscode.workspace.isTrusted) return undefined;
    const { scope } = task;
    const folder = typeof scope === "object" ? scope : vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined) return undefined;
    const definition = task.definition as MlprojectTask;
    const resolved = this.#task(definition, folder, await pythonOf(fileOf(definition, folder)));
    resolved.name = task.name;
    return resolved;
  }

  #task(definition: MlprojectTask, folder: vscode.WorkspaceFolder, python: string | undefined): vscode.Task {
    const { entryPoint = "main", project = "." } = definition;
    const file = fileOf(definition, folder);
    const execution = new vscode.ProcessExecution(
      process.execPath,
      [this.#platform.program("cli.js"), "run", dirname(file.fsPath), ...flagsOf(definition, file, python)],
      {
        cwd: folder.uri.fsPath,
        env: {
          ELECTRON_RUN_AS_NODE: "1",
          // Where the window looks for runs that go on.
          FLOWDECK_RUNS: join(this.#platform.context.globalStorageUri.fsPath, "runs"),
        },
      },
    );
    const name = project === "." ? entryPoint : `${entryPoint} (${project})`;
    const task = new vscode.Task(definition, folder, name, TYPE, execution, MATCHERS);
    task.isBackground = true;
    task.detail = `Run entry point ${entryPoint}`;
    return task;
  }
}

/** Tracebacks of Python, with and without the line of carets that 3.11 puts under the code. */
const MATCHERS = ["$mlproject-traceback", "$mlproject-traceback-carets"];

function fileOf({ project = "." }: MlprojectTask, folder: vscode.WorkspaceFolder): vscode.Uri {
  return vscode.Uri.file(join(isAbsolute(project) ? project : join(folder.uri.fsPath, project), "MLproject"));
}

/** A setting that names no Python is told by the run. */
async function pythonOf(file: vscode.Uri): Promise<string | undefined> {
  const python = await findPython(file).catch(() => undefined);
  return python?.path;
}

function flagsOf(task: MlprojectTask, file: vscode.Uri, python: string | undefined): string[] {
  return taskFlags(task, {
    envManager: setting("flowdeck.projects.envManager", "auto", file),
    paramQuoting: setting("flowdeck.projects.paramQuoting", "raw", file),
    python,
  });
}
