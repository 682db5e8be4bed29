import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { backendFileOf, readJsonText } from "../projects/backendConfig.ts";
import { BACKEND_CONFIG_NAME } from "../protocol/language.ts";
import { findMlprojectName } from "../projects/mlprojectName.ts";
import { entryOf, textOf } from "../projects/yamlTree.ts";
import type { OpenText } from "./folderWorkspace.ts";
import { folderWorkspace } from "./folderWorkspace.ts";
import { readForEditor } from "./service/readForEditor.ts";
import type { SideKind } from "./service/files/sideFile.ts";
import type { Workspace } from "./service/workspace.ts";

/** Folders above an environment file that may hold the MLproject naming it. */
const MOST_ABOVE = 3;

/** What a file is by its name, or by the project that names it. Its workspace is the folder that paths in it count from. */
export function sideFileOf(file: string, openText: OpenText): { kind: SideKind; workspace: Workspace } | undefined {
  const own = folderWorkspace(file, openText);
  if (own.fileName === "MLmodel") return { kind: "mlmodel", workspace: own };
  if (BACKEND_CONFIG_NAME.test(own.fileName)) return backendConfigOf(file, own, openText);
  if (!/\.ya?ml$/i.test(own.fileName)) return undefined;
  let folder = dirname(file);
  for (let count = 0; count < MOST_ABOVE; count += 1) {
    const project = folderWorkspace(resolve(folder, "MLproject"), openText);
    const kind = kindIn(project, relative(folder, file));
    if (kind !== undefined) return { kind, workspace: project };
    if (isJobTemplate(project, file)) return { kind: "job_template", workspace: project };
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  if (!own.exists("MLmodel")) return undefined;
  const kind = NAMES[own.fileName];
  return kind === undefined ? undefined : { kind, workspace: own };
}

/** One that belongs to a project, and has a key that says for which backend it is. */
function backendConfigOf(file: string, own: Workspace, openText: OpenText) {
  const text = own.read(own.fileName) ?? "";
  const kind = backendFileOf([...text.matchAll(/"([\w-]+)"\s*:/g)].map(([, key = ""]) => key));
  if (kind === undefined) return undefined;
  for (let folder = dirname(file), count = 0; count < MOST_ABOVE; count += 1, folder = dirname(folder)) {
    const project = folderWorkspace(resolve(folder, "MLproject"), openText);
    // Paths in it count from where the run is started: the project's folder, as a rule.
    if (findMlprojectName(project.list(".")) !== undefined) return { kind, workspace: project };
  }
  return undefined;
}

/** Whether a configuration in the project's folder names it. */
function isJobTemplate(project: Workspace, file: string): boolean {
  const names = project.list(".").filter((name) => BACKEND_CONFIG_NAME.test(name));
  return names.some((name) => {
    const { root } = readJsonText(project.read(name) ?? "");
    const path = root?.kind === "map" ? textOf(entryOf(root, "kube-job-template-path")?.value) : undefined;
    return path !== undefined && project.uriOf(path) === pathToFileURL(file).href;
  });
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
