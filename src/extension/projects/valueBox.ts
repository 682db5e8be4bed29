import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import * as vscode from "vscode";
import type { Parameter } from "../../projects/document.ts";
import { localPathOf } from "../../projects/uriText.ts";
import { pickOne } from "../platform/questions.ts";
import { choicesOfType, parameterText, problemOf } from "./parameterValues.ts";

/** How one value is asked for. */
export interface ValueQuestion {
  /** What stands there; absent: nothing yet. */
  value?: string;
  /** The values that the script takes, where that is known. */
  choices?: readonly string[];
  /** Where the run starts: paths count from it. */
  folder?: string;
}

/** Asks for the value of a parameter; undefined when the person went back. */
export async function askValue(parameter: Parameter, question: ValueQuestion): Promise<string | undefined> {
  const choices = question.choices ?? choicesOfType(parameter);
  if (choices === undefined || choices.length === 0) return askTyped(parameter, question);
  const { value } = question;
  const same = (choice: string) => choice.toLowerCase() === value?.toLowerCase();
  const isOther = value !== undefined && !choices.some(same);
  const listed = [...(isOther ? [value] : []), ...choices];
  const items = listed.map((choice) => ({
    label: choice,
    description: [...(same(choice) ? ["chosen"] : []), ...(choice === parameter.default ? ["default"] : [])].join(", "),
    choice,
  }));
  const other = { label: "$(edit) Another value…", choice: undefined };
  const options = { title: titleOf(parameter), placeHolder: parameterText(parameter, value) };
  const chosen = await pickOne([...items, other], options);
  return chosen === undefined || chosen.choice !== undefined ? chosen?.choice : askTyped(parameter, question);
}

const FILE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("file"), tooltip: "Choose a File…" };
const FOLDER: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("folder"), tooltip: "Choose a Folder…" };

async function askTyped(parameter: Parameter, { value = "", folder }: ValueQuestion): Promise<string | undefined> {
  let text = value;
  for (;;) {
    const typed = await showBox(parameter, text, folder);
    if (typed === undefined || typeof typed === "string") return typed;
    text = (await choosePath(parameter, typed, folder)) ?? typed.text;
  }
}

/** A path is chosen instead of being typed. */
interface Browse {
  what: "file" | "folder";
  text: string;
}

function showBox(
  parameter: Parameter,
  value: string,
  folder: string | undefined,
): Promise<string | Browse | undefined> {
  const box = vscode.window.createInputBox();
  box.title = titleOf(parameter);
  box.prompt = parameterText(parameter, undefined);
  box.ignoreFocusOut = true;
  box.value = value;
  if (["path", "uri"].includes(parameter.type)) box.buttons = [FILE, FOLDER];
  const check = (): void => {
    box.validationMessage = problemOf(parameter, box.value, folder);
  };
  // What is there already is complained of, an empty box is not yet.
  if (value !== "") check();
  return new Promise((resolve) => {
    const close = (result: string | Browse | undefined): void => {
      resolve(result);
      box.dispose();
    };
    box.onDidChangeValue(check);
    box.onDidAccept(() => {
      check();
      if (box.validationMessage === undefined) close(box.value);
    });
    box.onDidTriggerButton((button) => close({ what: button === FILE ? "file" : "folder", text: box.value }));
    box.onDidHide(() => close(undefined));
    box.show();
  });
}

async function choosePath(
  { name, type }: Parameter,
  { what, text }: Browse,
  folder: string | undefined,
): Promise<string | undefined> {
  const root = folder ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "/";
  const typed = resolve(root, localPathOf(text) ?? "");
  const place = existsSync(typed) ? typed : root;
  const chosen = await vscode.window.showOpenDialog({
    title: `${what === "file" ? "File" : "Folder"} for ${name}`,
    openLabel: "Use",
    canSelectFiles: what === "file",
    canSelectFolders: what === "folder",
    defaultUri: vscode.Uri.file(place === root ? `${place}${sep}` : place),
  });
  const path = chosen?.[0];
  if (path === undefined) return undefined;
  return type === "uri" ? path.toString() : shortPath(path.fsPath, folder);
}

/** Below the project as it would be typed there, else the whole path. */
function shortPath(path: string, folder: string | undefined): string {
  if (folder === undefined) return path;
  const below = relative(folder, path);
  if (below === "") return ".";
  return below.startsWith("..") || isAbsolute(below) ? path : join(below);
}

function titleOf({ name, description }: Parameter): string {
  return description ? `${name}: ${description}` : name;
}
