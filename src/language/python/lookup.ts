// Names, items and members, as the interpreter finds them.
import type { FunctionValue, Scope, Value } from "./values.ts";
import { UNKNOWN } from "./values.ts";

export function itemOf(value: Value, index: number): Value {
  return value.kind === "list" ? (value.items[index] ?? UNKNOWN) : UNKNOWN;
}

const BUILTINS = new Set(
  "int float str bool list tuple dict set range len print open vars isinstance getattr setattr exit quit sorted type id repr".split(
    " ",
  ),
);

export function lookUp(name: string, scope: Scope): Value {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return BUILTINS.has(name) ? { kind: "external", path: `builtins.${name}` } : UNKNOWN;
}

export function isHarmless(path: string): boolean {
  return path.startsWith("builtins.") || path === "argcomplete.autocomplete" || path.startsWith("sys.");
}

export function isStatic({ node }: FunctionValue): boolean {
  return node.decorators.some((one) => one.kind === "name" && one.name === "staticmethod");
}

export function isClassMethod({ node }: FunctionValue): boolean {
  return node.decorators.some((one) => one.kind === "name" && one.name === "classmethod");
}
