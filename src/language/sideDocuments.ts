import { dirname, relative, resolve } from "node:path";
import { findMlprojectName } from "../projects/mlproject.ts";
import type { OpenText } from "./folderWorkspace.ts";
import { folderWorkspace } from "./folderWorkspace.ts";
import { readForEditor } from "./readForEditor.ts";
import type { SideKind } from "./service/files/sideFile.ts";
import type { Workspace } from "./service/workspace.ts";

/** Folders above an environment file that may hold the MLproject naming it. */
const MOST_ABOVE = 3;

/** What a file is by its name, or by the project that names it. Its workspace is the folder that paths in it count from. */
export function sideFileOf(file: string, openText: OpenText): { kind: SideKind; workspace: Workspace } | undefined {
  const own = folderWorkspace(file, openText);
  if (own.fileName === "MLmodel") return { kind: "mlmodel", workspace: own };
  if (!/\.ya?ml$/i.test(own.fileName)) return undefined;
  let folder = dirname(file);
  for (let count = 0; count < MOST_ABOVE; count += 1) {
    const project = folderWorkspace(resolve(folder, "MLproject"), openText);
    const kind = kindIn(project, relative(folder, file));
    if (kind !== undefined) return { kind, workspace: project };
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  if (!own.exists("MLmodel")) return undefined;
  const kind = NAMES[own.fileName];
  return kind === undefined ? undefined : { kind, workspace: own };
}

const NAMES: Record<string, SideKind> = {
  "python_env.yaml": "python_env",
  "python_env.yml": "python_env",
  "conda.yaml": "conda",
  "conda.yml": "conda",
};

/** What the project of a folder takes a file for. */
function kindIn(project: Workspace, path: string): SideKind | undefined {
  // One that is open need not be on disk yet.
  const text = project.read(findMlprojectName(project.list(".")) ?? "MLproject");
  if (text === undefined) return undefined;
  const environment = readForEditor(text).environment;
  if (environment?.path !== undefined && resolve("/", environment.path) === resolve("/", path)) {
    return environment.kind === "docker" ? undefined : environment.kind;
  }
  return NAMES[path];
}
