// argparse of Python 3.9 to 3.14, as scripts use it.
import type { Arguments, FrameworkHooks, Run } from "./hooks.ts";
import { argument } from "./hooks.ts";
import { emptyInterface, type Place, type ScriptInterface, type ScriptOption, type ValueType } from "./model.ts";
import type { ClassValue, ParserModel, Value } from "./values.ts";
import { asBoolean, asNumber, asText, isNone, printed, textsOf, UNKNOWN } from "./values.ts";

export const argparseHooks: FrameworkHooks = {
  call(callee, given, run) {
    if (isParserClass(callee)) return newParser(given, callee.kind === "class");
    if (callee.kind !== "method") return undefined;
    const { of, name } = callee;
    if (of.kind === "parser") return callParser(of.parser, name, given, run);
    if (of.kind === "group") return callGroup(of, name, given, run);
    return of.kind === "subparsers" ? callSubparsers(of.parser, name, given, run) : undefined;
  },
};

function isParserClass(callee: Value): callee is Extract<Value, { kind: "external" }> | ClassValue {
  if (callee.kind === "external") return callee.path === "argparse.ArgumentParser";
  return callee.kind === "class" && callee.bases.some(isParserClass);
}

function newParser(given: Arguments, isOwn: boolean): Value {
  const { keywords, spread, place } = given;
  const parser: ParserModel = {
    options: [],
    // An option that takes another's place leaves it the flags which it has alone.
    open: spread || isOwn || hasOwnPrefix(keywords) || keywords.has("conflict_handler"),
    abbreviations: asBoolean(keywords.get("allow_abbrev")) !== false,
    commands: new Map(),
    commandRequired: false,
    exclusive: [],
    place,
  };
  const filePrefix = asText(keywords.get("fromfile_prefix_chars"));
  if (filePrefix !== undefined) parser.filePrefix = filePrefix;
  const description = asText(keywords.get("description") ?? given.args[2]);
  if (description !== undefined) parser.description = description;
  if (asBoolean(keywords.get("add_help")) !== false) parser.options.push(helpOption(place));
  const parents = keywords.get("parents");
  if (parents !== undefined && parents.kind !== "list") parser.open = true;
  for (const parent of parents?.kind === "list" ? parents.items : []) {
    if (parent.kind !== "parser") parser.open = true;
    else {
      parser.options.push(...parent.parser.options);
      parser.exclusive.push(...parent.parser.exclusive);
      parser.open ||= parent.parser.open;
    }
  }
  return { kind: "parser", parser };
}

/** Prefixes that are not `-`, and those of files that are not known, are not followed. */
function hasOwnPrefix(keywords: ReadonlyMap<string, Value>): boolean {
  const prefix = keywords.get("prefix_chars");
  const file = keywords.get("fromfile_prefix_chars");
  const isKnown = file === undefined || isNone(file) || asText(file)?.length === 1;
  return !isKnown || (prefix !== undefined && asText(prefix) !== "-");
}

export function helpOption(place: Place): ScriptOption {
  const help = "show this help message and exit";
  const flags = ["-h", "--help"];
  const switchOff = { offFlags: [], least: 0, most: 0, remainder: false, required: false, uncertain: false };
  return { flags, name: "help", help, ...switchOff, place, namePlace: place };
}

function callParser(parser: ParserModel, name: string, given: Arguments, run: Run): Value {
  switch (name) {
    case "add_argument":
      addArgument(parser, given, run);
      return UNKNOWN;
    case "add_argument_group":
      return { kind: "group", parser };
    case "add_mutually_exclusive_group":
      return exclusiveGroup(parser, given);
    case "add_subparsers": {
      parser.commandRequired = asBoolean(given.keywords.get("required")) === true;
      if (given.keywords.has("parser_class") || given.spread || run.isConditional) parser.open = true;
      return { kind: "subparsers", parser };
    }
    case "set_defaults":
      for (const [key, value] of given.keywords) {
        const text = printed(value);
        for (const option of parser.options) if (option.name === key && text !== undefined) option.default = text;
      }
      return UNKNOWN;
    case "parse_args":
    case "parse_known_args":
    case "parse_intermixed_args":
    case "parse_args_into_dataclasses":
    case "parse_known_intermixed_args":
      return parse(parser, name, given, run);
    case "register":
    case "_add_action":
      parser.open = true;
      return UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function exclusiveGroup(parser: ParserModel, given: Arguments): Value {
  const exclusive = { names: [], required: asBoolean(given.keywords.get("required")) === true };
  parser.exclusive.push(exclusive);
  return { kind: "group", parser, exclusive };
}

function callGroup(group: Extract<Value, { kind: "group" }>, name: string, given: Arguments, run: Run): Value {
  if (name === "add_argument") {
    const added = addArgument(group.parser, given, run);
    if (added !== undefined) group.exclusive?.names.push(added.name);
    else if (group.exclusive !== undefined) group.exclusive.required = false;
    return UNKNOWN;
  }
  if (name === "add_argument_group") return group;
  if (name === "add_mutually_exclusive_group") return exclusiveGroup(group.parser, given);
  return UNKNOWN;
}

function callSubparsers(parser: ParserModel, name: string, given: Arguments, run: Run): Value {
  if (name !== "add_parser") return UNKNOWN;
  const command = asText(argument(given, "name", 0));
  const made = newParser(given, false);
  const aliases = given.keywords.get("aliases");
  const others = aliases === undefined ? [] : textsOf(aliases);
  if (made.kind !== "parser" || command === undefined || others === undefined || run.isConditional) {
    parser.open = true;
    return made;
  }
  const help = asText(given.keywords.get("help"));
  if (help !== undefined) made.parser.description ??= help;
  for (const one of [command, ...others]) parser.commands.set(one, made.parser);
  return made;
}

const NO_VALUE = ["store_const", "store_true", "store_false", "append_const", "count", "help", "version"];
const WITH_VALUE = ["store", "append", "extend"];

/** The option that was added; undefined when it cannot be said which. */
function addArgument(parser: ParserModel, given: Arguments, run: Run): ScriptOption | undefined {
  const names = given.args.map(asText);
  const [first] = names;
  const flags = names.filter((name) => name !== undefined);
  if (first === undefined || flags.length !== names.length || (given.spread && given.args.length === 0)) {
    parser.open = true;
    return undefined;
  }
  const isOption = first.startsWith("-");
  const { keywords, place } = given;
  const [nameExpression] = given.call.args;
  const longest = flags.find((flag) => flag.startsWith("--")) ?? first;
  const option: ScriptOption = {
    flags: isOption ? flags : [],
    offFlags: [],
    name: asText(keywords.get("dest")) ?? (isOption ? longest.replace(/^-+/, "").replaceAll("-", "_") : first),
    least: 1,
    most: 1,
    remainder: false,
    required: isOption ? asBoolean(keywords.get("required")) === true : true,
    uncertain: run.isConditional || given.spread,
    place,
    namePlace: { file: place.file, range: nameExpression?.range ?? place.range },
  };
  const long = given.call.args.find((one) => one.kind === "text" && one.value === longest);
  if (isOption && long !== undefined) option.namePlace = { file: place.file, range: long.range };
  readAction(option, keywords.get("action"));
  readNargs(option, keywords, parser);
  readType(option, keywords);
  // It may take any number of values.
  if (given.spread) parser.open = true;
  const existing = parser.options.findIndex((one) => one.flags.some((flag) => option.flags.includes(flag)));
  if (existing >= 0) parser.options.splice(existing, 1);
  parser.options.push(option);
  return option;
}

function readAction(option: ScriptOption, action: Value | undefined): void {
  const word = asText(action);
  if (action === undefined || (word !== undefined && WITH_VALUE.includes(word))) return;
  if (word !== undefined && NO_VALUE.includes(word)) {
    option.least = 0;
    option.most = 0;
    return;
  }
  if (action.kind === "external" && action.path === "argparse.BooleanOptionalAction") {
    option.least = 0;
    option.most = 0;
    option.offFlags = option.flags.filter((flag) => flag.startsWith("--")).map((flag) => `--no-${flag.slice(2)}`);
    return;
  }
  option.uncertain = true;
}

function readNargs(option: ScriptOption, keywords: ReadonlyMap<string, Value>, parser: ParserModel): void {
  const nargs = keywords.get("nargs");
  if (nargs === undefined || isNone(nargs)) return;
  const count = asNumber(nargs);
  const word = nargs.kind === "external" && nargs.path === "argparse.REMAINDER" ? "..." : asText(nargs);
  const isOption = option.flags.length > 0;
  if (count !== undefined) {
    option.least = count;
    option.most = count;
  } else if (word === "?") option.least = 0;
  else if (word === "*" || word === "+" || word === "...") {
    option.least = word === "+" ? 1 : 0;
    option.most = Number.POSITIVE_INFINITY;
    option.remainder = word === "...";
  } else parser.open = true;
  if (!isOption && option.least === 0) option.required = false;
}

const TYPES: Record<string, ValueType> = {
  "builtins.int": "int",
  "builtins.float": "float",
  "builtins.str": "text",
  "builtins.bool": "truth",
  "pathlib.Path": "text",
};

function readType(option: ScriptOption, keywords: ReadonlyMap<string, Value>): void {
  const type = keywords.get("type");
  const known = type?.kind === "external" ? TYPES[type.path] : undefined;
  if (type === undefined || isNone(type)) option.type = "text";
  else if (known !== undefined) option.type = known;
  const choices = textsOf(keywords.get("choices"));
  // What an unknown type makes of a text cannot be compared.
  if (choices !== undefined && option.type !== undefined && option.type !== "truth") option.choices = choices;
  const value = keywords.get("default");
  const text = value === undefined || isNone(value) ? undefined : printed(value);
  if (text !== undefined && option.most > 0) option.default = text;
  const help = asText(keywords.get("help"));
  if (help !== undefined) option.help = help;
}

function parse(parser: ParserModel, name: string, given: Arguments, run: Run): Value {
  const args = argument(given, "args", 0);
  const isWhole = args === undefined || isNone(args) || (args.kind === "argv" && args.from === 1);
  // Another list than the command line is another matter, unless it may be the command line.
  if (args?.kind === "list") return UNKNOWN;
  const read = interfaceOf(parser);
  const leavesRest = asBoolean(given.keywords.get("return_remaining_strings")) === true;
  read.ignoresUnknown = name.includes("known") || leavesRest;
  // Values between options are taken together then.
  if (!isWhole || name.includes("intermixed")) read.open = true;
  run.read(read);
  // What is left is read as the command line is: another parser may take it.
  return name.includes("known") ? { kind: "list", items: [UNKNOWN, { kind: "argv", from: 1 }] } : UNKNOWN;
}

/** What the parser takes by now. */
function interfaceOf(parser: ParserModel, above: readonly ParserModel[] = []): ScriptInterface {
  const made = emptyInterface("argparse", parser.place);
  made.options = parser.options.map((option) => ({ ...option }));
  made.open = parser.open;
  made.abbreviations = parser.abbreviations;
  made.commandRequired = parser.commandRequired;
  made.exclusive = parser.exclusive.map(({ names, required }) => ({ names: [...names], required }));
  if (parser.description !== undefined) made.description = parser.description;
  if (parser.filePrefix !== undefined) made.filePrefix = parser.filePrefix;
  if (above.length > 5) return made;
  for (const [name, command] of parser.commands) made.commands.set(name, interfaceOf(command, [...above, parser]));
  return made;
}
