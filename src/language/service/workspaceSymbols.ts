import type { SymbolInformation } from "vscode-languageserver";
import { SymbolKind } from "vscode-languageserver";
import type { MlprojectDocument } from "../../projects/document.ts";
import { rangeIn } from "./positions.ts";

/** The entry points of a file that `query` may mean: its letters in this order, as editors filter. */
export function entryPointSymbols(document: MlprojectDocument, uri: string, query: string): SymbolInformation[] {
  const containerName = document.name ?? "MLproject";
  return document.entryPoints
    .filter(({ name }) => name !== "" && isMeant(name, query))
    .map((entryPoint) => ({
      name: entryPoint.name,
      kind: SymbolKind.Function,
      containerName,
      location: { uri, range: rangeIn(document, entryPoint.nameRange) },
    }));
}

function isMeant(name: string, query: string): boolean {
  let at = 0;
  for (const letter of query.toLowerCase().replaceAll(" ", "")) {
    at = name.toLowerCase().indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
