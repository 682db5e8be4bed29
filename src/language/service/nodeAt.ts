import type { EntryPoint, MlprojectDocument, Parameter, Placeholder, TextRange } from "../../projects/document.ts";
import { touches } from "./positions.ts";

/** What stands at an offset and has a name of its own. */
export type NamedNode =
  | { kind: "entryPoint"; entryPoint: EntryPoint; range: TextRange }
  | { kind: "parameter"; entryPoint: EntryPoint; parameter: Parameter; range: TextRange }
  | { kind: "placeholder"; entryPoint: EntryPoint; placeholder: Placeholder; parameter?: Parameter; range: TextRange };

export function nodeAt(document: MlprojectDocument, offset: number): NamedNode | undefined {
  for (const entryPoint of document.entryPoints) {
    if (touches(entryPoint.nameRange, offset)) return { kind: "entryPoint", entryPoint, range: entryPoint.nameRange };
    const parameter = entryPoint.parameters.find((one) => touches(one.nameRange, offset));
    if (parameter !== undefined) return { kind: "parameter", entryPoint, parameter, range: parameter.nameRange };
    const placeholder = entryPoint.placeholders.find((one) => touches(one.range, offset));
    if (placeholder === undefined) continue;
    const declared = parameterOf(entryPoint, placeholder);
    const found = { kind: "placeholder" as const, entryPoint, placeholder, range: placeholder.range };
    return declared === undefined ? found : { ...found, parameter: declared };
  }
  return undefined;
}

export function parameterOf(entryPoint: EntryPoint, placeholder: Placeholder): Parameter | undefined {
  return entryPoint.parameters.find((parameter) => parameter.name === placeholder.name);
}

/** `float, default 0.08`, `path, required`. */
export function parameterSummary(parameter: Parameter): string {
  const value = parameter.default === undefined ? "required" : `default ${parameter.default || "''"}`;
  return `${parameter.type}, ${value}`;
}
