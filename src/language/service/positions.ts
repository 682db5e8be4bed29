import { TextDocument } from "vscode-languageserver-textdocument";
import type { Range } from "vscode-languageserver";
import type { TextRange } from "../../projects/document.ts";

/** What was read of a file, with its text. */
export interface Read {
  text: string;
}

const texts = new WeakMap<Read, TextDocument>();

/** Offsets of a read document as lines and columns. */
export function rangeIn(document: Read, range: TextRange): Range {
  let text = texts.get(document);
  if (text === undefined) {
    text = TextDocument.create("", "mlproject", 0, document.text);
    texts.set(document, text);
  }
  return { start: text.positionAt(range.start), end: text.positionAt(range.end) };
}

/** Whether `offset` touches `range`: its end counts, as a cursor stands between characters. */
export function touches(range: TextRange | undefined, offset: number): boolean {
  return range !== undefined && range.start <= offset && offset <= range.end;
}

/** The name that a cursor touches. */
export function wordAt(text: string, offset: number): string {
  const before = /\w*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0] ?? "";
  return before + (/^\w*/.exec(text.slice(offset, offset + 200))?.[0] ?? "");
}
