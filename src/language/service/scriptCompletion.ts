// What can stand in the call of a script: its options with `{name}` filled in, its choices and commands, scripts and modules.
import type { CompletionItem } from "vscode-languageserver";
import { CompletionItemKind } from "vscode-languageserver";
import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";
import type { ScriptInterface, ScriptOption } from "../python/model.ts";
import { isPositional, shownName } from "../python/model.ts";
import { callAt, isSameName, reaches, takerAt, takersOf } from "./callCursor.ts";
import type { CallCursor } from "./callCursor.ts";
import { commandsOf, literalText } from "./commandWords.ts";
import { optionSummary, usualOptions } from "./describeOption.ts";
import { rangeIn, touches } from "./positions.ts";
import { joinPath } from "./scriptCall.ts";
import type { Workspace } from "./workspace.ts";

export interface CommandQuestion {
  document: MlprojectDocument;
  entryPoint: EntryPoint;
  offset: number;
  workspace: Workspace;
}

/** Items for the word at the cursor of a command. */
export function completeCommand(question: CommandQuestion): CompletionItem[] {
  const { document, offset, workspace, entryPoint } = question;
  const scripts = completeCalled(question);
  if (scripts !== undefined) return scripts;
  const cursor = callAt(document, offset, workspace, entryPoint);
  return cursor === undefined ? [] : completeWord(question, cursor);
}

function completeWord({ document, entryPoint, offset }: CommandQuestion, cursor: CallCursor): CompletionItem[] {
  const start = cursor.word?.range.start ?? offset;
  const typed = document.text.slice(start, offset);
  if (/[{}'"]/.test(typed)) return [];
  const whole: TextRange = { start, end: cursor.word?.range.end ?? offset };
  const equals = typed.indexOf("=");
  const taker = takerAt(cursor, typed);
  if (equals >= 0 && taker.option !== undefined) {
    return valueItems(document, entryPoint, taker.option, { start: start + equals + 1, end: whole.end });
  }
  const values =
    taker.option !== undefined && !taker.isFlag ? valueItems(document, entryPoint, taker.option, whole) : [];
  // The value of an option stands here, and nothing else.
  if (taker.option !== undefined && !taker.isFlag && !isPositional(taker.option)) return values;
  const given = takersOf(cursor.known.script, cursor.known.call.words)
    .filter(({ isFlag }, index) => isFlag && index !== cursor.index)
    .map(({ option }) => option);
  const options = usualOptions(taker.script).filter((option) => !isPositional(option) && !given.includes(option));
  const commands = [...taker.script.commands].map(([name, command]) => commandItem(document, name, command, whole));
  const flags = options.flatMap((option, index) =>
    optionItems(document, entryPoint, option, { index, whole, script: taker.script }),
  );
  return [...values, ...commands, ...flags];
}

/** `{name}` of the parameter that fits best, then the choices. */
function valueItems(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  option: ScriptOption,
  range: TextRange,
): CompletionItem[] {
  const place = rangeIn(document, range);
  const fitting = entryPoint.parameters.filter(({ name }) => isSameName(name, option));
  const placeholders = fitting.map(
    ({ name }): CompletionItem => ({
      label: `{${name}}`,
      kind: CompletionItemKind.Variable,
      detail: `for ${shownName(option)}`,
      sortText: `0${name}`,
      textEdit: { range: place, newText: `{${name}}` },
    }),
  );
  const choices = option.choices ?? [];
  const items = choices.map(
    (choice, index): CompletionItem => ({
      label: choice,
      kind: CompletionItemKind.EnumMember,
      detail: choice === option.default ? "default" : `of ${shownName(option)}`,
      sortText: `1${String(index).padStart(3, "0")}`,
      textEdit: { range: place, newText: choice },
    }),
  );
  return [...placeholders, ...items];
}

function commandItem(
  document: MlprojectDocument,
  name: string,
  command: ScriptInterface,
  range: TextRange,
): CompletionItem {
  return {
    label: name,
    kind: CompletionItemKind.Function,
    detail: "command",
    sortText: `1${name}`,
    ...(command.description === undefined ? {} : { documentation: command.description }),
    textEdit: { range: rangeIn(document, range), newText: name },
  };
}

interface OptionPlace {
  index: number;
  whole: TextRange;
  script: ScriptInterface;
}

function optionItems(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  option: ScriptOption,
  { index, whole, script }: OptionPlace,
): CompletionItem[] {
  const name = shownName(option);
  const parameter = entryPoint.parameters.find((one) => isSameName(one.name, option));
  const separator = name.endsWith("=") ? "" : " ";
  const newText = option.most === 0 ? name : parameter === undefined ? name : `${name}${separator}{${parameter.name}}`;
  const item: CompletionItem = {
    label: newText,
    kind: CompletionItemKind.Property,
    detail: optionSummary(option),
    filterText: name,
    sortText: `${option.required ? 2 : 3}${String(index).padStart(3, "0")}`,
    textEdit: { range: rangeIn(document, whole), newText },
  };
  const help = option.help ?? "";
  const from = `${script.framework}, ${option.place.file}`;
  item.documentation = help === "" ? from : `${help}\n\n${from}`;
  const off = option.offFlags.map(
    (flag): CompletionItem => ({
      ...item,
      label: flag,
      filterText: flag,
      textEdit: { range: rangeIn(document, whole), newText: flag },
    }),
  );
  return [item, ...off];
}

/** The script or module behind `python`; undefined where another word stands. */
function completeCalled({ document, entryPoint, offset, workspace }: CommandQuestion): CompletionItem[] | undefined {
  for (const { words, end } of commandsOf(document, entryPoint)) {
    const [first] = words;
    const isPython = /^python[0-9.]*$/.test(literalText(first)?.replace(/^.*\//, "") ?? "");
    if (first === undefined || !isPython || offset <= first.range.end) continue;
    if (!reaches(document, entryPoint, end, offset)) continue;
    const index = words.findIndex(({ range }) => touches(range, offset));
    const word = words[index];
    const before = words.slice(1, index < 0 ? words.filter(({ range }) => range.end < offset).length : index);
    const flags = before.map((one) => literalText(one) ?? "");
    const isModule = /^-[A-Za-z]*m$/.test(flags.at(-1) ?? "");
    if (flags.some((flag) => !flag.startsWith("-")) || (flags.some((flag) => flag.endsWith("m")) && !isModule))
      return undefined;
    const start = word?.range.start ?? offset;
    const typed = document.text.slice(start, offset);
    if (typed.startsWith("-") || /[{}'"]/.test(typed)) return undefined;
    const range = { start, end: word?.range.end ?? offset };
    return isModule ? moduleItems(document, typed, range, workspace) : scriptItems(document, typed, range, workspace);
  }
  return undefined;
}

function scriptItems(
  document: MlprojectDocument,
  typed: string,
  range: TextRange,
  workspace: Workspace,
): CompletionItem[] {
  const folder = typed.replace(/[^/]*$/, "");
  return namesIn(workspace, folder).flatMap((name): CompletionItem[] => {
    const isScript = name.endsWith(".py");
    if (!isScript && !holdsScripts(workspace, joinPath(folder === "" ? "." : folder, name))) return [];
    const newText = `${folder}${name}${isScript ? "" : "/"}`;
    return [
      {
        label: newText,
        kind: isScript ? CompletionItemKind.File : CompletionItemKind.Folder,
        sortText: `${isScript ? 0 : 1}${name}`,
        textEdit: { range: rangeIn(document, range), newText },
      },
    ];
  });
}

function moduleItems(
  document: MlprojectDocument,
  typed: string,
  range: TextRange,
  workspace: Workspace,
): CompletionItem[] {
  const parent = typed.replace(/[^.]*$/, "");
  const folder = parent.replaceAll(".", "/");
  return namesIn(workspace, folder).flatMap((name): CompletionItem[] => {
    const isModule = name.endsWith(".py");
    const bare = isModule ? name.slice(0, -3) : name;
    if (!/^[A-Za-z_]\w*$/.test(bare) || bare === "__init__") return [];
    if (!isModule && !holdsScripts(workspace, joinPath(folder === "" ? "." : folder, name))) return [];
    const newText = parent + bare;
    const textEdit = { range: rangeIn(document, range), newText };
    return [{ label: newText, kind: CompletionItemKind.Module, sortText: `${isModule ? 0 : 1}${name}`, textEdit }];
  });
}

function namesIn(workspace: Workspace, folder: string): string[] {
  const names = workspace.list(folder === "" ? "." : folder);
  return names.filter(
    (name) => !name.startsWith(".") && !/^(?:__pycache__|node_modules|mlruns|mlartifacts|venv|setup\.py)$/.test(name),
  );
}

function holdsScripts(workspace: Workspace, folder: string): boolean {
  const names = workspace.list(folder);
  return (
    names.some((name) => name.endsWith(".py")) ||
    names.some(
      (name) => !name.includes(".") && workspace.list(joinPath(folder, name)).some((inner) => inner.endsWith(".py")),
    )
  );
}
