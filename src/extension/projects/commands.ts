import { join, relative, sep } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { callsPython } from "../../projects/command.ts";
import type { EntryPoint } from "../../projects/document.ts";
import type { EnvManager, RunRequest } from "../../projects/request.ts";
import { execute, registerCommand, type RunArguments } from "../platform/commands.ts";
import type { Platform, Remedy } from "../platform/platform.ts";
import { withProgress } from "../platform/progress.ts";
import { pickOne } from "../platform/questions.ts";
import { setting } from "../platform/settings.ts";
import { serverRemedy } from "../server/remedies.ts";
import type { Servers } from "../server/servers.ts";
import { addressOf } from "../server/terminalEnvironment.ts";
import type { Stores } from "../stores/stores.ts";
import { Debugging, NoDebugger } from "./debugging.ts";
import { readProject, type Project, type ProjectFiles } from "./projectFiles.ts";
import type { ProjectRuns } from "./projectRuns.ts";
import { findPython, NoPython, selectInterpreter } from "./python.ts";
import { valuesUnasked, type Values } from "./parameterValues.ts";
import { askMissing, askValues } from "./runForm.ts";
import { ProjectTasks } from "./tasks.ts";

/** What the commands of projects work with. */
export interface ProjectParts {
  files: ProjectFiles;
  runs: ProjectRuns;
  stores: Stores;
  servers: Servers;
}

interface Chosen {
  project: Project;
  entryPoint: EntryPoint;
}

/** How a run is started. */
interface Manner {
  /** Which parameters are asked for. */
  asked: "missing" | "all";
  /** Present: it runs under a debugger. */
  debugging?: Debugging;
}
const RUN: Manner = { asked: "missing" };
const RUN_WITH: Manner = { asked: "all" };

export function registerProjectCommands(platform: Platform, parts: ProjectParts): vscode.Disposable[] {
  const debugging = new Debugging(platform);
  return [
    debugging,
    new ProjectTasks(platform, parts.files),
    registerCommand(platform, "flowdeck.projects.run", (...args) => run(platform, parts, RUN, ...args), remedyOf),
    registerCommand(
      platform,
      "flowdeck.projects.runWith",
      (...args) => run(platform, parts, RUN_WITH, ...args),
      remedyOf,
    ),
    registerCommand(
      platform,
      "flowdeck.projects.debug",
      (...args) => run(platform, parts, { ...RUN, debugging }, ...args),
      remedyOf,
    ),
    registerCommand(platform, "flowdeck.projects.openFile", async ({ uri, entry_point }) => {
      const project = await readProject(vscode.Uri.parse(uri, true));
      if (project === undefined) {
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "This MLproject file cannot be read any more.");
      }
      const offset = project.document.entryPoints.find((one) => one.name === entry_point)?.nameRange.start ?? 0;
      const document = await vscode.workspace.openTextDocument(project.file);
      const at = document.positionAt(offset);
      await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
    }),
    registerCommand(platform, "flowdeck.projects.selectInterpreter", async () => {
      const active = vscode.window.activeTextEditor?.document.uri;
      // What is open may be a log, or a file from elsewhere.
      const own = active !== undefined && vscode.workspace.getWorkspaceFolder(active) !== undefined;
      const file = own ? active : vscode.workspace.workspaceFolders?.[0]?.uri;
      if (file === undefined) throw new MlflowError("INVALID_STATE", "Open a folder first; its interpreter is chosen.");
      await selectInterpreter(file);
    }),
  ];
}

/** Asks what is not told (project, entry point, values), then runs it in a terminal. */
async function run(
  platform: Platform,
  { files, runs, stores, servers }: ProjectParts,
  { asked, debugging }: Manner,
  ...[target, name, given]: RunArguments
): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new MlflowError("PERMISSION_DENIED", "This workspace is not trusted, so nothing is run in it.");
  }
  const chosen = await choose(files, target, name);
  if (chosen === undefined) return;
  const { project, entryPoint } = chosen;
  const values = await chooseValues(platform.context.workspaceState, asked, chosen, given);
  if (values === undefined) return;
  await saveFiles(project);
  const python = await findPython(project.file);
  const env_manager: EnvManager = setting("flowdeck.projects.envManager", "auto", project.file);
  if (python === undefined && needsPython(chosen, env_manager)) {
    throw new NoPython(
      "RESOURCE_DOES_NOT_EXIST",
      `No Python was found on this machine, so ${entryPoint.name} did not run.`,
    );
  }
  const store = await stores.of(project.file);
  if (store === undefined) {
    throw new MlflowError(
      "RESOURCE_DOES_NOT_EXIST",
      "Runs are logged to the workspace's store; open the project's folder.",
    );
  }
  // Cancel lets the run be. The server that it waits for is the window's, and starts all the same.
  const discovery = await withProgress(`Flowdeck: starting ${entryPoint.name}…`, () => servers.start(store));
  const debug = await debugging?.prepare(project, entryPoint.name);
  const request: RunRequest = {
    format: 1,
    projectFolder: project.folder,
    entry_point: entryPoint.name,
    parameters: Object.entries(values),
    env_manager,
    paramQuoting: setting("flowdeck.projects.paramQuoting", "raw", project.file),
    tracking_uri: addressOf(discovery),
    token: discovery.token,
    ...(python === undefined ? {} : { python: python.path }),
    ...(debug === undefined ? {} : { debug }),
  };
  try {
    await runs.start(request, store.uri);
  } catch (error) {
    if (debug !== undefined) await debugging?.forget(debug);
    throw error;
  }
}

/** The values to run with, remembered for the next time; undefined when the person went away. */
async function chooseValues(
  memory: vscode.Memento,
  asked: "missing" | "all",
  { project, entryPoint }: Chosen,
  given: Values | undefined,
): Promise<Values | undefined> {
  const key = `flowdeck.projects.values ${project.file.toString()} ${entryPoint.name}`;
  const remembered = memory.get<Values>(key, {});
  if (asked === "all") {
    const values = await askValues(entryPoint, given ?? remembered);
    if (values !== undefined) await memory.update(key, values);
    return values;
  }
  const values = valuesUnasked(entryPoint, given ?? {}, remembered);
  if (!(await askMissing(entryPoint, values))) return undefined;
  // What the form was filled with stays for the next time that it is shown.
  await memory.update(key, { ...remembered, ...valuesUnasked(entryPoint, {}, values) });
  return values;
}

async function choose(
  files: ProjectFiles,
  target: RunArguments[0],
  name: string | undefined,
): Promise<Chosen | undefined> {
  const uri = target instanceof vscode.Uri ? target.toString() : typeof target === "string" ? target : target?.uri;
  // The button of an editor's title gives its file, and in second place something of its own.
  const wanted = target instanceof vscode.Uri ? undefined : typeof target === "object" ? target.entry_point : name;
  const projects = uri === undefined ? await files.all() : [await readProject(vscode.Uri.parse(uri, true))];
  const all = projects.flatMap((project) =>
    project === undefined ? [] : project.document.entryPoints.map((entryPoint) => ({ project, entryPoint })),
  );
  if (all.length === 0)
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "No MLproject file here declares an entry point.");
  if (wanted !== undefined) {
    const found = all.find(({ entryPoint }) => entryPoint.name === wanted);
    if (found === undefined)
      throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `MLproject has no entry point ${wanted}.`);
    return found;
  }
  const items = all.map((chosen) => ({
    label: `$(play) ${chosen.entryPoint.name}`,
    description: chosen.entryPoint.parameters.map((parameter) => parameter.name).join(", "),
    detail: projects.length > 1 ? `${chosen.project.name} · ${placeOf(chosen.project)}` : "",
    chosen,
  }));
  const [only] = items;
  if (items.length === 1) return only?.chosen;
  return (await pickOne(items, { placeHolder: "Entry point to run" }))?.chosen;
}

/** The runner reads the disk, so what is typed but not saved would not run. */
async function saveFiles(project: Project): Promise<void> {
  const inside = (file: vscode.Uri): boolean => file.fsPath.startsWith(join(project.folder, sep));
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || document.uri.scheme !== "file" || !inside(document.uri)) continue;
    if (await document.save()) continue;
    const name = relative(project.folder, document.uri.fsPath);
    throw new MlflowError("INVALID_STATE", `${name} could not be saved, so nothing was run; save it and run again.`);
  }
}

function placeOf(project: Project): string {
  const root = vscode.workspace.getWorkspaceFolder(project.file)?.uri.fsPath;
  return root === undefined ? project.folder : relative(root, project.file.fsPath);
}

/** A container has its own; a command of another language runs without an interpreter, unless its project declares a Python environment. */
function needsPython({ project, entryPoint }: Chosen, env_manager: EnvManager): boolean {
  if (project.document.environment?.kind === "docker" && env_manager !== "local") return false;
  return project.document.environment !== undefined || callsPython(entryPoint.command ?? "");
}

function remedyOf(error: unknown): Remedy | undefined {
  if (error instanceof NoPython) {
    return { title: "Select Interpreter…", run: () => execute("flowdeck.projects.selectInterpreter") };
  }
  if (error instanceof NoDebugger) {
    const find = () => vscode.commands.executeCommand("workbench.extensions.search", "@id:ms-python.debugpy");
    return { title: "Find the Python Debugger", run: find };
  }
  return serverRemedy(error);
}
