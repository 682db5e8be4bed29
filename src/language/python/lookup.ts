// Names, items and members, as the interpreter finds them.
import { openParser } from "./hooks.ts";
import type { ClassValue, FunctionValue, Scope, Value } from "./values.ts";
import { UNKNOWN } from "./values.ts";

export function itemOf(value: Value, index: number): Value {
  return value.kind === "list" ? (value.items[index] ?? UNKNOWN) : UNKNOWN;
}

const BUILTINS = new Set(
  "int float str bool list tuple dict set frozenset range len print open vars isinstance getattr setattr exit quit sorted type id repr".split(
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

/** Functions of Python that may do something to what they get. */
const NOT_HARMLESS = new Set(["getattr", "setattr", "map", "filter", "exec", "eval"].map((name) => `builtins.${name}`));

export function isHarmless(path: string): boolean {
  if (NOT_HARMLESS.has(path)) return false;
  return path.startsWith("builtins.") || path === "argcomplete.autocomplete" || path.startsWith("sys.");
}

export function isStatic({ node }: FunctionValue): boolean {
  return node.decorators.some((one) => one.kind === "name" && one.name === "staticmethod");
}

export function isClassMethod({ node }: FunctionValue): boolean {
  return node.decorators.some((one) => one.kind === "name" && one.name === "classmethod");
}

/** Its value is what the function gives, which is not followed. */
export function isProperty({ node }: FunctionValue): boolean {
  return node.decorators.some((one) =>
    one.kind === "name" || one.kind === "member" ? /^(?:cached_)?property$/.test(one.name) : false,
  );
}

/** What a class has by a name, or one above it. */
export function memberOf(of: ClassValue, name: string, depth = 0): Value | undefined {
  const own = of.members.names.get(name);
  if (own !== undefined || depth > 10) return own;
  for (const base of of.bases) {
    const found = base.kind === "class" ? memberOf(base, name, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the classes above the one that defines `running` have by a name. */
export function memberAbove(
  of: ClassValue,
  running: FunctionValue["node"],
  name: string,
  depth = 0,
): Value | undefined {
  if (depth > 10) return undefined;
  const defines = [...of.members.names.values()].some((one) => one.kind === "function" && one.node === running);
  for (const base of of.bases) {
    if (base.kind !== "class") continue;
    const found = defines ? memberOf(base, name) : memberAbove(base, running, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What `**value` gives; undefined where it is not known. */
export function keywordsOf(value: Value): Map<string, Value> | undefined {
  if (value.kind === "made" && value.path === "builtins.dict" && !value.spread && value.args.length === 0)
    return value.keywords;
  if (value.kind !== "dict") return undefined;
  const pairs = value.entries.flatMap(
    ([key, one]): Array<[string, Value]> =>
      key.kind === "constant" && typeof key.value === "string" ? [[key.value, one]] : [],
  );
  return pairs.length === value.entries.length ? new Map(pairs) : undefined;
}

/** What `of.name` gives. */
export function valueOfMember(of: Value, name: string): Value {
  switch (of.kind) {
    case "external":
      return `${of.path}.${name}` === "sys.argv"
        ? { kind: "argv", from: 0 }
        : { kind: "external", path: `${of.path}.${name}` };
    case "module":
      return of.module.names.get(name) ?? UNKNOWN;
    case "instance": {
      const field = of.fields.get(name) ?? memberOf(of.class, name);
      if (field?.kind === "function" && isProperty(field)) {
        for (const one of of.fields.values()) openParser(one);
        return UNKNOWN;
      }
      if (field?.kind === "function") return isStatic(field) ? field : { ...field, self: of };
      return field ?? UNKNOWN;
    }
    case "class": {
      const found = memberOf(of, name);
      return found?.kind === "function" && isClassMethod(found) ? { ...found, self: of } : (found ?? UNKNOWN);
    }
    case "unknown":
    case "constant":
      return UNKNOWN;
    default:
      return { kind: "method", of, name };
  }
}
