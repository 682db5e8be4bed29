// What stands at a cursor in a Python file and has to do with an MLproject.
import type { EntryPoint, Parameter, TextRange } from "../../projects/document.ts";
import type { ScriptOption } from "../python/model.ts";
import { usesOfDest } from "../python/namespaceUses.ts";
import { projectRuns } from "../python/projectRuns.ts";
import { touches, wordAt } from "./positions.ts";
import type { RunProject } from "./projectOfRun.ts";
import { entryPointOfRun, projectIn, projectOfRun } from "./projectOfRun.ts";
import type { PythonQuestion } from "./pythonRuns.ts";
import { optionsIn } from "./rename/commandEdits.ts";
import { callsOf } from "./scriptFacts.ts";

export type PythonSubject = { project: RunProject; range: TextRange } & (
  | { kind: "entryPoint"; entryPoint: EntryPoint }
  | { kind: "parameter"; entryPoint: EntryPoint; parameter: Parameter }
  /** `isUse`: in `args.lr`, not where it is declared. */
  | { kind: "option"; option: ScriptOption; isUse: boolean }
);

export function pythonSubjectAt(question: PythonQuestion, offset: number): PythonSubject | undefined {
  return runAt(question, offset) ?? optionAt(question, offset);
}

function runAt({ file, isNotebook, folder, workspace }: PythonQuestion, offset: number): PythonSubject | undefined {
  for (const run of projectRuns(file, isNotebook)) {
    const given = run.parameters?.given.find(({ nameRange }) => touches(nameRange, offset));
    const isEntryPoint = touches(run.entryPoint?.range, offset);
    if (given === undefined && !isEntryPoint) continue;
    const project = projectOfRun(run, folder, workspace);
    const entryPoint = project === undefined ? undefined : entryPointOfRun(run, project);
    if (project === undefined || entryPoint === undefined) continue;
    if (isEntryPoint && run.entryPoint !== undefined)
      return { kind: "entryPoint", project, entryPoint, range: run.entryPoint.range };
    const parameter = entryPoint.parameters.find(({ name }) => name === given?.name);
    if (given !== undefined && parameter !== undefined)
      return { kind: "parameter", project, entryPoint, parameter, range: given.nameRange };
  }
  return undefined;
}

function optionAt({ file, path, workspace, isNotebook }: PythonQuestion, offset: number): PythonSubject | undefined {
  const project = isNotebook ? undefined : projectIn(".", workspace);
  if (project === undefined) return undefined;
  const scripts = callsOf(project.document, workspace).map(({ script }) => script);
  for (const option of scripts.flatMap(optionsIn)) {
    const { namePlace } = option;
    if (namePlace.file !== path) continue;
    if (touches(namePlace.range, offset))
      return { kind: "option", project, option, isUse: false, range: namePlace.range };
  }
  const word = wordAt(file.text, offset);
  const option = scripts
    .filter(({ framework }) => framework === "argparse")
    .flatMap(optionsIn)
    .find(({ name }) => name === word);
  const range =
    option === undefined ? undefined : usesOfDest(file, option.name).ranges.find((one) => touches(one, offset));
  return option === undefined || range === undefined
    ? undefined
    : { kind: "option", project, option, isUse: true, range };
}
