import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { RunRequest } from "../../projects/request.ts";
import { registerCommand, type RunArguments } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import type { Servers } from "../server/servers.ts";
import type { Stores } from "../stores/stores.ts";
import { choose, needsPython, type Chosen } from "./choose.ts";
import { Debugging } from "./debugging.ts";
import { registerGroupCommands } from "./groupCommands.ts";
import { valuesUnasked, type Values } from "./parameterValues.ts";
import { readProject, type ProjectFiles } from "./projectFiles.ts";
import type { ProjectRuns } from "./projectRuns.ts";
import { selectInterpreter } from "./python.ts";
import { askMissing, askValues } from "./runForm.ts";
import { checkTrusted, prepareStart, startRemedy } from "./starting.ts";
import { ProjectTasks } from "./tasks.ts";
import type { LatestRuns } from "./view/latestRuns.ts";
import type { WorkflowFiles } from "./view/workflowFiles.ts";

/** What the commands of projects work with. */
export interface ProjectParts {
  files: ProjectFiles;
  workflows: WorkflowFiles;
  latest: LatestRuns;
  runs: ProjectRuns;
  stores: Stores;
  servers: Servers;
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
    ...registerGroupCommands(platform, parts),
    registerCommand(platform, "flowdeck.projects.run", (...args) => run(platform, parts, RUN, ...args), startRemedy),
    registerCommand(
      platform,
      "flowdeck.projects.runWith",
      (...args) => run(platform, parts, RUN_WITH, ...args),
      startRemedy,
    ),
    registerCommand(
      platform,
      "flowdeck.projects.debug",
      (...args) => run(platform, parts, { ...RUN, debugging }, ...args),
      startRemedy,
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
  parts: ProjectParts,
  { asked, debugging }: Manner,
  ...[target, name, given]: RunArguments
): Promise<void> {
  checkTrusted();
  const chosen = await choose(parts.files, target, name);
  if (chosen === undefined) return;
  const { project, entryPoint } = chosen;
  const values = await chooseValues(platform.context.workspaceState, asked, chosen, given);
  if (values === undefined) return;
  const start = await prepareStart(parts, {
    file: project.file,
    folder: project.folder,
    name: entryPoint.name,
    needsPython: (env_manager) => needsPython(chosen, env_manager),
  });
  const debug = await debugging?.prepare(project, entryPoint.name);
  const request: RunRequest = {
    ...start.request,
    projectFolder: project.folder,
    entry_point: entryPoint.name,
    parameters: Object.entries(values),
    ...(debug === undefined ? {} : { debug }),
  };
  try {
    await parts.runs.start(request, { uri: start.uri, name: entryPoint.name, folder: project.folder });
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
