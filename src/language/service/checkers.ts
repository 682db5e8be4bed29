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

/** Those of the file as a whole, in no order that matters: problems are told in text order. */
export const FILE_CHECKERS: readonly Checker[] = [checkFileName, checkEnvironmentFile];

/**
 * Those that look at one entry point after the other. Each gets a document with a single one in it, and its text alone: what it says must
 * follow from that, from the project's name and environment, and from what it asks of the folder.
 */
export const ENTRY_POINT_CHECKERS: readonly Checker[] = [
  checkCalled,
  checkDefaultPaths,
  checkPrograms,
  checkScriptCalls,
  checkScriptTypes,
];
