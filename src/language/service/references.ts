import type { DocumentHighlight, Range } from "vscode-languageserver";
import { DocumentHighlightKind } from "vscode-languageserver";
import type { MlprojectDocument, TextRange } from "../../projects/document.ts";
import { nodeAt } from "./nodeAt.ts";
import { rangeIn } from "./positions.ts";

interface Occurrences {
  declaration?: TextRange;
  uses: TextRange[];
}

/** Where the parameter at `offset` is declared and used in its entry point. */
function occurrencesAt(document: MlprojectDocument, offset: number): Occurrences | undefined {
  const node = nodeAt(document, offset);
  if (node === undefined || node.kind === "entryPoint") return undefined;
  const name = node.kind === "parameter" ? node.parameter.name : node.placeholder.name;
  const declaration = node.parameter?.nameRange;
  const uses = node.entryPoint.placeholders.filter((one) => one.name === name).map((one) => one.nameRange);
  return declaration === undefined ? { uses } : { declaration, uses };
}

/** From a placeholder to the parameter it names. */
export function definition(document: MlprojectDocument, offset: number): Range | null {
  const declaration = occurrencesAt(document, offset)?.declaration;
  return declaration === undefined ? null : rangeIn(document, declaration);
}

export function references(document: MlprojectDocument, offset: number, withDeclaration: boolean): Range[] {
  const found = occurrencesAt(document, offset);
  if (found === undefined) return [];
  const declaration = withDeclaration && found.declaration !== undefined ? [found.declaration] : [];
  return [...declaration, ...found.uses].map((range) => rangeIn(document, range));
}

export function highlights(document: MlprojectDocument, offset: number): DocumentHighlight[] {
  const found = occurrencesAt(document, offset);
  if (found === undefined) return [];
  const uses = found.uses.map((range) => ({ range: rangeIn(document, range), kind: DocumentHighlightKind.Read }));
  if (found.declaration === undefined) return uses;
  return [{ range: rangeIn(document, found.declaration), kind: DocumentHighlightKind.Write }, ...uses];
}
