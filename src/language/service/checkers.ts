import type { MlprojectDocument, Problem } from "../../projects/document.ts";
import { checkScriptCalls } from "./scriptCheck.ts";
import { scriptsOf } from "./scripts.ts";
import type { Workspace } from "./workspace.ts";

/** Finds problems that show only beside the other files of the project. */
export type Checker = (document: MlprojectDocument, workspace: Workspace) => Problem[];

/** Every one, in no order that matters: problems are told in text order. */
export const CHECKERS: readonly Checker[] = [checkEnvironmentFile, checkScripts, checkScriptCalls];

function checkEnvironmentFile({ environment }: MlprojectDocument, workspace: Workspace): Problem[] {
  if (environment?.path === undefined || workspace.exists(environment.path)) return [];
  const message = `MLflow cannot load this project: ${environment.path} is not in its folder.`;
  return [{ code: "environment-file-missing", severity: "error", message, range: environment.range }];
}

function checkScripts(document: MlprojectDocument, workspace: Workspace): Problem[] {
  return document.entryPoints.flatMap((entryPoint) =>
    scriptsOf(document, entryPoint)
      .filter((script) => !workspace.exists(script.path))
      .map((script): Problem => {
        const message = `Running ${entryPoint.name} fails: ${script.path} is not in the project folder.`;
        return { code: "script-missing", severity: "warning", message, range: script.range };
      }),
  );
}
