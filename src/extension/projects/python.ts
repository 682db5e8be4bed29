import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import * as vscode from "vscode";
import { pickOne } from "../platform/questions.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { setting } from "../platform/settings.ts";

/** Where an interpreter was found, for the list that offers it. */
export interface Interpreter {
  path: string;
  from: string;
}

const windows = process.platform === "win32";
const BIN = windows ? ["Scripts", "python.exe"] : ["bin", "python"];

/**
 * The interpreter of a file: setting, Python extensions, `.venv`, PATH; undefined when there is none.
 * Throws NoPython when the setting names a file that cannot be run: another Python than the wanted one is no help.
 */
export async function findPython(file: vscode.Uri): Promise<Interpreter | undefined> {
  const found = (await findPythons(file)).at(0);
  const named = setting("flowdeck.python.interpreter", "", file);
  if (named === "" || found?.from === SETTING) return found;
  throw new NoPython(
    "RESOURCE_DOES_NOT_EXIST",
    `The setting flowdeck.python.interpreter names ${named}, which cannot be run; choose another one.`,
  );
}

/** There is no Python to run with: choosing one helps. */
export class NoPython extends MlflowError {}

const SETTING = "setting";

/** Every interpreter that can be found without looking far, the one that is used first. */
export async function findPythons(file: vscode.Uri): Promise<Interpreter[]> {
  const folder = vscode.workspace.getWorkspaceFolder(file)?.uri;
  const root = folder?.fsPath ?? dirname(file.fsPath);
  const named = setting("flowdeck.python.interpreter", "", file);
  const path = process.env["PATH"]?.split(delimiter).filter(isAbsolute) ?? [];
  const names = windows ? ["python.exe"] : ["python3", "python"];
  const candidates: (Interpreter | undefined)[] = [
    named === "" ? undefined : { path: absolute(named, root), from: SETTING },
    await orNothing(fromEnvironments(file)),
    await orNothing(fromPythonExtension(file)),
    ...[".venv", "venv"].map((venv) => ({ path: join(root, venv, ...BIN), from: venv })),
    ...path.flatMap((one) => names.map((name) => ({ path: join(one, name), from: "PATH" }))),
  ];
  const found: Interpreter[] = [];
  for (const candidate of candidates) {
    if (candidate === undefined || found.some((one) => one.path === candidate.path)) continue;
    if (await isExecutable(candidate.path)) found.push(candidate);
  }
  return found;
}

function absolute(path: string, root: string): string {
  const filled = path.replaceAll("${workspaceFolder}", root);
  return isAbsolute(filled) ? filled : resolve(root, filled);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The parts of other extensions' APIs that are used; anything may be missing. */
interface EnvironmentsApi {
  getEnvironment?(scope: vscode.Uri): Promise<{ execInfo?: { run?: { executable?: string } } } | undefined>;
}
interface PythonApi {
  environments?: {
    getActiveEnvironmentPath?(resource: vscode.Uri): { path: string };
    resolveEnvironment?(path: { path: string }): Promise<{ executable?: { uri?: vscode.Uri } } | undefined>;
  };
}

async function fromEnvironments(file: vscode.Uri): Promise<Interpreter | undefined> {
  const api = await exportsOf<EnvironmentsApi>("ms-python.vscode-python-envs");
  const environment = await api?.getEnvironment?.(file);
  const path = environment?.execInfo?.run?.executable;
  return path === undefined ? undefined : { path, from: "Python Environments" };
}

async function fromPythonExtension(file: vscode.Uri): Promise<Interpreter | undefined> {
  const environments = (await exportsOf<PythonApi>("ms-python.python"))?.environments;
  const active = environments?.getActiveEnvironmentPath?.(file);
  if (active === undefined) return undefined;
  const resolved = await environments?.resolveEnvironment?.(active);
  return { path: resolved?.executable?.uri?.fsPath ?? active.path, from: "Python extension" };
}

async function exportsOf<T>(id: string): Promise<T | undefined> {
  return vscode.extensions.getExtension<T>(id)?.activate();
}

/** Another extension that fails is not our failure: the next place is asked. */
function orNothing<T>(answer: Promise<T | undefined>): Promise<T | undefined> {
  return answer.catch(() => undefined);
}

/** Lets the person choose an interpreter for this workspace; true when one was chosen. */
export async function selectInterpreter(file: vscode.Uri): Promise<boolean> {
  const browse = { label: "$(folder-opened) Browse…", path: undefined };
  const offered = (await findPythons(file)).map(({ path, from }) => ({ label: path, description: from, path }));
  const chosen = await pickOne([...offered, browse], {
    placeHolder: "Python that runs entry points",
  });
  if (chosen === undefined) return false;
  const path = chosen.path ?? (await vscode.window.showOpenDialog({ openLabel: "Use This Python" }))?.[0]?.fsPath;
  if (path === undefined) return false;
  const target = vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration("flowdeck.python").update("interpreter", path, target);
  return true;
}
