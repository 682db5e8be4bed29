import type { DocumentLink } from "vscode-languageserver";
import type { MlprojectDocument } from "../../projects/document.ts";
import { rangeIn } from "./positions.ts";
import { scriptsOf } from "./scripts.ts";
import type { Workspace } from "./workspace.ts";

/** The environment file and the scripts of the commands, where they are there. */
export function links(document: MlprojectDocument, workspace: Workspace): DocumentLink[] {
  const { environment } = document;
  const files = environment?.path === undefined ? [] : [{ path: environment.path, range: environment.range }];
  return [...files, ...document.entryPoints.flatMap((entryPoint) => scriptsOf(document, entryPoint))]
    .filter(({ path }) => workspace.exists(path))
    .map(({ path, range }) => ({ range: rangeIn(document, range), target: workspace.uriOf(path) }));
}
