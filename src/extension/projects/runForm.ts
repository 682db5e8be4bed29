import * as vscode from "vscode";
import { askText } from "../platform/questions.ts";
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import { missingParameters, parameterText, problemOf, type Values } from "./parameterValues.ts";

type Choice = { kind: "run" } | { kind: "edit"; parameter: Parameter } | { kind: "reset"; parameter: Parameter };

interface Item extends vscode.QuickPickItem {
  choice?: Choice;
}

const RESET: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("discard"), tooltip: "Use the default" };

/** Asks for the values of an entry point in one list; Enter at once runs with what it shows. Undefined: the person went away. */
export async function askValues(entryPoint: EntryPoint, remembered: Values): Promise<Values | undefined> {
  const values: Values = {};
  for (const { name } of entryPoint.parameters) {
    const value = remembered[name];
    if (value !== undefined) values[name] = value;
  }
  for (;;) {
    const choice = await showList(entryPoint, values);
    if (choice === undefined) return undefined;
    if (choice.kind === "reset") delete values[choice.parameter.name];
    if (choice.kind === "edit") await edit(choice.parameter, values);
    if (choice.kind === "run" && (await askMissing(entryPoint, values))) return values;
  }
}

/** Puts a value for each parameter that has none into `values`; false when the person went back. */
export async function askMissing(entryPoint: EntryPoint, values: Values): Promise<boolean> {
  for (const parameter of missingParameters(entryPoint, values)) {
    if (!(await edit(parameter, values))) return false;
  }
  return true;
}

async function edit(parameter: Parameter, values: Values): Promise<boolean> {
  const value = await askText({
    title: parameter.description ? `${parameter.name}: ${parameter.description}` : parameter.name,
    prompt: parameterText(parameter, undefined),
    value: valueOf(parameter, values) ?? "",
    validateInput: (text) => problemOf(parameter, text),
  });
  if (value === undefined) return false;
  if (value === parameter.default) delete values[parameter.name];
  else values[parameter.name] = value;
  return true;
}

function showList(entryPoint: EntryPoint, values: Values): Promise<Choice | undefined> {
  const list = vscode.window.createQuickPick<Item>();
  list.title = `Run ${entryPoint.name}`;
  list.placeholder = "Enter runs; choose a parameter to change it";
  list.matchOnDescription = true;
  list.ignoreFocusOut = true;
  list.items = itemsOf(entryPoint, values);
  return new Promise((resolve) => {
    const close = (choice: Choice | undefined): void => {
      resolve(choice);
      list.dispose();
    };
    list.onDidAccept(() => {
      const choice = list.activeItems[0]?.choice;
      if (choice !== undefined) close(choice);
    });
    list.onDidTriggerItemButton(({ item }) => {
      if (item.choice?.kind === "edit") close({ kind: "reset", parameter: item.choice.parameter });
    });
    list.onDidHide(() => close(undefined));
    list.show();
  });
}

function itemsOf(entryPoint: EntryPoint, values: Values): Item[] {
  const missing = missingParameters(entryPoint, values);
  const names = missing.map((parameter) => parameter.name).join(", ");
  const run: Item = { label: `$(play) Run ${entryPoint.name}`, choice: { kind: "run" }, alwaysShow: true };
  if (missing.length > 0) run.description = `asks for ${names}`;
  const parameters = entryPoint.parameters.map((parameter): Item => {
    const empty = valueOf(parameter, values) === undefined;
    return {
      label: `$(${empty ? "warning" : "symbol-parameter"}) ${parameter.name}`,
      description: parameterText(parameter, values[parameter.name]),
      choice: { kind: "edit", parameter },
      ...(parameter.description ? { detail: parameter.description } : {}),
      ...(values[parameter.name] !== undefined && parameter.default !== undefined ? { buttons: [RESET] } : {}),
    };
  });
  const heading: Item = { label: "Parameters", kind: vscode.QuickPickItemKind.Separator };
  return parameters.length === 0 ? [run] : [run, heading, ...parameters];
}

function valueOf(parameter: Parameter, values: Values): string | undefined {
  return values[parameter.name] ?? parameter.default;
}
