import type { MlprojectDocument } from "../projects/document.ts";
import { readMlproject } from "../projects/mlproject.ts";

/** Characters; a larger file is not looked at with each key that is typed. The largest ones known have some ten thousand. */
export const MOST_CHARACTERS = 500_000;

/** Reads an MLproject file for someone who waits: one that would take long is refused. */
export function readForEditor(text: string): MlprojectDocument {
  if (text.length <= MOST_CHARACTERS) return readMlproject(text);
  const lineEnd = text.slice(0, 1000).indexOf("\n");
  const size = `${(text.length / 1_000_000).toFixed(1)} million`;
  const message = `This file is not checked: it has ${size} characters, and more than half a million take too long.`;
  const range = { start: 0, end: lineEnd < 0 ? 1000 : lineEnd };
  return { text, entryPoints: [], problems: [{ code: "file-too-large", severity: "information", message, range }] };
}
