import { relative } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { callsPython } from "../../projects/command.ts";
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import type { EnvManager } from "../../projects/request.ts";
import type { RunArguments } from "../platform/commands.ts";
import { pickOne } from "../platform/questions.ts";
import { readProject, type Project, type ProjectFiles } from "./projectFiles.ts";

/** An entry point and the file that declares it. */
export interface Chosen {
  project: Project;
  entryPoint: EntryPoint;
}

/** The entry point that is meant, or that the person picks; undefined when they went away. @throws MlflowError when there is none. */
export async function choose(
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

/** An entry point that is in no file here. */
export function bareEntryPoint(name: string, parameters: readonly Parameter[] = []): EntryPoint {
  const nowhere = { start: 0, end: 0 };
  return { name, nameRange: nowhere, range: nowhere, placeholders: [], parameters: [...parameters] };
}

function placeOf(project: Project): string {
  const root = vscode.workspace.getWorkspaceFolder(project.file)?.uri.fsPath;
  return root === undefined ? project.folder : relative(root, project.file.fsPath);
}

/** A container has its own; a command of another language runs without an interpreter, unless its project declares a Python environment. */
export function needsPython({ project, entryPoint }: Chosen, env_manager: EnvManager): boolean {
  // uv fetches one.
  if (env_manager === "uv") return false;
  if (project.document.environment?.kind === "docker" && env_manager !== "local") return false;
  return project.document.environment !== undefined || callsPython(entryPoint.command ?? "");
}
