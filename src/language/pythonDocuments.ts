import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { findMlprojectName } from "../projects/mlprojectName.ts";
import type { OpenText } from "./folderWorkspace.ts";
import { folderWorkspace, pathOf } from "./folderWorkspace.ts";
import type { PythonScripts } from "./pythonScripts.ts";
import type { PythonQuestion } from "./service/pythonRuns.ts";
import type { Workspace } from "./service/workspace.ts";

/** Folders above a Python file that may hold its MLproject. */
const MOST_ABOVE = 4;

/** Python files and cells of notebooks. */
export function isPython({ languageId, uri }: TextDocument): boolean {
  return languageId === "python" || uri.endsWith(".py");
}

/** What an open Python file is asked about; undefined where it has nothing to do with MLflow, and while the parser is not there. */
export function pythonQuestion(
  text: TextDocument,
  openText: OpenText,
  scripts: PythonScripts,
): PythonQuestion | undefined {
  const isNotebook = text.uri.startsWith("vscode-notebook-cell:");
  // In a remote window the URI of a cell names the machine, which is this one.
  const uri = isNotebook
    ? text.uri.replace(/^vscode-notebook-cell:(?:\/\/[^/]*)?/, "file://").replace(/#[^]*$/, "")
    : text.uri;
  const file = pathOf(uri);
  if (file === undefined) return undefined;
  const project = projectAbove(file, openText);
  const content = text.getText();
  if (project === undefined && !content.includes("mlflow")) return undefined;
  const home = project ?? file;
  const workspace: Workspace = scripts.of(folderWorkspace(home, openText), home);
  const python = scripts.read(content);
  if (python === undefined) return undefined;
  const path = relative(dirname(home), file).split(sep).join("/");
  const folder = path.includes("/") ? path.replace(/\/[^/]*$/, "") : ".";
  return { file: python, isNotebook, path, folder, workspace };
}

/** The MLproject file of the folder of `file`, or of one above it. */
function projectAbove(file: string, openText: OpenText): string | undefined {
  let folder = dirname(file);
  for (let count = 0; count <= MOST_ABOVE; count += 1) {
    const usual = resolve(folder, "MLproject");
    const name = existsSync(usual) ? "MLproject" : findMlprojectName(folderWorkspace(usual, openText).list("."));
    if (name !== undefined) return resolve(folder, name);
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  return undefined;
}
