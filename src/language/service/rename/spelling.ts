// One name as it is spelled in several places: `max_rows`, `--max-rows`.
import type { TextRange } from "../../../projects/document.ts";

export interface Edit {
  path: string;
  range: TextRange;
  newText: string;
}

/** Why something cannot be renamed, in one sentence. */
export class Refusal {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** A name that differs at most in its dashes. */
export function isSpelledAlike(a: string, b: string): boolean {
  return a.replaceAll("-", "_") === b.replaceAll("-", "_");
}

/** The new name with dashes where another spelling of the old one has them. */
export function spelledAs(old: string, spelling: string, newName: string): string {
  if (old === spelling) return newName;
  return spelling.includes("-") ? newName.replaceAll("_", "-") : newName.replaceAll("-", "_");
}

/** `--lr` without its dashes. */
export function bareFlag(flag: string): string {
  return flag.replace(/^--?/, "");
}

const PYTHON_WORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

export function isPythonName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !PYTHON_WORDS.has(name);
}

/** The part of a source between quotes, or all of it. */
export function inQuotes(text: string, range: TextRange): TextRange {
  const isQuoted = /^(["'])[^]*\1$/.test(text.slice(range.start, range.end)) && range.end - range.start > 1;
  return isQuoted ? { start: range.start + 1, end: range.end - 1 } : range;
}
