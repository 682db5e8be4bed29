import type { MlprojectDocument, Problem } from "../../projects/document.ts";
import { checkCalled } from "./checks/called.ts";
import { checkDefaultPaths } from "./checks/defaultPaths.ts";
import { checkEnvironmentFile } from "./checks/environmentFile.ts";
import { checkFileName } from "./checks/fileName.ts";
import { checkPrograms } from "./checks/programs.ts";
import { checkScriptCalls } from "./scriptCheck.ts";
import { checkScriptTypes } from "./scriptTypes.ts";
import type { Workspace } from "./workspace.ts";

/** Finds problems that show only beside the other files of the project. */
export type Checker = (document: MlprojectDocument, workspace: Workspace) => Problem[];

/** Every one, in no order that matters: problems are told in text order. */
export const CHECKERS: readonly Checker[] = [
  checkFileName,
  checkEnvironmentFile,
  checkCalled,
  checkDefaultPaths,
  checkPrograms,
  checkScriptCalls,
  checkScriptTypes,
];
