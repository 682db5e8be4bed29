// Calls of the script's own functions: what their parameters are bound to, and what decorators make of them.
import type { Arguments, Run } from "./hooks.ts";
import { applyClick } from "./click.ts";
import { applyHydra } from "./hydra.ts";
import { applyTyper } from "./typer.ts";
import type { FunctionValue, Scope, Value } from "./values.ts";
import { UNKNOWN } from "./values.ts";

/** Binds the parameters of `callee` in `scope`. */
export function bind(callee: FunctionValue, given: Arguments, scope: Scope, run: Run): void {
  const args = callee.self === undefined ? given.args : [callee.self, ...given.args];
  let index = 0;
  for (const parameter of callee.node.parameters) {
    if (parameter.kind === "list") {
      scope.names.set(parameter.name, { kind: "list", items: args.slice(index) });
      index = args.length;
      continue;
    }
    if (parameter.kind === "map") {
      scope.names.set(parameter.name, UNKNOWN);
      continue;
    }
    const named = given.keywords.get(parameter.name);
    const positional = parameter.kind === "plain" ? args[index] : undefined;
    if (parameter.kind === "plain" && named === undefined) index += 1;
    const otherwise =
      parameter.default === undefined || given.spread ? UNKNOWN : run.value(parameter.default, callee.scope);
    scope.names.set(parameter.name, named ?? positional ?? otherwise);
  }
}

/** Decorators work from the one nearest to the function outwards. */
export function decorate(made: FunctionValue, decorators: readonly Value[], run: Run): Value {
  let value: Value = made;
  for (const decorator of decorators.toReversed()) value = apply(decorator, value, run);
  return value;
}

/** What `decorator(value)` gives. */
export function apply(decorator: Value, value: Value, run: Run): Value {
  const applied = applyClick(decorator, value) ?? applyTyper(decorator, value) ?? applyHydra(decorator, value);
  if (applied !== undefined) return applied;
  if (decorator.kind === "made" && decorator.path === "functools.wraps") return wrapped(decorator.args[0], value);
  if (decorator.kind === "external" || decorator.kind === "made") {
    const isNeutral = /^(?:builtins|functools|contextlib|abc|typing|mlflow|torch|dataclasses)\b/.test(decorator.path);
    return isNeutral ? value : marked(value);
  }
  if (decorator.kind !== "function" || value.kind !== "function") return marked(value);
  const { node, scope } = value;
  const call = { kind: "call" as const, callee: { kind: "name" as const, name: node.name, range: node.nameRange } };
  const made = run.call(decorator, {
    args: [value],
    keywords: new Map(),
    spread: false,
    call: { ...call, args: [], keywords: [], spread: false, inside: node.nameRange, range: node.nameRange },
    scope,
    place: { file: scope.module.file.path, range: node.nameRange },
  });
  return made.kind === "function" || made.kind === "command" ? made : marked(value);
}

/** `functools.wraps` takes what decorators of click left on the function over. */
function wrapped(of: Value | undefined, value: Value): Value {
  if (of?.kind !== "function" || value.kind !== "function") return value;
  return of.clickParameters === undefined ? value : { ...value, clickParameters: of.clickParameters };
}

function marked(value: Value): Value {
  if (value.kind === "function") return { ...value, decorated: true };
  if (value.kind === "command") value.command.open = true;
  return value;
}
