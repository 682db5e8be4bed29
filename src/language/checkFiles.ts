// The problems of all files below a folder, without an editor.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import type { Problem, ProblemSeverity } from "../projects/document.ts";
import { isWorkflowFile } from "../projects/workflow/document.ts";
import { BACKEND_CONFIG_NAME } from "../protocol/language.ts";
import { folderWorkspace } from "./folderWorkspace.ts";
import { PythonScripts } from "./pythonScripts.ts";
import { readForEditor } from "./service/readForEditor.ts";
import { sideProblems } from "./service/files/sideFile.ts";
import { problemsOf } from "./service/problems.ts";
import type { Severities } from "./service/severities.ts";
import { readWorkflowForEditor, workflowProblems } from "./service/workflow/workflowProblems.ts";
import { sideFileOf } from "./sideDocuments.ts";

/** A problem with its place; lines and columns count from 1, the end is behind the last character. */
export interface FoundProblem {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: ProblemSeverity;
  code: string;
  message: string;
}

export interface CheckedFiles {
  /** How many files were looked into. */
  files: number;
  problems: FoundProblem[];
}

const PROJECT = /^mlproject(?:\.ya?ml)?$/i;
const SIDE = /^(?:MLmodel|.+\.ya?ml)$/i;
const SKIPPED = ["node_modules", ".venv", "venv", ".git", "mlruns", "mlartifacts", "site-packages", "__pycache__"];

/**
 * Checks the files at `paths`: of a folder every MLproject below it with the files it uses, every workflow and every MLmodel.
 * File names in the result are relative to `from`.
 * @throws MlflowError when a path is not there.
 */
export async function checkFiles(
  paths: readonly string[],
  from: string,
  severities: Severities,
): Promise<CheckedFiles> {
  const files = new Set(paths.flatMap((path) => filesAt(resolve(from, path), path)));
  const python = new PythonScripts({ loaded: () => Promise.resolve(), failed: () => undefined });
  if ([...files].some((file) => PROJECT.test(basename(file)))) await python.ready();
  const checked = [...files].flatMap((file) => checkFile(file, severities, python) ?? []);
  const problems = checked.flatMap(({ file, text, problems: found }) => {
    const place = placesIn(text);
    const name = relative(from, file) || basename(file);
    return found.map((problem) => ({ file: name, ...place(problem), ...said(problem) }));
  });
  return { files: checked.length, problems };
}

function said({ severity, code, message }: Problem): Pick<FoundProblem, "severity" | "code" | "message"> {
  return { severity, code, message };
}

function filesAt(path: string, given: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `There is no file or folder ${given}.`);
  return stats.isDirectory() ? filesBelow(path) : [path];
}

/** Sorted, projects before the files beside them; links to folders are not followed. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const found = [
    ...files.filter((name) => PROJECT.test(name)),
    ...files.filter((name) => (SIDE.test(name) || BACKEND_CONFIG_NAME.test(name)) && !PROJECT.test(name)),
  ];
  const below = entries.filter((entry) => entry.isDirectory() && !SKIPPED.includes(entry.name));
  return [...found.map((name) => join(folder, name)), ...below.flatMap(({ name }) => filesBelow(join(folder, name)))];
}

interface CheckedFile {
  file: string;
  text: string;
  problems: Problem[];
}

/** Undefined for a file that neither a project nor a model has a use for. */
function checkFile(file: string, severities: Severities, python: PythonScripts): CheckedFile | undefined {
  if (PROJECT.test(basename(file))) {
    const [text, broken] = textOf(file);
    if (broken !== undefined) return { file, text, problems: [broken] };
    const workspace = python.of(folderWorkspace(file), file);
    return { file, text, problems: problemsOf(readForEditor(text), workspace, severities) };
  }
  if (isWorkflowFile(basename(file))) {
    const [text, broken] = textOf(file);
    if (broken !== undefined) return { file, text, problems: [broken] };
    return { file, text, problems: workflowProblems(readWorkflowForEditor(text), folderWorkspace(file), severities) };
  }
  const side = sideFileOf(file, () => undefined);
  if (side === undefined) return undefined;
  const [text, broken] = textOf(file);
  if (broken !== undefined) return { file, text, problems: [broken] };
  return { file, text, problems: sideProblems({ kind: side.kind, text }, side.workspace, severities) };
}

/** The text of a file, with a problem when it is none: MLflow reads UTF-8 only. */
function textOf(file: string): [text: string, problem?: Problem] {
  const bytes = readFileSync(file);
  try {
    return [new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)];
  } catch {
    const message = `MLflow cannot read ${basename(file)}: it is not written in UTF-8.`;
    return ["", { code: "file-encoding", severity: "error", message, range: { start: 0, end: 0 } }];
  }
}

/** Lines and columns of ranges in a text. */
function placesIn(text: string) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return ({ range: { start, end } }: Problem) => {
    const [line, endLine] = [lineOf(start), lineOf(end)];
    return {
      line: line + 1,
      column: start - (starts[line] ?? 0) + 1,
      endLine: endLine + 1,
      endColumn: end - (starts[endLine] ?? 0) + 1,
    };
  };
}
