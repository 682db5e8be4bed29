import type { MlprojectDocument } from "../../projects/document.ts";
import type { EntryPointMemory } from "../../projects/entryPointMemory.ts";
import { readMlproject } from "../../projects/mlproject.ts";
import { tooLarge } from "./tooLarge.ts";

/** Reads an MLproject file for someone who waits: of one that would take long only its beginning is kept, and a refusal. */
export function readForEditor(text: string, memory?: EntryPointMemory): MlprojectDocument {
  const refusal = tooLarge(text);
  return refusal === undefined
    ? readMlproject(text, memory)
    : { text: text.slice(0, 1000), entryPoints: [], problems: [refusal] };
}
