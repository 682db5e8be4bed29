import type { MlprojectDocument, Problem } from "../../projects/document.ts";
import { CHECKERS } from "./checkers.ts";
import type { Severities } from "./severities.ts";
import { told } from "./told.ts";
import type { Workspace } from "./workspace.ts";

/** The reader's problems and those of the folder, in text order; without those that a comment or a setting silences. */
export function problemsOf(document: MlprojectDocument, workspace?: Workspace, severities: Severities = {}): Problem[] {
  const beside = workspace === undefined ? [] : CHECKERS.flatMap((check) => check(document, workspace));
  return told([...document.problems, ...beside], document, severities);
}
