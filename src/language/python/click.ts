// click 8, as scripts use it: decorators that add parameters to a function, commands and groups of commands.
import type { Arguments, FrameworkHooks, Run } from "./hooks.ts";
import { argument } from "./hooks.ts";
import { emptyInterface } from "./model.ts";
import type { Place, ScriptInterface, ScriptOption } from "./model.ts";
import { readClickType } from "./clickTypes.ts";
import type { ClickCommand, ClickParameter, FunctionValue, Value } from "./values.ts";
import { asBoolean, asNumber, asText, isNone, printed, UNKNOWN } from "./values.ts";

const PARAMETER_MAKERS = [
  "click.option",
  "click.argument",
  "click.version_option",
  "click.help_option",
  "click.password_option",
  "click.confirmation_option",
];

const NEUTRAL = ["click.pass_context", "click.pass_obj"];

export const clickHooks: FrameworkHooks = {
  call(callee, given, run) {
    if (callee.kind === "external" && PARAMETER_MAKERS.includes(callee.path)) {
      return { kind: "clickParameter", parameter: makeParameter(callee.path, given) };
    }
    if (callee.kind === "clickParameter") {
      const [value] = given.args;
      return value === undefined ? UNKNOWN : (applyClick(callee, value) ?? UNKNOWN);
    }
    if (callee.kind === "command") {
      // Called with arguments of its own it does not read the command line.
      if (given.args.length > 0 || given.keywords.has("args")) return UNKNOWN;
      run.read(clickInterface(callee.command, "click"));
      return { kind: "made", path: "sys.exit", args: [], keywords: new Map(), spread: false, place: given.place };
    }
    if (callee.kind !== "method" || callee.of.kind !== "command") return undefined;
    return callMethod(callee.of.command, callee.name, given, run);
  },
};

function callMethod(command: ClickCommand, name: string, given: Arguments, run: Run) {
  if (name === "main" && given.args.length === 0 && !given.keywords.has("args")) {
    run.read(clickInterface(command, "click"));
    return UNKNOWN;
  }
  if (name === "command" || name === "group") {
    const { args, keywords, spread, place } = given;
    const made: Value = { kind: "made", path: `click.${name}`, args, keywords, spread, place };
    return { ...made, of: { kind: "command" as const, command } };
  }
  if (name === "add_command") {
    const [sub] = given.args;
    const called = asText(argument(given, "name", 1));
    if (sub?.kind === "command" && !run.isConditional) {
      const own = called === undefined ? commandNames.get(sub.command) : [called];
      if (own === undefined) command.open = true;
      else for (const one of own) command.commands.set(one, sub.command);
    } else command.open = true;
  }
  return UNKNOWN;
}

const commandNames = new WeakMap<ClickCommand, readonly string[]>();

/** What a decorator of click makes of `value`; undefined for another decorator. */
export function applyClick(decorator: Value, value: Value): Value | undefined {
  if (decorator.kind === "external" && NEUTRAL.includes(decorator.path)) return value;
  if (decorator.kind === "clickParameter") {
    if (value.kind === "function") {
      return { ...value, clickParameters: [decorator.parameter, ...(value.clickParameters ?? [])] };
    }
    if (value.kind === "command") addParameter(value.command, decorator.parameter, true);
    return value;
  }
  if (decorator.kind !== "made" && decorator.kind !== "external") return undefined;
  if (decorator.path !== "click.command" && decorator.path !== "click.group") return undefined;
  if (value.kind !== "function") return UNKNOWN;
  return { kind: "command", command: makeCommand(decorator, value) };
}

function makeCommand(decorator: Extract<Value, { kind: "made" | "external" }>, value: FunctionValue): ClickCommand {
  const keywords: ReadonlyMap<string, Value> = decorator.kind === "made" ? decorator.keywords : new Map();
  const args = decorator.kind === "made" ? decorator.args : [];
  const settings = keywords.get("context_settings");
  const command: ClickCommand = {
    isGroup: decorator.path === "click.group",
    options: [],
    commands: new Map(),
    runsAlone: asBoolean(keywords.get("invoke_without_command")) === true || keywords.has("chain"),
    chains: keywords.has("chain"),
    ignoresUnknown: false,
    open: value.decorated === true || keywords.has("cls") || keywords.has("params") || keywords.has("chain"),
    place: { file: value.scope.module.file.path, range: value.node.nameRange },
  };
  if (decorator.kind === "made" && decorator.spread) command.open = true;
  const description = asText(keywords.get("help")) ?? value.node.doc;
  if (description !== undefined) command.description = description;
  if (settings !== undefined) readSettings(command, settings);
  for (const parameter of value.clickParameters ?? []) addParameter(command, parameter, false);
  if (asBoolean(keywords.get("add_help_option")) !== false) command.options.push(helpOption(command.place));
  const given = asText(keywords.get("name") ?? args[0]);
  const names = given === undefined ? defaultNames(value.node.name) : [given];
  commandNames.set(command, names);
  const of = decorator.kind === "made" ? decorator.of : undefined;
  if (of?.kind === "command") for (const name of names) of.command.commands.set(name, command);
  return command;
}

/** click 8.2 drops these endings of a function's name; earlier versions keep them. Both are taken. */
function defaultNames(name: string): string[] {
  const whole = name.toLowerCase().replaceAll("_", "-");
  return [...new Set([whole, whole.replace(/-(?:command|cmd|group|grp)$/, "")])];
}

function readSettings(command: ClickCommand, settings: Value): void {
  const entries =
    settings.kind === "dict"
      ? settings.entries.map(([key, value]): [string | undefined, Value] => [asText(key), value])
      : settings.kind === "made" && settings.path === "builtins.dict"
        ? [...settings.keywords]
        : undefined;
  if (entries === undefined) {
    command.open = true;
    return;
  }
  for (const [key, value] of entries) {
    if (key === "ignore_unknown_options" || key === "allow_extra_args")
      command.ignoresUnknown ||= asBoolean(value) !== false;
    else if (key !== "show_default" && key !== "max_content_width" && key !== "help_option_names") command.open = true;
  }
}

function addParameter(command: ClickCommand, { option }: ClickParameter, isFirst: boolean): void {
  if (option === undefined) command.open = true;
  else if (isFirst) command.options.unshift(option);
  else command.options.push(option);
}

export function helpOption(place: Place): ScriptOption {
  const flags = ["--help"];
  const rest = { offFlags: [], least: 0, most: 0, remainder: false, required: false, uncertain: false };
  return { flags, name: "help", help: "Show this message and exit.", ...rest, place, namePlace: place };
}

function makeParameter(path: string, given: Arguments): ClickParameter {
  if (path === "click.option" || path === "click.argument") return readParameter(path === "click.argument", given);
  const words: Record<string, string> = {
    "click.version_option": "--version",
    "click.help_option": "--help",
    "click.password_option": "--password",
    "click.confirmation_option": "--yes",
  };
  const own = given.args.map(asText).filter((text) => text?.startsWith("-") === true);
  const flags = own.length > 0 ? own.filter((text) => text !== undefined) : [words[path] ?? ""];
  const count = path === "click.password_option" ? 1 : 0;
  const { place } = given;
  const option: ScriptOption = {
    ...helpOption(place),
    flags,
    name: flags[0]?.replace(/^-+/, "") ?? "",
    least: count,
    most: count,
  };
  delete option.help;
  return { option };
}

function readParameter(isArgument: boolean, given: Arguments): ClickParameter {
  const texts = given.args.map(asText);
  const declarations = texts.filter((text) => text !== undefined);
  if (given.spread || declarations.length !== texts.length || declarations.length === 0) return {};
  const { keywords, place } = given;
  if (keywords.has("cls")) return {};
  const flags: string[] = [];
  const offFlags: string[] = [];
  for (const declaration of declarations) {
    if (!declaration.startsWith("-")) {
      if (!isArgument && !/^[A-Za-z_]\w*$/.test(declaration)) return {};
      continue;
    }
    const [on = "", off] = declaration.split("/").map((part) => part.trim());
    flags.push(on);
    if (off !== undefined && off !== "") offFlags.push(off);
  }
  const named = declarations.find((declaration) => !declaration.startsWith("-"));
  const longest = flags.toSorted((a, b) => dashes(b) - dashes(a))[0] ?? "";
  const at = given.call.args.find((one) => one.kind === "text" && one.value.startsWith(isArgument ? "" : longest));
  const option: ScriptOption = {
    flags: isArgument ? [] : flags,
    offFlags,
    name: (named ?? longest.replace(/^-+/, "").replaceAll("-", "_")).toLowerCase(),
    least: 1,
    most: 1,
    remainder: false,
    required: false,
    uncertain: false,
    place,
    namePlace: { file: place.file, range: at?.range ?? place.range },
  };
  if (isArgument) readArgument(option, keywords);
  else if (flags.length === 0) return {};
  else readOption(option, keywords);
  const help = asText(keywords.get("help"));
  if (help !== undefined) option.help = help;
  return { option };
}

function dashes(flag: string): number {
  return /^-*/.exec(flag)?.[0].length ?? 0;
}

function readArgument(option: ScriptOption, keywords: ReadonlyMap<string, Value>): void {
  const value = keywords.get("default");
  const count = asNumber(keywords.get("nargs"));
  const required = asBoolean(keywords.get("required"));
  const hasDefault = value !== undefined && !isNone(value);
  option.required = required ?? (!hasDefault && count !== -1);
  if (keywords.has("envvar")) option.required = false;
  if (count === -1) {
    option.least = option.required ? 1 : 0;
    option.most = Number.POSITIVE_INFINITY;
  } else if (count !== undefined) {
    option.least = count;
    option.most = count;
  } else if (keywords.has("nargs")) option.uncertain = true;
  readClickType(option, keywords.get("type"), value);
}

function readOption(option: ScriptOption, keywords: ReadonlyMap<string, Value>): void {
  const value = keywords.get("default");
  const isFlag = asBoolean(keywords.get("is_flag")) ?? (keywords.has("flag_value") || option.offFlags.length > 0);
  const isCount = asBoolean(keywords.get("count")) === true;
  const suppliesItself = ["prompt", "envvar", "callback"].some((key) => keywords.has(key));
  const hasDefault = value !== undefined && !isNone(value);
  option.required = asBoolean(keywords.get("required")) === true && !suppliesItself && !hasDefault;
  if (keywords.has("is_flag") && asBoolean(keywords.get("is_flag")) === undefined) option.uncertain = true;
  if (keywords.get("prompt") !== undefined && asBoolean(keywords.get("prompt_required")) === false)
    option.uncertain = true;
  if (isFlag || isCount) {
    option.least = 0;
    option.most = 0;
    return;
  }
  if (keywords.has("flag_value")) option.uncertain = true;
  const count = asNumber(keywords.get("nargs"));
  if (count !== undefined) {
    option.least = count;
    option.most = count;
  } else if (keywords.has("nargs")) option.uncertain = true;
  const isMany = asBoolean(keywords.get("multiple")) === true;
  if (isMany) option.repeats = true;
  readClickType(option, keywords.get("type"), isMany ? undefined : value);
  const text = hasDefault ? printed(value) : undefined;
  if (text !== undefined) option.default = text;
}

/** What a command takes. */
export function clickInterface(command: ClickCommand, framework: "click" | "typer", depth = 0): ScriptInterface {
  const made = emptyInterface(framework, command.place);
  made.options = command.options.map((option) => ({ ...option }));
  made.open = command.open;
  made.ignoresUnknown = command.ignoresUnknown;
  // Without a command a group shows its help: with status 0 before click 8.2.
  made.commandRequired = command.isGroup && !command.runsAlone;
  if (command.description !== undefined) made.description = command.description.replace(/\f[^]*/, "");
  // Where one command ends and the next begins cannot be told.
  if (depth > 5 || command.chains) return made;
  for (const [name, sub] of command.commands) made.commands.set(name, clickInterface(sub, framework, depth + 1));
  return made;
}
