// Other ways to write what stands at the cursor.
import type { CodeAction, WorkspaceEdit } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import type { EntryPoint, MlprojectDocument, Parameter, TextRange } from "../../projects/document.ts";
import { readMlproject } from "../../projects/mlproject.ts";
import { commandKey } from "./declare.ts";
import { environmentText, newFile } from "./fileFixes.ts";
import { rangeIn, touches } from "./positions.ts";
import type { Workspace } from "./workspace.ts";

export interface RefactorQuestion {
  document: MlprojectDocument;
  uri: string;
  range: TextRange;
  /** Absent where the client makes no files. */
  workspace?: Workspace | undefined;
}

interface Rewrite {
  title: string;
  range: TextRange;
  newText: string;
}

/** Short and long form of a parameter, a command on several lines, an environment. */
export function refactors({ document, uri, range, workspace }: RefactorQuestion): CodeAction[] {
  const at = range.start;
  const entryPoint = document.entryPoints.find((one) => touches(one.range, at));
  const parameter = entryPoint?.parameters.find((one) => touches(one.range, at));
  const rewrites = [
    parameter === undefined ? undefined : otherForm(document, parameter),
    entryPoint === undefined || !touches(entryPoint.commandRange, at) ? undefined : folded(document, entryPoint),
  ].filter((one) => one !== undefined);
  const actions = rewrites.map(({ title, range: place, newText }): CodeAction => {
    const edit = { changes: { [uri]: [{ range: rangeIn(document, place), newText }] } };
    return { title, kind: CodeActionKind.RefactorRewrite, edit };
  });
  if (workspace === undefined || entryPoint !== undefined) return actions;
  return [...actions, ...newEnvironment(document, uri, workspace)];
}

function otherForm({ text }: MlprojectDocument, parameter: Parameter): Rewrite | undefined {
  const { typeRange, nameRange, range, name } = parameter;
  if (typeRange === undefined || typeRange.start < nameRange.end) return undefined;
  const type = text.slice(typeRange.start, typeRange.end);
  const value = { start: nameRange.end, end: range.end };
  const between = text.slice(nameRange.end, typeRange.start);
  if (/^\s*:[ \t]*$/.test(between) && typeRange.end === range.end) {
    return { title: `Write ${name} in the long form`, range: typeRange, newText: `{type: ${type}}` };
  }
  // Only a type, and no comment.
  const isAlone = /^\s*:\s*(?:\{\s*type|\r?\n\s*type)\s*:\s*$/.test(between);
  const behind = text.slice(typeRange.end, range.end);
  if (!isAlone || !/^\s*\}?\s*$/.test(behind)) return undefined;
  const lineEnd = /\s*$/.exec(behind)?.[0] ?? "";
  return {
    title: `Write ${name} in the short form`,
    range: value,
    newText: `: ${type}${behind.includes("}") ? "" : lineEnd}`,
  };
}

/** Columns that a folded command keeps to. */
const WIDTH = 100;

/** The command over several lines, each option on its own, which YAML makes one line of again. */
function folded(document: MlprojectDocument, entryPoint: EntryPoint): Rewrite | undefined {
  const { command, commandRange } = entryPoint;
  const key = commandKey(document.text, entryPoint);
  if (command === undefined || commandRange === undefined || key === undefined || /[\n\t]/.test(command))
    return undefined;
  const { text } = document;
  const source = text.slice(commandRange.start, commandRange.end);
  const indent = text.slice(text.lastIndexOf("\n", key - 1) + 1, key);
  const restOfLine = /^[^\r\n]*/.exec(text.slice(commandRange.end))?.[0] ?? "";
  if (/^[|>]/.test(source) || !/^ *$/.test(indent) || restOfLine.trim() !== "") return undefined;
  const lines = linesOf(command);
  if (lines.length < 2 || lines.some((line) => line !== line.trim())) return undefined;
  const newText = `>-${lines.map((line) => `\n${indent}  ${line}`).join("")}`;
  const rewritten = text.slice(0, commandRange.start) + newText + text.slice(commandRange.end);
  const same = readMlproject(rewritten).entryPoints.find(({ name }) => name === entryPoint.name)?.command === command;
  return same ? { title: "Fold the command to several lines with >-", range: commandRange, newText } : undefined;
}

function linesOf(command: string): string[] {
  const lines: string[] = [];
  for (const piece of command.split(/ (?=-{1,2}[A-Za-z]|&& |\| )/)) {
    const last = lines.at(-1);
    if (
      last !== undefined &&
      last.length + piece.length < WIDTH &&
      !/ -/.test(last) &&
      lines.length > 1 &&
      !piece.startsWith("-")
    ) {
      lines[lines.length - 1] = `${last} ${piece}`;
    } else {
      lines.push(piece);
    }
  }
  return lines;
}

function newEnvironment(document: MlprojectDocument, uri: string, workspace: Workspace): CodeAction[] {
  if (document.environment !== undefined || document.entryPoints.length === 0) return [];
  if (/^(?:python_env|conda_env|docker_env|databricks_spark_job)\s*:/m.test(document.text)) return [];
  const key = /^entry_points\s*:/m.exec(document.text);
  if (key === null) return [];
  const start = rangeIn(document, { start: key.index, end: key.index });
  const offers = [
    ["python_env", "python_env.yaml"],
    ["conda_env", "conda.yaml"],
  ] as const;
  return offers.map(([name, file]) => {
    const added = { textDocument: { uri, version: null }, edits: [{ range: start, newText: `${name}: ${file}\n` }] };
    const made = workspace.exists(file)
      ? []
      : (newFile(workspace.uriOf(file), environmentText(name, workspace)).documentChanges ?? []);
    const edit: WorkspaceEdit = { documentChanges: [...made, added] };
    return { title: `Add ${name}: ${file}`, kind: CodeActionKind.RefactorRewrite, edit };
  });
}
