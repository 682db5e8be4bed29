import { dirname, relative, sep } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { Remedy } from "../platform/platform.ts";
import { askText } from "../platform/questions.ts";
import type { RunForm } from "./formState.ts";
import { folderName, isSame, NO_PRESETS, parsePresets, presetOfForm, withPreset, type Preset } from "./presetsFile.ts";

/** In `.vscode` of the workspace folder. Made only when a person saves a preset. */
const FILE = "flowdeck-presets.json";

/** The file of presets cannot be read; nothing in it is changed. */
export class DamagedPresets extends MlflowError {
  readonly file: vscode.Uri;

  constructor(file: vscode.Uri) {
    super("INVALID_STATE", `.vscode/${FILE} is damaged, so Flowdeck left it as it is; mend it, then try again.`);
    this.file = file;
  }
}

export function presetsRemedy(error: unknown): Remedy | undefined {
  if (!(error instanceof DamagedPresets)) return undefined;
  return { title: "Open File", run: () => vscode.commands.executeCommand("vscode.open", error.file) };
}

/** The presets of a workspace folder, in the order of its file. @throws DamagedPresets. */
export async function readPresets(folder: vscode.WorkspaceFolder): Promise<Preset[]> {
  const file = fileIn(folder);
  const text = await readText(file);
  const presets = text === undefined ? [] : parsePresets(text);
  if (presets === undefined) throw new DamagedPresets(file);
  return presets;
}

/** Those of one entry point of an MLproject file. @throws DamagedPresets. */
export async function presetsOf(file: vscode.Uri, entry_point: string): Promise<Preset[]> {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  if (folder === undefined) return [];
  const place = placeOf(file, folder);
  const presets = await readPresets(folder);
  return presets.filter((preset) => preset.entryPoint === entry_point && folderName(preset.project) === place);
}

/** Asks for a name and writes what stands in the form under it. @throws DamagedPresets. */
export async function savePreset(mlproject: vscode.Uri | undefined, entry_point: string, form: RunForm): Promise<void> {
  const folder = mlproject === undefined ? undefined : vscode.workspace.getWorkspaceFolder(mlproject);
  if (mlproject === undefined || folder === undefined) {
    const message = "Presets are kept in a workspace folder; open the project's own folder to save one.";
    throw new MlflowError("INVALID_STATE", message);
  }
  const file = fileIn(folder);
  const presets = await readPresets(folder);
  const place = placeOf(mlproject, folder);
  const name = await askText({
    title: "Name of the Preset",
    prompt: `Written to .vscode/${FILE}`,
    validateInput: (text) => (text.trim() === "" ? "A preset has a name, such as quick." : undefined),
  });
  if (name === undefined) return;
  const preset = presetOfForm(name.trim(), place, entry_point, form);
  if (presets.some((one) => isSame(one, preset)) && !(await isReplaced(preset.name))) return;
  const text = withPreset((await readText(file)) ?? NO_PRESETS, preset);
  if (text === undefined) throw new DamagedPresets(file);
  await writeText(file, text);
}

async function isReplaced(name: string): Promise<boolean> {
  const replace = "Replace";
  const detail = "The values that it has so far are lost.";
  const question = `Replace the preset ${name}?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, replace)) === replace;
}

function fileIn({ uri }: vscode.WorkspaceFolder): vscode.Uri {
  return vscode.Uri.joinPath(uri, ".vscode", FILE);
}

/** As it is typed in the editor, else as it lies on the disk; undefined when there is none. */
async function readText(file: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return undefined;
    throw new DamagedPresets(file);
  }
}

/** An open file is changed in its editor, so that nothing that is typed there is lost. */
async function writeText(file: vscode.Uri, text: string): Promise<void> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  if (open === undefined) {
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(open.positionAt(0), open.positionAt(open.getText().length));
  edit.replace(file, whole, text);
  if ((await vscode.workspace.applyEdit(edit)) && (await open.save())) return;
  throw new MlflowError("INVALID_STATE", `.vscode/${FILE} could not be saved, so the preset is in its editor at most.`);
}

function placeOf(mlproject: vscode.Uri, folder: vscode.WorkspaceFolder): string {
  return folderName(relative(folder.uri.fsPath, dirname(mlproject.fsPath)).split(sep).join("/"));
}
