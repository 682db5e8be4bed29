// The MLproject that a run in a Python file means.
import type { EntryPoint, MlprojectDocument } from "../../projects/document.ts";
import { readMlproject } from "../../projects/mlproject.ts";
import { findMlprojectName } from "../../projects/mlprojectName.ts";
import type { ProjectRun } from "../python/projectRuns.ts";
import { joinPath } from "./scriptCall.ts";
import type { Workspace } from "./workspace.ts";

export interface RunProject {
  /** Path of its file. */
  path: string;
  folder: string;
  document: MlprojectDocument;
}

/** Folders above a Python file that are looked through. */
const MOST_ABOVE = 4;

const read = new WeakMap<Workspace, Map<string, { text: string; document: MlprojectDocument }>>();

/** The MLproject of `folder`; undefined when it has none. */
export function projectIn(folder: string, workspace: Workspace): RunProject | undefined {
  const name = findMlprojectName(workspace.list(folder));
  if (name === undefined) return undefined;
  const path = joinPath(folder, name);
  const text = workspace.read(path);
  if (text === undefined) return undefined;
  const known = read.get(workspace) ?? new Map<string, { text: string; document: MlprojectDocument }>();
  read.set(workspace, known);
  const before = known.get(path);
  const document = before?.text === text ? before.document : readMlproject(text);
  known.set(path, { text, document });
  return { path, folder, document };
}

/** The nearest MLproject in `folder` or above it. */
export function nearestProject(folder: string, workspace: Workspace): RunProject | undefined {
  let at = folder;
  for (let count = 0; count <= MOST_ABOVE; count += 1) {
    const found = projectIn(at, workspace);
    if (found !== undefined) return found;
    at = joinPath(at, "..");
  }
  return undefined;
}

/** The project that `run` starts, in a file of `folder`; undefined where that cannot be told. */
export function projectOfRun(run: ProjectRun, folder: string, workspace: Workspace): RunProject | undefined {
  const uri = run.uri?.text;
  if (uri === undefined || /^[\w.+-]+:|^git@|#|^~|\$/.test(uri)) return undefined;
  // Runs are started from the folder of the project that holds the script, or from the script's own.
  const home = nearestProject(folder, workspace);
  const bases = [...(home === undefined ? [] : [home.folder]), folder];
  for (const base of bases) {
    const found = projectIn(joinPath(base, uri), workspace);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function entryPointOfRun(run: ProjectRun, project: RunProject): EntryPoint | undefined {
  if (run.isOpen) return undefined;
  const name = run.entryPoint?.text ?? "main";
  return project.document.entryPoints.find((entryPoint) => entryPoint.name === name);
}
