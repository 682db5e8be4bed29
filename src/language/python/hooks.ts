// What the frameworks tell the interpreter of their own functions.
import type { Place, ScriptInterface } from "./model.ts";
import type { CallNode, Expression } from "./syntax.ts";
import type { Scope, Value } from "./values.ts";

/** What a call was given. */
export interface Arguments {
  args: Value[];
  keywords: Map<string, Value>;
  /** `*args` or `**kwargs` was given too. */
  spread: boolean;
  call: CallNode;
  scope: Scope;
  place: Place;
}

/** The interpreter, as frameworks see it. */
export interface Run {
  /** In a branch that may not be taken. */
  readonly isConditional: boolean;
  value(expression: Expression, scope: Scope): Value;
  call(callee: Value, given: Arguments): Value;
  /** The command line is read here. */
  read(read: ScriptInterface): void;
}

export interface FrameworkHooks {
  /** What `callee` gives; undefined when it is none of this framework's. */
  call(callee: Value, given: Arguments, run: Run): Value | undefined;
}

/** The argument at `index`, or the one called `name`. */
export function argument(given: Arguments, name: string, index?: number): Value | undefined {
  return given.keywords.get(name) ?? (index === undefined ? undefined : given.args[index]);
}

/** A parser that goes where we do not look may take more than we know. */
export function openParsersIn(given: Arguments): void {
  for (const value of [...given.args, ...given.keywords.values()]) openParser(value);
}

/** Parsers that a value is or holds may take more than can be told. */
export function openParser(value: Value): void {
  if (value.kind === "parser" || value.kind === "group" || value.kind === "subparsers") value.parser.open = true;
  else if (value.kind === "app") value.app.open = true;
  else if (value.kind === "list") for (const item of value.items) openParser(item);
  // As `partial(parser.add_argument, type=int)` does.
  else if (value.kind === "method" && value.name.startsWith("add")) openParser(value.of);
}
