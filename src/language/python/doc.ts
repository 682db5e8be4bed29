import { cleanDoc } from "./pythonText.ts";
import type { Statement } from "./syntax.ts";

/** The docstring of a body. */
export function docOf(body: readonly Statement[]): string | undefined {
  const [first] = body;
  return first?.kind === "expression" && first.value.kind === "text" ? cleanDoc(first.value.value) : undefined;
}
