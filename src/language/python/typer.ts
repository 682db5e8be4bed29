// typer: commands from the signatures of functions.
import { clickInterface, helpOption } from "./click.ts";
import type { Arguments, FrameworkHooks, Run } from "./hooks.ts";
import { argument } from "./hooks.ts";
import type { ScriptOption } from "./model.ts";
import { optionOfParameter } from "./typerParameters.ts";
import type { ClickCommand, FunctionValue, TyperApp, Value } from "./values.ts";
import { asBoolean, asText, UNKNOWN } from "./values.ts";

export function typerHooks(): FrameworkHooks {
  return {
    call(callee, given, run) {
      if (callee.kind === "external" && callee.path === "typer.Typer") return { kind: "app", app: newApp(given) };
      if (callee.kind === "external" && callee.path === "typer.run") {
        const [value] = given.args;
        if (value?.kind === "function") run.read(clickInterface(commandOf(value, run), "typer"));
        return UNKNOWN;
      }
      if (callee.kind === "app") {
        run.read(clickInterface(appCommand(callee.app, run), "typer"));
        return UNKNOWN;
      }
      if (callee.kind !== "method" || callee.of.kind !== "app") return undefined;
      const { app } = callee.of;
      if (callee.name === "add_typer") addTyper(app, given);
      else if (callee.name === "command" || callee.name === "callback") {
        const { args, keywords, spread, place } = given;
        return { kind: "made", path: `typer.${callee.name}`, args, keywords, spread, place, of: callee.of };
      } else app.open = true;
      return UNKNOWN;
    },
  };
}

function newApp(given: Arguments): TyperApp {
  const known = ["name", "help", "add_completion", "no_args_is_help", "pretty_exceptions_enable", "rich_markup_mode"];
  const { keywords, place } = given;
  const more = ["pretty_exceptions_show_locals", "pretty_exceptions_short", "invoke_without_command"];
  const isKnown = [...keywords.keys()].every((key) => known.includes(key) || more.includes(key));
  const app: TyperApp = {
    commands: [],
    groups: [],
    invokedWithout: asBoolean(keywords.get("invoke_without_command")) === true,
    open: given.spread || given.args.length > 0 || !isKnown,
    place,
  };
  const name = asText(keywords.get("name"));
  const description = asText(keywords.get("help"));
  if (name !== undefined) app.name = name;
  if (description !== undefined) app.description = description;
  return app;
}

function addTyper(app: TyperApp, given: Arguments): void {
  const [sub] = given.args;
  const name = asText(argument(given, "name")) ?? (sub?.kind === "app" ? sub.app.name : undefined);
  if (sub?.kind === "app" && name !== undefined) app.groups.push({ name, app: sub.app });
  else app.open = true;
}

/** What a decorator of typer makes of `value`; undefined for another decorator. */
export function applyTyper(decorator: Value, value: Value): Value | undefined {
  if (decorator.kind !== "made" || decorator.of?.kind !== "app") return undefined;
  const { app } = decorator.of;
  if (value.kind !== "function") {
    app.open = true;
    return value;
  }
  const isUnderstood = ["name", "help", "no_args_is_help", "short_help", "hidden", "invoke_without_command"];
  if (decorator.spread || [...decorator.keywords.keys()].some((key) => !isUnderstood.includes(key))) app.open = true;
  if (decorator.path === "typer.callback") {
    app.callback = value;
    app.invokedWithout ||= asBoolean(decorator.keywords.get("invoke_without_command")) === true;
    return value;
  }
  const own = decorator.keywords.get("name") ?? decorator.args[0];
  const name = own === undefined ? value.node.name.toLowerCase().replaceAll("_", "-") : asText(own);
  if (name === undefined) app.open = true;
  else app.commands.push({ name, function: value, ignoresUnknown: false });
  return value;
}

function appCommand(app: TyperApp, run: Run, depth = 0): ClickCommand {
  const [only] = app.commands;
  const isSingle = app.commands.length === 1 && app.groups.length === 0 && app.callback === undefined;
  if (isSingle && only !== undefined) {
    const command = commandOf(only.function, run);
    command.open ||= app.open;
    // A group that is added to another keeps the name of its only command.
    if (depth === 0) return { ...command, options: [...command.options, ...completionOptions(command)] };
  }
  const command: ClickCommand =
    app.callback === undefined
      ? { ...emptyCommand(app), options: [helpOption(app.place)] }
      : commandOf(app.callback, run);
  command.isGroup = true;
  command.open ||= app.open;
  command.runsAlone = app.invokedWithout;
  if (app.description !== undefined) command.description = app.description;
  command.options.push(...completionOptions(command));
  for (const { name, function: value } of app.commands) command.commands.set(name, commandOf(value, run));
  if (depth > 5) return command;
  for (const group of app.groups) command.commands.set(group.name, appCommand(group.app, run, depth + 1));
  return command;
}

function emptyCommand({ place }: Pick<TyperApp, "place">): ClickCommand {
  return {
    isGroup: false,
    options: [],
    commands: new Map(),
    runsAlone: false,
    chains: false,
    ignoresUnknown: false,
    open: false,
    place,
  };
}

/** Every app takes these, where its completion is not turned off. */
function completionOptions({ place }: ClickCommand): ScriptOption[] {
  return ["--install-completion", "--show-completion"].map((flag) => ({
    ...helpOption(place),
    flags: [flag],
    name: flag.slice(2),
    help: "",
    uncertain: true,
  }));
}

function commandOf(value: FunctionValue, run: Run): ClickCommand {
  const place = { file: value.scope.module.file.path, range: value.node.nameRange };
  const command = emptyCommand({ place });
  command.open = value.decorated === true;
  if (value.node.doc !== undefined) command.description = value.node.doc;
  for (const parameter of value.node.parameters) {
    if (parameter.kind === "list" || parameter.kind === "map") {
      command.open = true;
      continue;
    }
    const made = optionOfParameter(parameter, value, run);
    if (made === "context") continue;
    if (made === undefined) command.open = true;
    else command.options.push(made);
  }
  command.options.push(helpOption(place));
  return command;
}
