import type { CompletionItem } from "vscode-languageserver";
import { CompletionItemKind, InsertTextFormat, InsertTextMode } from "vscode-languageserver";
import type { MlprojectDocument } from "../../projects/document.ts";
import type { Cursor } from "./cursor.ts";
import { rangeIn } from "./positions.ts";

const TYPES = "${2|float,string,path,uri|}";

const ENTRY_POINT = [
  "${1:main}:",
  "  parameters:",
  "    ${2:alpha}: {type: ${3|float,string,path,uri|}, default: ${4:0.5}}",
  '  command: "python ${5:train.py} --${2:alpha} {${2:alpha}}"',
].join("\n");

const PARAMETER = `\${1:alpha}: {type: ${TYPES}, default: \${3:0.5}}`;

/** A whole entry point, or a whole parameter, to fill in. */
export function completeSnippets(document: MlprojectDocument, cursor: Cursor): CompletionItem[] {
  const [root, , third] = cursor.path;
  if (root !== "entry_points" || cursor.inBrackets || /^\s*:/.test(document.text.slice(cursor.range.end))) return [];
  if (cursor.path.length === 1)
    return [snippet(document, cursor, "entry point", "name, parameters, command", ENTRY_POINT)];
  if (cursor.path.length !== 3 || third !== "parameters") return [];
  return [snippet(document, cursor, "parameter", "name, type, default", PARAMETER)];
}

function snippet(
  document: MlprojectDocument,
  cursor: Cursor,
  label: string,
  detail: string,
  newText: string,
): CompletionItem {
  return {
    label,
    kind: CompletionItemKind.Snippet,
    detail,
    sortText: "99",
    insertTextFormat: InsertTextFormat.Snippet,
    insertTextMode: InsertTextMode.adjustIndentation,
    textEdit: { range: rangeIn(document, cursor.range), newText },
  };
}
