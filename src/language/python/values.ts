// What the interpreter knows of a Python value.
import { floatText } from "../../projects/yamlScalars.ts";
import type { Place, ScriptOption } from "./model.ts";
import type { ClassNode, Expression, FunctionNode, PythonFile } from "./syntax.ts";

export interface SourceFile {
  /** Absolute path. */
  path: string;
  python: PythonFile;
}

/** A Python file as it was run. */
export interface ModuleScope {
  file: SourceFile;
  names: Map<string, Value>;
  /** The names that are not known may come from anywhere. */
  isMain: boolean;
}

export interface Scope {
  names: Map<string, Value>;
  parent?: Scope;
  module: ModuleScope;
}

export interface FunctionValue {
  kind: "function";
  node: FunctionNode;
  scope: Scope;
  self?: Value;
  /** What click's decorators added so far, the outermost first. */
  clickParameters?: ClickParameter[];
  /** A decorator stands over it whose work is not known. */
  decorated?: boolean;
  /** Calling it reads the command line by hydra. */
  hydra?: HydraMain;
}

export interface HydraMain {
  configPath?: string | undefined;
  configName?: string | undefined;
  /** What was given cannot be known. */
  open: boolean;
}

export interface ClassValue {
  kind: "class";
  node: ClassNode;
  members: Scope;
  bases: Value[];
}

export type Value =
  | { kind: "unknown" }
  | { kind: "constant"; value: string | number | boolean | null; text: string; isFloat?: boolean }
  | { kind: "list"; items: Value[] }
  | { kind: "dict"; entries: Array<[key: Value, value: Value]> }
  /** Of a package that is not here, by its full name: `argparse.ArgumentParser`. */
  | { kind: "external"; path: string }
  /** What an external callable gave: `click.Choice([...])`. */
  | {
      kind: "made";
      path: string;
      args: Value[];
      keywords: Map<string, Value>;
      spread: boolean;
      place: Place;
      of?: Value;
    }
  | { kind: "module"; module: ModuleScope }
  | FunctionValue
  | ClassValue
  | { kind: "instance"; class: ClassValue; fields: Map<string, Value> }
  | { kind: "method"; of: Value; name: string }
  | { kind: "parser"; parser: ParserModel }
  | { kind: "group"; parser: ParserModel; exclusive?: { names: string[]; required: boolean } }
  | { kind: "subparsers"; parser: ParserModel }
  | { kind: "command"; command: ClickCommand }
  /** A decorator of click that adds a parameter. */
  | { kind: "clickParameter"; parameter: ClickParameter }
  | { kind: "app"; app: TyperApp }
  /** `sys.argv`, or a slice of it that begins at `from`; an item of it. */
  | { kind: "argv"; from: number }
  | { kind: "argument"; index: number };

export interface TyperApp {
  name?: string;
  description?: string;
  commands: Array<{ name: string; function: FunctionValue; ignoresUnknown: boolean }>;
  groups: Array<{ name: string; app: TyperApp }>;
  callback?: FunctionValue;
  invokedWithout: boolean;
  open: boolean;
  place: Place;
}

/** A parser while the script builds it. */
export interface ParserModel {
  options: ScriptOption[];
  open: boolean;
  abbreviations: boolean;
  /** Words that begin with it name files with more words. */
  filePrefix?: string;
  description?: string;
  commands: Map<string, ParserModel>;
  commandRequired: boolean;
  exclusive: Array<{ names: string[]; required: boolean }>;
  place: Place;
}

export interface ClickParameter {
  /** Undefined: a parameter that is not understood, so that the command takes more than is known. */
  option?: ScriptOption;
}

export interface ClickCommand {
  isGroup: boolean;
  options: ScriptOption[];
  commands: Map<string, ClickCommand>;
  /** A group that runs without a command. */
  runsAlone: boolean;
  /** A group that takes several commands after each other. */
  chains: boolean;
  ignoresUnknown: boolean;
  open: boolean;
  description?: string;
  place: Place;
}

export const UNKNOWN: Value = { kind: "unknown" };

export function constant(value: string | number | boolean | null): Value {
  if (value === null) return { kind: "constant", value, text: "None" };
  if (typeof value === "boolean") return { kind: "constant", value, text: value ? "True" : "False" };
  return { kind: "constant", value, text: String(value) };
}

export function constantOf(expression: Expression): Value {
  if (expression.kind === "text" || expression.kind === "constant") return constant(expression.value);
  if (expression.kind !== "number") return UNKNOWN;
  const { value, isInt } = expression;
  return isInt ? constant(value) : { kind: "constant", value, text: floatText(value), isFloat: true };
}

/** The text that `value` is; undefined when it is none, or not known. */
export function asText(value: Value | undefined): string | undefined {
  return value?.kind === "constant" && typeof value.value === "string" ? value.value : undefined;
}

export function asBoolean(value: Value | undefined): boolean | undefined {
  return value?.kind === "constant" && typeof value.value === "boolean" ? value.value : undefined;
}

export function asNumber(value: Value | undefined): number | undefined {
  return value?.kind === "constant" && typeof value.value === "number" ? value.value : undefined;
}

export function isNone(value: Value | undefined): boolean {
  return value?.kind === "constant" && value.value === null;
}

/** Python's `str()` of a value that is known whole. */
export function printed(value: Value | undefined): string | undefined {
  if (value?.kind === "constant") return value.text;
  if (value?.kind !== "list") return undefined;
  const items = value.items.map((item) => {
    const text = printed(item);
    return asText(item) === undefined ? text : `'${text}'`;
  });
  return items.some((item) => item === undefined) ? undefined : `[${items.join(", ")}]`;
}

/** The texts of a list, a dict's keys or a range; undefined when one is not known. */
export function textsOf(value: Value | undefined): string[] | undefined {
  const items =
    value?.kind === "list" ? value.items : value?.kind === "dict" ? value.entries.map(([key]) => key) : undefined;
  if (value?.kind === "made" && /^builtins\.(?:sorted|list|tuple|set|frozenset)$/.test(value.path)) {
    return textsOf(value.args[0]);
  }
  if (items === undefined) return value?.kind === "made" ? rangeTexts(value.path, value.args) : undefined;
  const texts = items.map((item) => (item.kind === "constant" ? item.text : undefined));
  const known = texts.filter((text) => text !== undefined);
  return known.length === texts.length ? known : undefined;
}

function rangeTexts(path: string, args: readonly Value[]): string[] | undefined {
  if (path !== "builtins.range") return undefined;
  const numbers = args.map(asNumber).filter((number) => number !== undefined);
  if (numbers.length !== args.length || numbers.length === 0) return undefined;
  const [first = 0, second, step = 1] = numbers;
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (step <= 0 || (to - from) / step > 200) return undefined;
  const texts: string[] = [];
  for (let number = from; number < to; number += step) texts.push(String(number));
  return texts;
}
