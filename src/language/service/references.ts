import type { DocumentHighlight, Range, TextEdit } from "vscode-languageserver";
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

/** The place a rename starts from; null where nothing can be renamed. */
export function renameRange(document: MlprojectDocument, offset: number): Range | null {
  const node = nodeAt(document, offset);
  if (node === undefined || node.kind === "entryPoint" || node.parameter === undefined) return null;
  return rangeIn(document, node.kind === "parameter" ? node.parameter.nameRange : node.placeholder.nameRange);
}

/** Why the parameter at `offset` cannot be named `newName`, in one sentence. */
export function renameProblem(document: MlprojectDocument, offset: number, newName: string): string | undefined {
  if (!/^[A-Za-z_][\w-]*$/.test(newName)) {
    return "The name of a parameter has letters, digits, _ and -, and begins with a letter or _.";
  }
  const node = nodeAt(document, offset);
  const taken = node?.entryPoint.parameters.some((other) => other.name === newName);
  const same = node?.kind !== "entryPoint" && node?.parameter?.name === newName;
  return taken && !same
    ? `${node?.entryPoint.name} has a parameter ${newName} already; choose another name.`
    : undefined;
}

/** Renames a parameter and its placeholders; none when `newName` cannot be one. */
export function rename(document: MlprojectDocument, offset: number, newName: string): TextEdit[] {
  const found = occurrencesAt(document, offset);
  if (found?.declaration === undefined || renameProblem(document, offset, newName) !== undefined) return [];
  return [found.declaration, ...found.uses].map((range) => ({ range: rangeIn(document, range), newText: newName }));
}
