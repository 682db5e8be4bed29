import type { TextRange } from "../../../projects/document.ts";

/** Where the cursor stands in a JSON text, whole or half typed. */
export interface JsonCursor {
  /** Keys of the maps around it; behind a colon the last one is the key of the value. */
  path: readonly string[];
  kind: "key" | "value";
  /** The text it stands in, with its quotes; empty where none is begun. */
  range: TextRange;
}

interface Frame {
  isMap: boolean;
  key?: string;
  isValue: boolean;
}

const TOKEN = /"(?:\\.|[^"\\\n])*("|(?=\n)|$)|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** Undefined inside a list, and outside of all brackets. */
export function jsonCursorAt(text: string, offset: number): JsonCursor | undefined {
  const frames: Frame[] = [];
  let range = { start: offset, end: offset };
  for (const { 0: token, 1: close, index } of text.matchAll(TOKEN)) {
    if (index >= offset) break;
    const end = index + token.length;
    const isText = token.startsWith('"');
    // Behind the last quote the text is over.
    const stands = isText ? offset < end || (offset === end && close !== '"') : offset <= end && /^[\w-]/.test(token);
    if (stands) {
      range = { start: index, end };
      break;
    }
    step(frames, token);
  }
  const inner = frames.at(-1);
  if (inner?.isMap !== true) return undefined;
  const outer = frames.slice(0, -1).map(({ key = "" }) => key);
  const path = inner.isValue ? [...outer, inner.key ?? ""] : outer;
  return { path, kind: inner.isValue ? "value" : "key", range };
}

function step(frames: Frame[], token: string): void {
  const inner = frames.at(-1);
  if (token === "{" || token === "[") frames.push({ isMap: token === "{", isValue: token === "[" });
  else if (token === "}" || token === "]") frames.pop();
  else if (inner === undefined) return;
  else if (token === ":") inner.isValue = true;
  else if (token === "," && inner.isMap) inner.isValue = false;
  else if (token.startsWith('"') && inner.isMap && !inner.isValue) inner.key = token.slice(1, -1);
}
