import type { MlprojectDocument, Problem } from "../../projects/document.ts";
import { FILE_CHECKERS } from "./checkers.ts";
import { checkEntryPoints } from "./entryPointChecks.ts";
import type { Severities } from "./severities.ts";
import { rememberedWorkspace } from "./rememberedWorkspace.ts";
import { told } from "./told.ts";
import type { Workspace } from "./workspace.ts";

/** The reader's problems and those of the folder, in text order; without those that a comment or a setting silences. */
export function problemsOf(document: MlprojectDocument, workspace?: Workspace, severities: Severities = {}): Problem[] {
  const folder = workspace === undefined ? undefined : rememberedWorkspace(workspace);
  const beside =
    folder === undefined
      ? []
      : [...FILE_CHECKERS.flatMap((check) => check(document, folder)), ...checkEntryPoints(document, folder)];
  return told([...document.problems, ...beside], document, severities);
}
