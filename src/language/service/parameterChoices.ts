// The values that the script of an entry point takes for each of its parameters.
import type { EntryPoint, MlprojectDocument } from "../../projects/document.ts";
import { bindingsOf } from "./callCursor.ts";
import { isWhole } from "./scriptTypes.ts";
import type { Workspace } from "./workspace.ts";

/** By parameter; only of those that reach an option with choices as they are. Those of several calls are the ones that all take. */
export function parameterChoices(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  workspace: Workspace,
): Record<string, string[]> {
  const found = new Map<string, string[]>();
  for (const binding of bindingsOf(document, entryPoint, workspace).filter(isWhole)) {
    const { choices } = binding.option;
    if (choices === undefined || choices.length === 0) continue;
    const { name } = binding.parameter;
    const before = found.get(name);
    found.set(name, before === undefined ? choices : before.filter((choice) => choices.includes(choice)));
  }
  return Object.fromEntries([...found].filter(([, choices]) => choices.length > 0));
}
