// Rename, as the protocol wants it: from an MLproject and from a Python file.
import type { Range, TextEdit } from "vscode-languageserver/node";
import { LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { OpenProject } from "./projectDocuments.ts";
import { rangeIn } from "./service/positions.ts";
import { projectIn } from "./service/projectOfRun.ts";
import type { PythonQuestion } from "./service/pythonRuns.ts";
import type { RenameProject } from "./service/rename/renameEverywhere.ts";
import { renameSubject } from "./service/rename/renameEverywhere.ts";
import { Refusal } from "./service/rename/spelling.ts";
import type { Subject } from "./service/rename/subject.ts";
import { subjectAt, subjectInPython } from "./service/rename/subject.ts";

/** A rename that was asked for: what it is about, and the text that its place is in. */
export interface Asked {
  project: RenameProject;
  subject: Subject;
  text: { text: string };
}

/** Null where an MLproject has nothing that can be renamed. */
export function askedInProject({ document, workspace }: OpenProject, offset: number): Asked | null {
  const subject = subjectAt(document, offset, workspace);
  const project = { document, workspace, path: workspace?.fileName ?? "" };
  return subject === undefined ? null : { project, subject, text: document };
}

/** Null on what no MLproject uses: another extension may rename that. */
export function askedInPython(question: PythonQuestion, offset: number): Asked | null {
  const subject = subjectInPython(question, offset);
  const project = projectIn(".", question.workspace);
  if (subject === undefined || project === undefined) return null;
  const { document, path } = project;
  return { project: { document, workspace: question.workspace, path }, subject, text: question.file };
}

export function renameRange(asked: Asked | null): Range | null {
  return asked === null ? null : rangeIn(asked.text, asked.subject.range);
}

/** `uri`: of the file that the rename was asked in. */
export function renameEdits(asked: Asked | null, newName: string, uri: string): Record<string, TextEdit[]> | null {
  if (asked === null) return null;
  const { project, subject, text } = asked;
  const { workspace, document } = project;
  const edits = renameSubject(project, subject, newName);
  if (edits instanceof Refusal) throw new ResponseError(LSPErrorCodes.RequestFailed, edits.message);
  const changes: Record<string, TextEdit[]> = {};
  for (const { path, range, newText } of edits) {
    const isProject = path === project.path;
    const of = isProject ? document : (workspace?.scripts?.file(path) ?? { text: workspace?.read(path) ?? "" });
    const own = of.text === text.text && isSameFile(workspace?.uriOf(path), uri);
    const place = workspace === undefined || own ? uri : workspace.uriOf(path);
    changes[place] = [...(changes[place] ?? []), { range: rangeIn(of, range), newText }];
  }
  return changes;
}

/** Clients write the same URI in several ways. */
function isSameFile(a: string | undefined, b: string): boolean {
  return a !== undefined && decodeURIComponent(a) === decodeURIComponent(b);
}
