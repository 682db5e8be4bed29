// From a Python file to the MLproject: the entry points and parameters its runs name, and what its options are given.
import type { TextRange } from "../../projects/document.ts";
import { projectRuns } from "../python/projectRuns.ts";
import { bindingsOf } from "./callCursor.ts";
import { touches } from "./positions.ts";
import type { RunProject } from "./projectOfRun.ts";
import { entryPointOfRun, projectIn, projectOfRun } from "./projectOfRun.ts";
import type { PythonQuestion } from "./pythonRuns.ts";

export interface FoundInProject {
  project: RunProject;
  range: TextRange;
}

/** The parameter or the entry point of a run that stands at `offset`; the parameters that an option there is given. */
export function pythonDefinitions(question: PythonQuestion, offset: number): FoundInProject[] {
  const { file, isNotebook, folder, workspace } = question;
  for (const run of projectRuns(file, isNotebook)) {
    if (!touches(run.range, offset)) continue;
    const project = projectOfRun(run, folder, workspace);
    const entryPoint = project === undefined ? undefined : entryPointOfRun(run, project);
    if (project === undefined || entryPoint === undefined) continue;
    if (touches(run.entryPoint?.range, offset)) return [{ project, range: entryPoint.nameRange }];
    const given = run.parameters?.given.find(({ nameRange }) => touches(nameRange, offset));
    const parameter = entryPoint.parameters.find(({ name }) => name === given?.name);
    if (parameter !== undefined) return [{ project, range: parameter.nameRange }];
  }
  return givenTo(question, offset);
}

/** The parameters whose values an `add_argument` (or its like) at `offset` gets. */
function givenTo({ path, workspace }: PythonQuestion, offset: number): FoundInProject[] {
  const project = projectIn(".", workspace);
  if (project === undefined) return [];
  const { document } = project;
  return document.entryPoints.flatMap((entryPoint) =>
    bindingsOf(document, entryPoint, workspace)
      .filter(({ option: { namePlace } }) => namePlace.file === path && touches(namePlace.range, offset))
      .map(({ parameter }) => ({ project, range: parameter.nameRange })),
  );
}
