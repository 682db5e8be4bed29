// Places in several files, as the protocol wants them.
import type { Location } from "vscode-languageserver/node";
import type { OpenProject } from "./projectDocuments.ts";
import type { Found } from "./service/crossReferences.ts";
import { definitions, usesElsewhere } from "./service/crossReferences.ts";
import { nodeAt } from "./service/nodeAt.ts";
import { rangeIn } from "./service/positions.ts";
import { definition, references } from "./service/references.ts";

export function definitionLocations({ uri, document, workspace }: OpenProject, offset: number): Location[] {
  if (workspace === undefined) {
    const range = definition(document, offset);
    return range === null ? [] : [{ uri, range }];
  }
  return definitions(document, offset, workspace).flatMap((found) => locationOf({ uri, document, workspace }, found));
}

export function referenceLocations(project: OpenProject, offset: number, withDeclaration: boolean): Location[] {
  const { uri, document, workspace } = project;
  const own = references(document, offset, withDeclaration).map((range) => ({ uri, range }));
  const name = nameAt(project, offset);
  if (workspace === undefined || name === undefined) return own;
  const elsewhere = usesElsewhere(document, name.entryPoint, name.name, workspace);
  return [...own, ...elsewhere.flatMap((found) => locationOf({ uri, document, workspace }, found))];
}

function nameAt({ document }: OpenProject, offset: number) {
  const node = nodeAt(document, offset);
  if (node === undefined || node.kind === "entryPoint" || node.parameter === undefined) return undefined;
  return { entryPoint: node.entryPoint, name: node.parameter.name };
}

type Home = Pick<OpenProject, "uri" | "document"> & { workspace: NonNullable<OpenProject["workspace"]> };

function locationOf({ uri, document, workspace }: Home, { path, range }: Found): Location[] {
  if (path === undefined) return [{ uri, range: rangeIn(document, range) }];
  const text = workspace.scripts?.file(path) ?? { text: workspace.read(path) ?? "" };
  return [{ uri: workspace.uriOf(path), range: rangeIn(text, range) }];
}
