// fire: functions, classes and dicts of functions as they are.
import type { FrameworkHooks, Run } from "./hooks.ts";
import { emptyInterface } from "./model.ts";
import type { Place, ScriptInterface, ScriptOption } from "./model.ts";
import type { FunctionNode, Statement } from "./syntax.ts";
import type { ClassValue, FunctionValue, Value } from "./values.ts";
import { isNone, printed, UNKNOWN } from "./values.ts";

export const fireHooks: FrameworkHooks = {
  call(callee, given, run) {
    if (callee.kind !== "external" || (callee.path !== "fire.Fire" && callee.path !== "fire.core.Fire"))
      return undefined;
    const component = given.keywords.get("component") ?? given.args[0];
    const made =
      component === undefined
        ? interfaceOfNames(given.scope.module.names, given.place, run)
        : interfaceOf(component, given.place, run, 0);
    if (made !== undefined) {
      made.open ||= given.spread || given.keywords.has("command");
      run.read(made);
    }
    return UNKNOWN;
  },
};

function interfaceOf(component: Value, place: Place, run: Run, depth: number): ScriptInterface | undefined {
  if (depth > 4) return undefined;
  if (component.kind === "function") return interfaceOfFunction(component, run);
  if (component.kind === "class") return interfaceOfClass(component, run);
  if (component.kind !== "dict") return undefined;
  const made = emptyInterface("fire", place);
  made.commandRequired = false;
  for (const [key, value] of component.entries) {
    const inner = interfaceOf(value, place, run, depth + 1);
    if (key.kind === "constant" && inner !== undefined) made.commands.set(key.text, inner);
    else made.open = true;
  }
  return made;
}

/** `fire.Fire()`: whatever the module holds is a command. */
function interfaceOfNames(names: ReadonlyMap<string, Value>, place: Place, run: Run): ScriptInterface {
  const made = emptyInterface("fire", place);
  made.open = true;
  for (const [name, value] of names) {
    if (value.kind === "function") made.commands.set(name, interfaceOfFunction(value, run));
  }
  return made;
}

function interfaceOfFunction(value: FunctionValue, run: Run): ScriptInterface {
  const { node, scope } = value;
  const made = emptyInterface("fire", { file: scope.module.file.path, range: node.nameRange });
  if (node.doc !== undefined) made.description = node.doc;
  made.options = parametersOf(value, run);
  const takesMore = node.parameters.some(({ kind }) => kind === "map" || kind === "list");
  // What a function gives back may take the words that are left.
  made.open =
    takesMore || value.decorated === true || givesValue(node.body) || isCoroutine(node, scope.module.file.python.text);
  return made;
}

function isCoroutine(node: FunctionNode, text: string): boolean {
  return text.slice(node.range.start, node.range.start + 6) === "async ";
}

function interfaceOfClass(value: ClassValue, run: Run): ScriptInterface {
  const { node, members } = value;
  const made = emptyInterface("fire", { file: members.module.file.path, range: node.nameRange });
  if (node.doc !== undefined) made.description = node.doc;
  const start = members.names.get("__init__");
  if (start?.kind === "function") made.options = parametersOf(start, run).filter(({ name }) => name !== "self");
  made.open = value.bases.length > 0 || (start !== undefined && start.kind !== "function");
  for (const [name, member] of members.names) {
    if (name.startsWith("_") || member.kind !== "function") continue;
    const command = interfaceOfFunction(member, run);
    const [first] = member.node.parameters;
    command.options = command.options.filter((option) => option.name !== first?.name);
    made.commands.set(name, command);
  }
  return made;
}

function parametersOf({ node, scope }: FunctionValue, run: Run): ScriptOption[] {
  const file = scope.module.file.path;
  return node.parameters
    .filter(({ kind }) => kind === "plain" || kind === "keyword")
    .map((parameter) => {
      const value = parameter.default === undefined ? undefined : run.value(parameter.default, scope);
      const option: ScriptOption = {
        flags: [`--${parameter.name}`],
        offFlags: [],
        name: parameter.name,
        least: 0,
        most: 1,
        remainder: false,
        required: parameter.default === undefined,
        uncertain: false,
        place: { file, range: parameter.range },
        namePlace: { file, range: parameter.nameRange },
      };
      const text = value === undefined || isNone(value) ? undefined : printed(value);
      if (text !== undefined) option.default = text;
      return option;
    });
}

/** Whether a `return` with a value stands in it. */
function givesValue(body: readonly Statement[]): boolean {
  return body.some((statement) => {
    switch (statement.kind) {
      case "return":
        return (
          statement.value !== undefined && !(statement.value.kind === "constant" && statement.value.value === null)
        );
      case "if":
        return statement.bodies.some(givesValue);
      case "for":
        return givesValue(statement.body);
      case "block":
        return givesValue(statement.body) || statement.others.some(givesValue);
      default:
        return (
          statement.kind === "expression" && /yield/i.test(statement.value.kind === "other" ? statement.value.type : "")
        );
    }
  });
}
