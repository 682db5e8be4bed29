import { dirname } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { findMlprojectName } from "../../projects/mlprojectName.ts";
import type { CreateProjectParams, CreateProjectResult } from "../../protocol/language.ts";
import { registerCommand } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { pickOne } from "../platform/questions.ts";

/** Asks the language server for the text of a project. */
export type AskForProject = (params: CreateProjectParams) => Promise<CreateProjectResult>;

export function registerCreateProject(platform: Platform, ask: AskForProject): vscode.Disposable {
  return registerCommand(platform, "flowdeck.projects.create", (script) => create(ask, script));
}

/** Writes an MLproject for a script and shows it; a file that is there is never changed. */
async function create(ask: AskForProject, given?: vscode.Uri): Promise<void> {
  const script = given ?? vscode.window.activeTextEditor?.document.uri;
  if (script === undefined || script.scheme !== "file" || !script.path.endsWith(".py")) {
    throw new MlflowError("INVALID_STATE", "Open a Python script first; its arguments become the parameters.");
  }
  const folder = await freeFolder(script);
  const environment = await chooseEnvironment(folder);
  if (environment === undefined) return;
  const { text } = await ask({
    script: script.toString(),
    folder: folder.toString(),
    ...(environment.uses === undefined ? {} : { environment: environment.uses }),
  });
  const file = vscode.Uri.joinPath(folder, "MLproject");
  const edit = new vscode.WorkspaceEdit();
  if (environment.creates !== undefined) {
    const { path, content } = environment.creates;
    edit.createFile(vscode.Uri.joinPath(folder, path), { contents: new TextEncoder().encode(content) });
  }
  edit.createFile(file, { contents: new TextEncoder().encode(text) });
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new MlflowError("INVALID_STATE", "A file of that name is there already, so nothing was written.");
  }
  await vscode.window.showTextDocument(file);
}

/** The workspace folder of a script, or else the script's own; neither may have an MLproject yet. */
async function freeFolder(script: vscode.Uri): Promise<vscode.Uri> {
  const own = vscode.Uri.file(dirname(script.fsPath));
  const whole = vscode.workspace.getWorkspaceFolder(script)?.uri ?? own;
  for (const folder of [whole, own]) {
    if (findMlprojectName(await namesIn(folder)) === undefined) return folder;
  }
  throw new MlflowError("RESOURCE_ALREADY_EXISTS", "This folder has an MLproject already; add an entry point to it.");
}

async function namesIn(folder: vscode.Uri): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries.map(([name]) => name);
}

interface Environment {
  uses?: { key: "python_env" | "conda_env"; path: string };
  creates?: { path: string; content: string };
}

type Choice = vscode.QuickPickItem & { environment: Environment };

/** Which environment the project runs in; undefined when the person went away. */
async function chooseEnvironment(folder: vscode.Uri): Promise<Environment | undefined> {
  const names = await namesIn(folder);
  const choices: Choice[] = [];
  const offer = (label: string, description: string, environment: Environment) =>
    choices.push({ label, description, environment });
  for (const name of ["python_env.yaml", "python_env.yml"].filter((one) => names.includes(one))) {
    offer(name, "virtualenv or uv", { uses: { key: "python_env", path: name } });
  }
  for (const name of ["conda.yaml", "conda.yml", "environment.yml", "environment.yaml"].filter((one) =>
    names.includes(one),
  )) {
    offer(name, "conda", { uses: { key: "conda_env", path: name } });
  }
  if (!names.includes("python_env.yaml")) {
    const uses = { key: "python_env" as const, path: "python_env.yaml" };
    const from = names.includes("requirements.txt") ? "-r requirements.txt" : "mlflow";
    const content = `dependencies:\n  - ${from}\n`;
    offer("New python_env.yaml", `with ${from}`, { uses, creates: { path: uses.path, content } });
  }
  offer("No environment file", "runs with the Python of the editor", {});
  const chosen = await pickOne(choices, {
    title: "Create MLproject from Script",
    placeHolder: "What the project needs to run",
  });
  return chosen?.environment;
}
