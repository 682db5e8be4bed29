import { join } from "node:path";
import * as vscode from "vscode";
import { findMlprojectName } from "../../projects/mlproject.ts";
import type { Platform } from "../platform/platform.ts";
import type { Chosen } from "./choose.ts";
import type { ProjectParts } from "./commands.ts";
import { firstForm, formKey, keptForm, type GivenForm, type RunForm } from "./formState.ts";
import { formSubject, type Elsewhere } from "./formSubject.ts";
import { readProject, type Project } from "./projectFiles.ts";
import { askForm } from "./runForm.ts";

interface GitForm extends Elsewhere, GivenForm {
  chosen: Chosen;
  /** What the form is kept for. */
  key: string;
}

/** The form of a project that was fetched; undefined when the person went away, whose entries stay for the next time. */
export async function askGitForm(
  platform: Platform,
  parts: ProjectParts,
  { chosen, key: uri, values, experiment_name, ...elsewhere }: GitForm,
): Promise<RunForm | undefined> {
  const memory = platform.context.workspaceState;
  const key = formKey(uri, chosen.entryPoint.name);
  const form = firstForm(chosen.entryPoint, keptForm(memory, key), { values, experiment_name }, elsewhere.folder);
  const isRun = await askForm(form, formSubject(platform, parts, chosen, elsewhere));
  await memory.update(key, form);
  return isRun ? form : undefined;
}

/** The project in a folder; undefined where there is none. */
export async function readProjectIn(folder: string): Promise<Project | undefined> {
  const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
  const name = findMlprojectName(entries.map(([one]) => one));
  return name === undefined ? undefined : readProject(vscode.Uri.file(join(folder, name)));
}
