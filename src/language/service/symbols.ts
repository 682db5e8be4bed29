import type { DocumentSymbol } from "vscode-languageserver";
import { SymbolKind } from "vscode-languageserver";
import type { EntryPoint, MlprojectDocument } from "../../projects/document.ts";
import { parameterSummary } from "./nodeAt.ts";
import { rangeIn } from "./positions.ts";

/** The outline: entry points and their parameters. */
export function symbols(document: MlprojectDocument): DocumentSymbol[] {
  return document.entryPoints.map((entryPoint) => ({
    name: entryPoint.name || "(no name)",
    detail: entryPoint.command?.trim().split("\n", 1)[0] ?? "",
    kind: SymbolKind.Function,
    range: rangeIn(document, entryPoint.range),
    selectionRange: rangeIn(document, entryPoint.nameRange),
    children: parameterSymbols(document, entryPoint),
  }));
}

function parameterSymbols(document: MlprojectDocument, entryPoint: EntryPoint): DocumentSymbol[] {
  // A merged parameter stands elsewhere, and an outline takes only what lies inside its parent.
  const inside = entryPoint.parameters.filter(
    ({ range }) => range.start >= entryPoint.range.start && range.end <= entryPoint.range.end,
  );
  return inside.map((parameter) => ({
    name: parameter.name || "(no name)",
    detail: parameterSummary(parameter),
    kind: SymbolKind.Variable,
    range: rangeIn(document, parameter.range),
    selectionRange: rangeIn(document, parameter.nameRange),
  }));
}
