// Options that are made of the fields of a dataclass: transformers' HfArgumentParser, and tyro.
import { helpOption } from "./argparse.ts";
import type { Arguments, FrameworkHooks, Run } from "./hooks.ts";
import { emptyInterface } from "./model.ts";
import type { ScriptInterface, ScriptOption } from "./model.ts";
import type { Statement } from "./syntax.ts";
import { readAnnotation } from "./typerParameters.ts";
import type { ClassValue, FunctionValue, ParserModel, Scope, Value } from "./values.ts";
import { asBoolean, asText, isNone, printed, UNKNOWN } from "./values.ts";

const PARSER = /^transformers(?:\.hf_argparser)?\.HfArgumentParser$/;

export const dataclassHooks: FrameworkHooks = {
  call(callee, given, run) {
    if (callee.kind !== "external") return undefined;
    if (PARSER.test(callee.path)) return hfParser(given, run);
    if (callee.path !== "tyro.cli") return undefined;
    const [target] = given.args;
    const isCommandLine = !given.keywords.has("args") && !given.spread;
    if (isCommandLine && (target?.kind === "class" || target?.kind === "function"))
      run.read(tyroInterface(target, given, run));
    return UNKNOWN;
  },
};

/** What a class, or the parameters of a function, make. */
interface Fields {
  options: ScriptOption[];
  open: boolean;
}

function hfParser(given: Arguments, run: Run): Value {
  const [first] = given.args;
  const classes = first?.kind === "list" ? first.items : [first ?? given.keywords.get("dataclass_types") ?? UNKNOWN];
  const parser: ParserModel = {
    options: [helpOption(given.place)],
    open:
      given.spread || [...given.keywords.keys()].some((name) => name !== "description" && name !== "dataclass_types"),
    abbreviations: true,
    commands: new Map(),
    commandRequired: false,
    exclusive: [],
    place: given.place,
  };
  for (const one of classes) {
    if (one.kind !== "class") parser.open = true;
    else {
      const { options, open } = fieldsOf(one, run, hfOption);
      parser.options.push(...options);
      parser.open ||= open;
    }
  }
  return { kind: "parser", parser };
}

function tyroInterface(target: ClassValue | FunctionValue, given: Arguments, run: Run): ScriptInterface {
  const file = (target.kind === "class" ? target.members : target.scope).module.file.path;
  const made = emptyInterface("argparse", { file, range: target.node.nameRange });
  const { options, open } = target.kind === "class" ? fieldsOf(target, run, tyroOption) : parametersOf(target, run);
  made.options = [...options, helpOption(given.place)];
  made.open = open || given.keywords.has("config") || given.keywords.has("registry");
  if (target.node.doc !== undefined) made.description = target.node.doc;
  if (given.keywords.has("default")) for (const option of options) option.required = false;
  return made;
}

interface Field {
  option: ScriptOption;
  isMany: boolean;
  isSwitch: boolean;
  hasDefault: boolean;
  value: Value | undefined;
}

type Finish = (field: Field) => void;

/** The fields of a class, those of the classes it stands on first. */
function fieldsOf(of: ClassValue, run: Run, finish: Finish, depth = 0): Fields {
  const made: Fields = { options: [], open: depth > 5 };
  for (const base of made.open ? [] : of.bases) {
    if (base.kind !== "class")
      made.open ||= !(base.kind === "external" && /^(?:builtins\.object|abc\.ABC)$/.test(base.path));
    else {
      const { options, open } = fieldsOf(base, run, finish, depth + 1);
      made.options.push(...options);
      made.open ||= open;
    }
  }
  for (const statement of of.node.body) {
    const option = fieldOf(statement, of, run, finish);
    if (option === undefined) continue;
    made.options = [...made.options.filter(({ name }) => name !== option.name), option];
    made.open ||= option.uncertain;
  }
  return made;
}

function fieldOf(statement: Statement, { members }: ClassValue, run: Run, finish: Finish): ScriptOption | undefined {
  if (statement.kind !== "assign" || statement.annotation === undefined) return undefined;
  const [target] = statement.targets;
  if (target?.kind !== "name") return undefined;
  const { text, path } = { ...members.module.file.python, path: members.module.file.path };
  if (/^(?:typing\.)?ClassVar\b/.test(text.slice(statement.annotation.range.start))) return undefined;
  const value = statement.value === undefined ? undefined : run.value(statement.value, members);
  const info = value?.kind === "made" && value.path === "dataclasses.field" ? value.keywords : undefined;
  if (asBoolean(info?.get("init")) === false) return undefined;
  const given = info === undefined ? value : info.get("default");
  const place = { file: path, range: statement.range };
  const option = plainOption(target.name, place, { file: path, range: target.range });
  const metadata = info?.get("metadata");
  const help = metadata?.kind === "dict" ? metadata.entries.find(([key]) => asText(key) === "help")?.[1] : undefined;
  const said = asText(help);
  if (said !== undefined) option.help = said;
  const hasDefault = given !== undefined || info?.has("default_factory") === true;
  return readType(option, statement.annotation, members, run, { hasDefault, value: given }, finish);
}

function parametersOf({ node, scope }: FunctionValue, run: Run): Fields {
  const file = scope.module.file.path;
  const options = node.parameters
    .filter(({ kind }) => kind === "plain" || kind === "keyword")
    .map((parameter) => {
      const option = plainOption(
        parameter.name,
        { file, range: parameter.range },
        { file, range: parameter.nameRange },
      );
      const value = parameter.default === undefined ? undefined : run.value(parameter.default, scope);
      if (parameter.annotation === undefined) return { ...option, uncertain: true };
      return readType(option, parameter.annotation, scope, run, { hasDefault: value !== undefined, value }, tyroOption);
    });
  return { options, open: options.length < node.parameters.length || options.some(({ uncertain }) => uncertain) };
}

function plainOption(name: string, place: ScriptOption["place"], namePlace: ScriptOption["place"]): ScriptOption {
  const rest = { offFlags: [], least: 1, most: 1, remainder: false, required: false, uncertain: false };
  return { flags: [`--${name}`], name, ...rest, place, namePlace };
}

function readType(
  option: ScriptOption,
  annotation: Parameters<typeof readAnnotation>[0],
  scope: Scope,
  run: Run,
  { hasDefault, value }: Pick<Field, "hasDefault" | "value">,
  finish: Finish,
): ScriptOption {
  const type = readAnnotation(annotation, scope, run);
  option.required = !hasDefault;
  if (type === undefined || type === "context" || (type.type === undefined && type.choices === undefined)) {
    option.uncertain = true;
    return option;
  }
  if (type.type !== undefined) option.type = type.type;
  if (type.choices !== undefined) option.choices = type.choices;
  const text = value === undefined || isNone(value) ? undefined : printed(value);
  if (text !== undefined) option.default = text;
  finish({ option, isMany: type.many, isSwitch: type.type === "switch", hasDefault, value });
  return option;
}

/** transformers 4: both spellings, a truth with or without its value, and `--no_…` where it is true by default. */
function hfOption({ option, isMany, isSwitch, value }: Field): void {
  const { name } = option;
  const dashed = name.replaceAll("_", "-");
  option.flags = [...new Set([`--${name}`, `--${dashed}`])];
  if (isMany) option.most = Number.POSITIVE_INFINITY;
  if (!isSwitch || isMany) return;
  option.least = 0;
  option.required = false;
  if (asBoolean(value) === true) option.offFlags = [...new Set([`--no_${name}`, `--no-${dashed}`])];
}

/** tyro takes dashes and underscores alike, and `--no-…` of each truth that has a default. */
function tyroOption({ option, isMany, isSwitch, hasDefault, value }: Field): void {
  const { name } = option;
  // What may be None takes the word for it, too.
  if (isNone(value)) {
    delete option.type;
    delete option.choices;
  }
  const dashed = name.replaceAll("_", "-");
  option.flags = [...new Set([`--${dashed}`, `--${name}`])];
  if (isMany) {
    option.least = 0;
    option.most = Number.POSITIVE_INFINITY;
    return;
  }
  if (!isSwitch || !hasDefault) return;
  option.least = 0;
  option.most = 0;
  option.offFlags = [...new Set([`--no-${dashed}`, `--no_${name}`, `--no-${name}`])];
}
