// What an MLproject says of a name in a Python file.
import type { Hover } from "vscode-languageserver";
import { describeEntryPoint, describeParameter } from "./hover.ts";
import { code, escapeMarkdown, fileLink } from "./markdown.ts";
import { parameterSummary } from "./nodeAt.ts";
import { rangeIn } from "./positions.ts";
import type { RunProject } from "./projectOfRun.ts";
import { parametersOf } from "./pythonReferences.ts";
import type { PythonQuestion } from "./pythonRuns.ts";
import type { PythonSubject } from "./pythonSubject.ts";
import { pythonSubjectAt } from "./pythonSubject.ts";
import type { Workspace } from "./workspace.ts";

/** Null where no MLproject has to do with what stands at `offset`. */
export function hoverPython(question: PythonQuestion, offset: number): Hover | null {
  const subject = pythonSubjectAt(question, offset);
  const value = subject === undefined ? undefined : describe(subject, question.workspace);
  if (subject === undefined || value === undefined) return null;
  return { contents: { kind: "markdown", value }, range: rangeIn(question.file, subject.range) };
}

function describe(subject: PythonSubject, workspace: Workspace): string | undefined {
  const { project } = subject;
  switch (subject.kind) {
    case "entryPoint":
      return `${describeEntryPoint(subject.entryPoint)}\n\n${linkTo(project, subject.entryPoint.nameRange.start, workspace)}`;
    case "parameter": {
      const { parameter, entryPoint } = subject;
      const place = linkTo(project, parameter.nameRange.start, workspace);
      return `${describeParameter(parameter)}\n\nParameter of the entry point ${code(entryPoint.name)} in ${place}`;
    }
    case "option": {
      const given = parametersOf(project, subject.option, workspace);
      const lines = given.map(
        ({ entryPoint, parameter }) =>
          `Gets ${code(parameter.name)} (${escapeMarkdown(parameterSummary(parameter))}) of the entry point ${code(entryPoint.name)} in ${linkTo(project, parameter.nameRange.start, workspace)}`,
      );
      return lines.length === 0 ? undefined : lines.join("\n\n");
    }
    default:
      return subject satisfies never;
  }
}

function linkTo({ path, document }: RunProject, offset: number, workspace: Workspace): string {
  const line = document.text.slice(0, offset).split("\n").length;
  return fileLink(path, line, workspace.uriOf(path));
}
