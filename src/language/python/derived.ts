// Values that follow from others: f-strings, what a loop goes over, what `super()` leads to.
import { openParser } from "./hooks.ts";
import { lookUp, memberAbove } from "./lookup.ts";
import type { Expression, FunctionNode } from "./syntax.ts";
import type { Scope, Value } from "./values.ts";
import { UNKNOWN } from "./values.ts";

/** A lambda or a comprehension is not followed: what it calls `add_argument` of takes more than is known. */
export function openParsersOf(source: string, scope: Scope): void {
  if (!source.includes(".add_")) return;
  for (const [name] of source.matchAll(/\b[A-Za-z_]\w*/g)) {
    const value = lookUp(name, scope);
    if (value.kind === "instance") for (const field of value.fields.values()) openParser(field);
    else openParser(value);
  }
}

export function sourceOf({ range }: Expression, scope: Scope): string {
  return scope.module.file.python.text.slice(range.start, range.end);
}

/** An f-string of plain names. */
export function formatted(source: string, scope: Scope): Value {
  const body = /^[fF](["'])([^"'\\\n]*)\1$/.exec(source)?.[2];
  if (body === undefined || /\{\{|\}\}/.test(body)) return UNKNOWN;
  let isKnown = true;
  const text = body.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = /^[A-Za-z_]\w*$/.test(name) ? lookUp(name, scope) : UNKNOWN;
    isKnown &&= value.kind === "constant";
    return value.kind === "constant" ? value.text : "";
  });
  return isKnown && !/[{}]/.test(text) ? { kind: "constant", value: text, text } : UNKNOWN;
}

/** The items of a loop over `over`; undefined where they are not known. */
export function loopItems(over: Value): Value[] | undefined {
  if (over.kind === "list") return over.items;
  if (over.kind === "dict") return over.entries.map(([key]) => key);
  if (over.kind !== "method" || over.name !== "items()" || over.of.kind !== "dict") return undefined;
  return over.of.entries.map(([key, value]): Value => ({ kind: "list", items: [key, value] }));
}

/** `super().name`: what the class above that of the running function has by that name. */
export function superMember(callee: Expression, running: FunctionNode | undefined, scope: Scope): Value | undefined {
  if (callee.kind !== "member" || callee.of.kind !== "call" || callee.of.callee.kind !== "name") return undefined;
  const self = lookUp(running?.parameters[0]?.name ?? "", scope);
  if (callee.of.callee.name !== "super" || running === undefined || self.kind !== "instance") return undefined;
  const found = memberAbove(self.class, running, callee.name);
  return found?.kind === "function" ? { ...found, self } : found;
}
