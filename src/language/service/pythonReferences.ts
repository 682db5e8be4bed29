// From a Python file to the MLproject, to other scripts and other runs: what a run names, and what an option is given.
import type { Found } from "./crossReferences.ts";
import { keysOf, runsOf, usesElsewhere } from "./crossReferences.ts";
import { bindingsOf } from "./callCursor.ts";
import type { RunProject } from "./projectOfRun.ts";
import type { PythonQuestion } from "./pythonRuns.ts";
import type { PythonSubject } from "./pythonSubject.ts";
import { pythonSubjectAt } from "./pythonSubject.ts";
import { flagsInCall, isSameOption, placeholdersOf } from "./rename/commandEdits.ts";
import { callsOf } from "./scriptFacts.ts";
import type { ScriptOption } from "../python/model.ts";
import { usesOfDest } from "../python/namespaceUses.ts";
import type { Workspace } from "./workspace.ts";

/** A place in the file at `path` of the question's workspace. */
export type FoundAt = Required<Found>;

/** Where the entry point, the parameter or the option at `offset` is declared. */
export function pythonDefinitions(question: PythonQuestion, offset: number): FoundAt[] {
  const subject = pythonSubjectAt(question, offset);
  if (subject === undefined) return [];
  const { project } = subject;
  if (subject.kind === "entryPoint") return [{ path: project.path, range: subject.entryPoint.nameRange }];
  if (subject.kind === "parameter") return [{ path: project.path, range: subject.parameter.nameRange }];
  const { option, isUse } = subject;
  const { file: path, range } = option.namePlace;
  const declared = isUse ? [{ path, range }] : [];
  return [...declared, ...parametersOf(project, option, question.workspace).map(({ found }) => found)];
}

/** Every place in all files that means the same. */
export function pythonReferences(question: PythonQuestion, offset: number, withDeclaration: boolean): FoundAt[] {
  const subject = pythonSubjectAt(question, offset);
  if (subject === undefined) return [];
  const found = referencesOf(subject, question.workspace);
  const declarations = new Set(withDeclaration ? [] : pythonDefinitions(question, offset).map(keyOf));
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = keyOf(one);
    const isNew = !seen.has(key) && !declarations.has(key);
    seen.add(key);
    return isNew;
  });
}

function keyOf({ path, range }: FoundAt): string {
  return `${path}:${range.start}`;
}

function referencesOf(subject: PythonSubject, workspace: Workspace): FoundAt[] {
  const { project } = subject;
  const { path } = project;
  const isOwn = project.folder === ".";
  switch (subject.kind) {
    case "entryPoint": {
      const { name, nameRange } = subject.entryPoint;
      return [{ path, range: nameRange }, ...(isOwn ? runsOf(name, workspace) : [])];
    }
    case "parameter": {
      const { entryPoint, parameter } = subject;
      const own = [parameter.nameRange, ...placeholdersOf(entryPoint, parameter.name)].map((range) => ({
        path,
        range,
      }));
      const others = isOwn ? usesElsewhere(project.document, entryPoint, parameter.name, workspace) : [];
      return [...own, ...others.map((one) => ({ path, ...one }))];
    }
    case "option": {
      const { option } = subject;
      return [...usesInScript(option, workspace), ...usesInProject(project, option, workspace)];
    }
    default:
      return subject satisfies never;
  }
}

function usesInScript({ name, namePlace: { file: path, range } }: ScriptOption, workspace: Workspace): FoundAt[] {
  const file = workspace.scripts?.file(path);
  const uses = file === undefined ? [] : usesOfDest(file, name).ranges;
  return [{ path, range }, ...uses.map((use) => ({ path, range: use }))];
}

function usesInProject(project: RunProject, option: ScriptOption, workspace: Workspace): FoundAt[] {
  const { document, path } = project;
  const flags = callsOf(document, workspace).flatMap((known) => flagsInCall(document, known, option));
  const given = parametersOf(project, option, workspace).flatMap(({ found, entryPoint, name }) => [
    found,
    ...placeholdersOf(entryPoint, name).map((range) => ({ path, range })),
    ...keysOf(entryPoint, name, workspace).map((one) => ({ path, ...one })),
  ]);
  return [...flags.map(({ range }) => ({ path, range })), ...given];
}

/** The parameters whose values an option gets. */
export function parametersOf({ document, path }: RunProject, option: ScriptOption, workspace: Workspace) {
  return document.entryPoints.flatMap((entryPoint) =>
    bindingsOf(document, entryPoint, workspace)
      .filter((binding) => isSameOption(binding.option, option))
      .map(({ parameter }) => ({
        entryPoint,
        parameter,
        name: parameter.name,
        found: { path, range: parameter.nameRange },
      })),
  );
}
