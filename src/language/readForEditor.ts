import type { MlprojectDocument } from "../projects/document.ts";
import { readMlproject } from "../projects/mlproject.ts";
import { tooLarge } from "./service/tooLarge.ts";

/** Reads an MLproject file for someone who waits: of one that would take long only its beginning is kept, and a refusal. */
export function readForEditor(text: string): MlprojectDocument {
  const refusal = tooLarge(text);
  return refusal === undefined
    ? readMlproject(text)
    : { text: text.slice(0, 1000), entryPoints: [], problems: [refusal] };
}
