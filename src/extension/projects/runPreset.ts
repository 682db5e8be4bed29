import { resolve } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { registerCommand } from "../platform/commands.ts";
import type { Platform, Remedy } from "../platform/platform.ts";
import { pickOne } from "../platform/questions.ts";
import type { Chosen } from "./choose.ts";
import type { ProjectParts } from "./commands.ts";
import { valuesText } from "./formState.ts";
import { formSubject } from "./formSubject.ts";
import { presetsRemedy, readPresets } from "./presets.ts";
import { formOfPreset, type Preset } from "./presetsFile.ts";
import { readProjectIn } from "./projectFiles.ts";
import { askMissing } from "./runForm.ts";
import { checkTrusted, startRemedy } from "./starting.ts";
import { startRun } from "./startRun.ts";

/** `Flowdeck: Run Preset…`: runs with the values that were saved under a name. */
export function registerPresetCommand(platform: Platform, parts: ProjectParts): vscode.Disposable {
  return registerCommand(platform, "flowdeck.projects.runPreset", () => runPreset(platform, parts), remedy);
}

function remedy(error: unknown): Remedy | undefined {
  return presetsRemedy(error) ?? startRemedy(error);
}

async function runPreset(platform: Platform, parts: ProjectParts): Promise<void> {
  checkTrusted();
  const found = await pickPreset();
  if (found === undefined) return;
  const chosen = await entryPointOf(found.preset, found.folder);
  const { entryPoint, project } = chosen;
  const form = formOfPreset(
    found.preset,
    entryPoint.parameters.map(({ name }) => name),
  );
  if (!(await askMissing(entryPoint, form.values, () => formSubject(platform, parts, { project, entryPoint })))) return;
  await startRun(parts, chosen, form);
}

interface Found {
  preset: Preset;
  folder: vscode.WorkspaceFolder;
}

async function pickPreset(): Promise<Found | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found: Found[] = [];
  for (const folder of folders) {
    found.push(...(await readPresets(folder)).map((preset) => ({ preset, folder })));
  }
  if (found.length === 0) {
    const message = "There is no preset yet; Run Entry Point With Parameters… saves one.";
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  }
  const items = found.map((one) => {
    const { name, entryPoint, project, parameters } = one.preset;
    const place = [entryPoint, ...(project === "." ? [] : [project]), ...(folders.length > 1 ? [one.folder.name] : [])];
    return { label: `$(bookmark) ${name}`, description: place.join(" · "), detail: valuesText(parameters), one };
  });
  return (await pickOne(items, { placeHolder: "Preset to run", matchOnDescription: true }))?.one;
}

async function entryPointOf(preset: Preset, { uri }: vscode.WorkspaceFolder): Promise<Chosen> {
  const project = await readProjectIn(resolve(uri.fsPath, preset.project)).catch(nowhere);
  const entryPoint = project?.document.entryPoints.find(({ name }) => name === preset.entryPoint);
  if (project !== undefined && entryPoint !== undefined) return { project, entryPoint };
  const message =
    project === undefined
      ? `The preset ${preset.name} is for ${preset.project}, where no MLproject is any more.`
      : `The preset ${preset.name} is for ${preset.entryPoint}, which its MLproject has no more.`;
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
}

/** A folder that is gone holds no project. */
function nowhere(error: unknown): undefined {
  if (!(error instanceof vscode.FileSystemError)) throw error;
}
