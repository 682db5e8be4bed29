import type { CompletionItem } from "vscode-languageserver";
import { CompletionItemKind, InsertTextMode } from "vscode-languageserver";
import type { EntryPoint, MlprojectDocument } from "../../projects/document.ts";
import { ENVIRONMENT_KEYS } from "../../projects/projectEnvironment.ts";
import type { PastRun } from "../../protocol/language.ts";
import type { Cursor } from "./cursor.ts";
import { cursorAt } from "./cursor.ts";
import type { KeyMeaning } from "./keys.ts";
import { keysAt, TYPE_MEANINGS } from "./keys.ts";
import { pastValues } from "./pastRuns.ts";
import { completePlaceholders } from "./placeholderCompletion.ts";
import { rangeIn, touches } from "./positions.ts";
import { completeCommand } from "./scriptCompletion.ts";
import { completeSnippets } from "./snippets.ts";
import type { Workspace } from "./workspace.ts";
import { yamlValue } from "./writeParameter.ts";

/** Names an environment file usually has, in MLflow's order of looking. */
const ENVIRONMENT_FILES: Record<string, readonly string[]> = {
  python_env: ["python_env.yaml", "python_env.yml"],
  conda_env: ["conda.yaml", "conda.yml", "environment.yml", "environment.yaml"],
};

export interface CompletionQuestion {
  document: MlprojectDocument;
  offset: number;
  /** Asked for by the person, not by a character that was typed. */
  explicit: boolean;
  workspace?: Workspace | undefined;
  /** The latest runs of an entry point, as far as they are known. */
  pastRuns?: ((entryPoint: string) => readonly PastRun[]) | undefined;
  /** Whether the client fills in snippets. */
  snippets?: boolean;
}

/** What can stand at the cursor: keys, types, files, parameters. */
export function complete(question: CompletionQuestion): CompletionItem[] {
  const { document, offset } = question;
  const cursor = cursorAt(document.text, offset);
  const entryPoint = commandAt(document, offset, cursor);
  if (entryPoint !== undefined) {
    const { workspace } = question;
    const words = workspace === undefined ? [] : completeCommand({ document, entryPoint, offset, workspace });
    const isOption = /\s-{1,2}[\w-]*$/.test(document.text.slice(Math.max(0, offset - 100), offset));
    if (isOption && words.length > 0) return words;
    // Scripts are told of by themselves; a parameter can stand anywhere, so that it is only told of when asked for.
    return [...words, ...completePlaceholders(document, entryPoint, offset, question.explicit, question.pastRuns)];
  }
  if (cursor === undefined || cursor.kind === "text") return [];
  if (cursor.kind === "value") return completeValue(question, cursor);
  const whole = question.snippets === true ? completeSnippets(document, cursor) : [];
  return [...completeKeys(document, cursor), ...whole];
}

/** The entry point whose command the cursor is in, also while its YAML is broken. */
function commandAt(document: MlprojectDocument, offset: number, cursor: Cursor | undefined): EntryPoint | undefined {
  const parsed = document.entryPoints.find(({ commandRange }) => touches(commandRange, offset));
  if (parsed !== undefined) return parsed;
  if (cursor === undefined || cursor.kind === "key" || cursor.path.length !== 3) return undefined;
  const [root, name, key] = cursor.path;
  if (root !== "entry_points" || key !== "command") return undefined;
  return document.entryPoints.find((entryPoint) => entryPoint.name === name);
}

function completeKeys(document: MlprojectDocument, cursor: Cursor): CompletionItem[] {
  const [root, entryPointName, third] = cursor.path;
  const known = keysAt(cursor.path);
  if (known !== undefined) {
    const taken = ENVIRONMENT_KEYS.some((key) => cursor.present.includes(key)) ? ENVIRONMENT_KEYS : [];
    const absent = known.filter(
      ({ key }) => !cursor.present.includes(key) && (cursor.path.length > 0 || !taken.some((one) => one === key)),
    );
    return absent.map((meaning, index) => keyItem(document, cursor, meaning, index));
  }
  if (root !== "entry_points") return [];
  if (cursor.path.length === 1) {
    const text = "What runs when no entry point is asked for.";
    return cursor.present.includes("main") ? [] : [keyItem(document, cursor, { key: "main", holds: "map", text }, 0)];
  }
  if (third !== "parameters" || cursor.path.length !== 3) return [];
  const entryPoint = document.entryPoints.find((one) => one.name === entryPointName);
  const used = new Set(entryPoint?.placeholders.map((placeholder) => placeholder.name) ?? []);
  const text = "The command uses it, and it is not declared.";
  return [...used]
    .filter((name) => !cursor.present.includes(name) && /^[A-Za-z_][\w-]*$/.test(name))
    .map((key, index) => keyItem(document, cursor, { key, holds: "value", text }, index));
}

function keyItem(document: MlprojectDocument, cursor: Cursor, meaning: KeyMeaning, index: number): CompletionItem {
  const below = meaning.holds === "map" && !cursor.inBrackets;
  const hasColon = /^\s*:/.test(document.text.slice(cursor.range.end));
  const newText = hasColon ? meaning.key : below ? `${meaning.key}:\n  ` : `${meaning.key}: `;
  return {
    label: meaning.key,
    kind: CompletionItemKind.Property,
    documentation: { kind: "markdown", value: meaning.text },
    sortText: String(index).padStart(2, "0"),
    insertTextMode: InsertTextMode.adjustIndentation,
    textEdit: { range: rangeIn(document, cursor.range), newText },
  };
}

function completeValue({ document, workspace, pastRuns }: CompletionQuestion, cursor: Cursor): CompletionItem[] {
  const [root, entryPoint = "", third, parameter = "", fifth] = cursor.path;
  const range = rangeIn(document, cursor.range);
  if (cursor.path.length === 1 && root !== undefined) {
    const files = (ENVIRONMENT_FILES[root] ?? []).filter((file) => workspace?.exists(file) === true);
    return files.map((file) => ({
      label: file,
      kind: CompletionItemKind.File,
      textEdit: { range, newText: file },
    }));
  }
  if (root !== "entry_points" || third !== "parameters") return [];
  if (cursor.path.length === 5 && fifth === "default") {
    const values = pastValues(pastRuns?.(entryPoint) ?? [], parameter);
    return values.map((value, index) => ({
      label: value,
      kind: CompletionItemKind.Value,
      detail: "of an earlier run",
      sortText: String(index).padStart(2, "0"),
      textEdit: { range, newText: yamlValue(value, "float") },
    }));
  }
  const isType = cursor.path.length === 4 || (cursor.path.length === 5 && fifth === "type");
  if (!isType) return [];
  return TYPE_MEANINGS.map(({ type, text }, index) => ({
    label: type,
    kind: CompletionItemKind.EnumMember,
    documentation: { kind: "markdown" as const, value: text },
    sortText: String(index),
    textEdit: { range, newText: type },
  }));
}
