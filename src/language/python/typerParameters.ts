// How typer reads one parameter of a function's signature.
import type { Run } from "./hooks.ts";
import type { ScriptOption, ValueType } from "./model.ts";
import type { Expression, FunctionParameter } from "./syntax.ts";
import type { FunctionValue, Scope, Value } from "./values.ts";
import { asBoolean, asNumber, asText, isNone, printed, textsOf } from "./values.ts";

/** Undefined for what is not understood; `context` for a parameter that typer fills in itself. */
export function optionOfParameter(
  parameter: FunctionParameter,
  of: FunctionValue,
  run: Run,
): ScriptOption | "context" | undefined {
  const { scope } = of;
  const file = scope.module.file.path;
  const value = parameter.default === undefined ? undefined : run.value(parameter.default, scope);
  let annotation = parameter.annotation;
  let info = isInfo(value) ? value : undefined;
  let fallback = info === undefined ? value : (info.keywords.get("default") ?? info.args[0]);
  let declarations = info === undefined ? [] : info.args.slice(1);
  if (annotation?.kind === "index" && /(?:^|\.)Annotated$/.test(pathOf(annotation.of, scope, run))) {
    const [type, ...others] = annotation.items;
    const found = others.map((one) => run.value(one, scope)).find(isInfo);
    if (found !== undefined) {
      info = found;
      declarations = found.args;
      fallback = value;
    }
    annotation = type;
  }
  const type = readAnnotation(annotation, scope, run);
  if (type === "context") return "context";
  if (info?.spread === true || type === undefined) return undefined;
  const isEllipsis = parameter.default !== undefined && isDots(parameter, fallback, scope.module.file.python.text);
  const hasDefault = fallback !== undefined && !isEllipsis;
  const isArgument = info === undefined ? !hasDefault : info.path === "typer.Argument";
  const own = declarations.map(asText);
  if (own.some((text) => text === undefined)) return undefined;
  const option: ScriptOption = {
    flags: [],
    offFlags: [],
    name: parameter.name,
    least: 1,
    most: 1,
    remainder: false,
    required: !hasDefault,
    uncertain: false,
    place: { file, range: parameter.range },
    namePlace: { file, range: parameter.nameRange },
  };
  if (type.type !== undefined) option.type = type.type;
  if (type.choices !== undefined) option.choices = type.choices;
  if (hasDefault && !isNone(fallback)) setDefault(option, fallback);
  readInfo(option, info);
  if (isArgument) {
    if (type.many) {
      option.least = option.required ? 1 : 0;
      option.most = Number.POSITIVE_INFINITY;
    }
    return option;
  }
  nameFlags(
    option,
    own.filter((text) => text !== undefined),
    type.type === "switch",
  );
  return option;
}

function setDefault(option: ScriptOption, value: Value | undefined): void {
  const text = printed(value);
  if (text !== undefined) option.default = text;
}

type Made = Extract<Value, { kind: "made" }>;

function isInfo(value: Value | undefined): value is Made {
  return value?.kind === "made" && (value.path === "typer.Option" || value.path === "typer.Argument");
}

function isDots(parameter: FunctionParameter, fallback: Value | undefined, text: string): boolean {
  if (fallback?.kind !== "unknown" || parameter.default === undefined) return false;
  return /(?:^|\(|default=)\s*\.\.\./.test(text.slice(parameter.default.range.start, parameter.default.range.end));
}

function readInfo(option: ScriptOption, info: Made | undefined): void {
  if (info === undefined) return;
  const help = asText(info.keywords.get("help"));
  if (help !== undefined) option.help = help;
  const minimum = asNumber(info.keywords.get("min"));
  const maximum = asNumber(info.keywords.get("max"));
  if (asBoolean(info.keywords.get("clamp")) !== true) {
    if (minimum !== undefined) option.minimum = minimum;
    if (maximum !== undefined) option.maximum = maximum;
  }
  if (info.keywords.has("case_sensitive")) option.ignoresCase = asBoolean(info.keywords.get("case_sensitive")) !== true;
  if (["envvar", "prompt", "callback", "default_factory"].some((key) => info.keywords.has(key)))
    option.required = false;
  if (["parser", "click_type", "count", "is_flag", "flag_value", "formats"].some((key) => info.keywords.has(key))) {
    option.uncertain = true;
    delete option.type;
  }
}

function nameFlags(option: ScriptOption, own: readonly string[], isSwitch: boolean): void {
  const long = `--${option.name.toLowerCase().replaceAll("_", "-")}`;
  if (isSwitch) {
    option.least = 0;
    option.most = 0;
  }
  if (own.length === 0) {
    option.flags = [long];
    if (isSwitch) option.offFlags = [`--no-${long.slice(2)}`];
    return;
  }
  for (const declaration of own) {
    const [on = "", off] = declaration.split("/").map((part) => part.trim());
    if (on !== "") option.flags.push(on);
    if (off !== undefined && off !== "") option.offFlags.push(off);
  }
}

interface ReadType {
  type?: ValueType;
  choices?: string[];
  many: boolean;
}

const TYPES: Record<string, ValueType> = {
  "builtins.int": "int",
  "builtins.float": "float",
  "builtins.str": "text",
  "builtins.bool": "switch",
  "pathlib.Path": "text",
};

/** What the annotation of a parameter or a field says; `context` for what a framework fills in itself. */
export function readAnnotation(
  annotation: Expression | undefined,
  scope: Scope,
  run: Run,
): ReadType | "context" | undefined {
  if (annotation === undefined) return { type: "text", many: false };
  if (annotation.kind === "other" && annotation.type === "BinaryExpression") {
    // `int | None`.
    const types = annotation.parts.filter((part) => part.kind !== "constant");
    return types.length === 1 ? readAnnotation(types[0], scope, run) : undefined;
  }
  const path = pathOf(annotation.kind === "index" ? annotation.of : annotation, scope, run);
  if (annotation.kind === "index") {
    const [first] = annotation.items;
    if (/(?:^|\.)Optional$/.test(path)) return readAnnotation(first, scope, run);
    if (/(?:^|\.)Literal$/.test(path)) {
      const choices = annotation.items.flatMap((item) => (item.kind === "text" ? [item.value] : []));
      return choices.length === annotation.items.length ? { type: "text", choices, many: false } : { many: false };
    }
    if (!/(?:^|\.)(?:List|list|Sequence)$/.test(path)) return undefined;
    const inner = readAnnotation(first, scope, run);
    return inner === undefined || inner === "context" ? inner : { ...inner, many: true };
  }
  if (path === "typer.Context" || path === "click.Context") return "context";
  const known = TYPES[path];
  if (known !== undefined) return { type: known, many: false };
  const value = run.value(annotation, scope);
  if (value.kind !== "class") return path === "" ? undefined : { many: false };
  const isEnum = value.bases.some((base) => base.kind === "external" && /^enum\.\w*Enum$/.test(base.path));
  const choices = textsOf({
    kind: "list",
    items: [...value.members.names.values()].filter((one) => one.kind === "constant"),
  });
  return isEnum && choices !== undefined && choices.length > 0
    ? { type: "text", choices, many: false }
    : { many: false };
}

function pathOf(expression: Expression, scope: Scope, run: Run): string {
  const value = run.value(expression, scope);
  return value.kind === "external" ? value.path : "";
}
