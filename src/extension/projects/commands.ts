import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { registerCommand, type RunArguments } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import type { Servers } from "../server/servers.ts";
import { registerBackendCommand } from "./backendCommand.ts";
import { choose, type Chosen } from "./choose.ts";
import { Debugging } from "./debugging.ts";
import { formKey, keptForm, type GivenForm, type RunForm } from "./formState.ts";
import { formSubject, type FormSources } from "./formSubject.ts";
import { registerGroupCommands } from "./groupCommands.ts";
import { askKeptForm } from "./keptForm.ts";
import { valuesUnasked } from "./parameterValues.ts";
import { readProject, type ProjectFiles } from "./projectFiles.ts";
import type { ProjectRuns } from "./projectRuns.ts";
import { selectInterpreter } from "./python.ts";
import { registerGitCommands } from "./gitCommands.ts";
import { registerPresetCommand } from "./runPreset.ts";
import { askMissing } from "./runForm.ts";
import { checkTrusted, startRemedy } from "./starting.ts";
import { startRun } from "./startRun.ts";
import { registerTaskCompletion } from "./taskCompletion.ts";
import { ProjectTasks } from "./tasks.ts";
import type { LatestRuns } from "./view/latestRuns.ts";
import type { WorkflowFiles } from "./view/workflowFiles.ts";

/** What the commands of projects work with. */
export interface ProjectParts extends FormSources {
  files: ProjectFiles;
  workflows: WorkflowFiles;
  latest: LatestRuns;
  runs: ProjectRuns;
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
    registerTaskCompletion(platform, parts),
    registerBackendCommand(platform, parts),
    ...registerGroupCommands(platform, parts),
    registerPresetCommand(platform, parts),
    ...registerGitCommands(platform, parts),
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
  ...[target, name, given, experiment_name]: RunArguments
): Promise<void> {
  checkTrusted();
  const chosen = await choose(parts.files, target, name);
  if (chosen === undefined) return;
  const form = await chooseForm(platform, parts, asked, chosen, { values: given, experiment_name });
  if (form === undefined) return;
  await startRun(parts, chosen, form, debugging);
}

/** What to run with, kept for the next time; undefined when the person went away. */
async function chooseForm(
  platform: Platform,
  parts: ProjectParts,
  asked: "missing" | "all",
  chosen: Chosen,
  given: GivenForm,
): Promise<RunForm | undefined> {
  const { project, entryPoint } = chosen;
  const uri = project.file.toString();
  if (asked === "all") return askKeptForm(platform, parts, { chosen, key: uri, ...given });
  const memory = platform.context.workspaceState;
  const key = formKey(uri, entryPoint.name);
  const kept = keptForm(memory, key);
  const values = valuesUnasked(entryPoint, given.values ?? {}, kept.values);
  const isComplete = await askMissing(entryPoint, values, () => formSubject(platform, parts, chosen));
  // What the form was filled with stays for the next time that it is shown.
  await memory.update(key, { ...kept, values: { ...kept.values, ...valuesUnasked(entryPoint, {}, values) } });
  return isComplete ? { values, extra: {} } : undefined;
}
