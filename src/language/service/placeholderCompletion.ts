import type { CompletionItem } from "vscode-languageserver";
import { CompletionItemKind } from "vscode-languageserver";
import type { EntryPoint, MlprojectDocument } from "../../projects/document.ts";
import type { PastRun } from "../../protocol/language.ts";
import { pastSentence } from "./pastRuns.ts";
import { parameterSummary } from "./nodeAt.ts";
import { rangeIn } from "./positions.ts";

/** The parameters of an entry point inside its command; those not used there come first. */
export function completePlaceholders(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  offset: number,
  explicit: boolean,
  pastRuns?: (entryPoint: string) => readonly PastRun[],
): CompletionItem[] {
  const line = document.text.slice(document.text.lastIndexOf("\n", offset - 1) + 1, offset);
  const [, braces = "", typed = ""] = /(\{+)([^{}]*)$/.exec(line) ?? [];
  // An even number of braces is literal ones.
  const open = braces.length % 2 === 1;
  if (!open && !explicit) return [];
  const following = open ? (/^[\w-]*\}?/.exec(document.text.slice(offset))?.[0] ?? "") : "";
  const range = rangeIn(document, { start: open ? offset - typed.length : offset, end: offset + following.length });
  const inCommand = entryPoint.placeholders.map((placeholder) => placeholder.name);
  const items = entryPoint.parameters.map((parameter, index): CompletionItem => {
    const item: CompletionItem = {
      label: open ? `${parameter.name}}` : `{${parameter.name}}`,
      kind: CompletionItemKind.Variable,
      detail: parameterSummary(parameter),
      filterText: open ? parameter.name : `{${parameter.name}}`,
      sortText: `${inCommand.includes(parameter.name) ? 1 : 0}${String(index).padStart(3, "0")}`,
      textEdit: { range, newText: open ? `${parameter.name}}` : `{${parameter.name}}` },
    };
    const used = pastSentence(pastRuns?.(entryPoint.name) ?? [], parameter.name);
    const told = [parameter.description, used].filter((one) => one !== undefined);
    if (told.length > 0) item.documentation = told.join("\n\n");
    return item;
  });
  if (open && typed === "") items.push(literalBrace(document, offset));
  return items;
}

function literalBrace(document: MlprojectDocument, offset: number): CompletionItem {
  return {
    label: "{{",
    kind: CompletionItemKind.Operator,
    detail: "a literal brace",
    filterText: "{",
    sortText: "9",
    // Only the second brace: an item that replaces more than the others is shown before them.
    textEdit: { range: rangeIn(document, { start: offset, end: offset }), newText: "{" },
  };
}
