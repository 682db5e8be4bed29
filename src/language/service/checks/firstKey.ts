import type { TextRange } from "../../../projects/document.ts";

/** Where what concerns the whole file is told: its first key, else its beginning. */
export function firstKey(text: string): TextRange {
  const found = /^[^\s#%-][^:\n]*(?=:)/m.exec(text);
  return found === null ? { start: 0, end: 0 } : { start: found.index, end: found.index + found[0].length };
}
