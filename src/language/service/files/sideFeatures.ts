// Hover and completion of the files beside an MLproject.
import type { CompletionItem, Hover } from "vscode-languageserver";
import { CompletionItemKind, InsertTextMode } from "vscode-languageserver";
import { cursorAt } from "../cursor.ts";
import type { Read } from "../positions.ts";
import { rangeIn } from "../positions.ts";
import type { Workspace } from "../workspace.ts";
import { completeBackend, hoverBackend } from "./backendFeatures.ts";
import { isBackendFile, isJson, type SideKind } from "./sideFile.ts";
import { sideKeysAt } from "./sideKeys.ts";

/** A file beside an MLproject, or of a model. */
export interface SideDocument extends Read {
  kind: SideKind;
}

/** Of a job template. */
const LISTS = ["containers", "env", "imagePullSecrets", "volumes", "volumeMounts"];
const PYTHONS = ["3.10", "3.11", "3.12", "3.13"];
const CHANNELS = ["conda-forge", "defaults", "nodefaults", "pytorch", "nvidia"];

export function hoverSide(document: SideDocument, offset: number): Hover | null {
  if (isJson(document.kind)) return hoverBackend(document, offset);
  const cursor = cursorAt(document.text, offset);
  if (cursor?.kind !== "key" || !/^\s*:/.test(document.text.slice(cursor.range.end, cursor.range.end + 100)))
    return null;
  const word = document.text.slice(cursor.range.start, cursor.range.end);
  const meaning = sideKeysAt(document.kind, cursor.path)?.find(({ key }) => key === word);
  if (meaning === undefined) return null;
  return { contents: { kind: "markdown", value: meaning.text }, range: rangeIn(document, cursor.range) };
}

export function completeSide(
  document: SideDocument,
  offset: number,
  workspace: Workspace | undefined,
): CompletionItem[] {
  const { text, kind } = document;
  if (isJson(kind)) return completeBackend(document, offset, workspace);
  const cursor = cursorAt(text, offset);
  if (cursor === undefined || cursor.kind === "text") return [];
  const range = rangeIn(document, cursor.range);
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const isItem = /^\s*- +/.test(text.slice(lineStart, cursor.range.start));
  if (isItem && !isBackendFile(kind))
    return items(kind, cursor.path, workspace).map((label) => ({
      ...valueItem(label),
      textEdit: { range, newText: label },
    }));
  if (cursor.kind === "value") {
    if (kind !== "python_env" || cursor.path.join(".") !== "python") return [];
    return PYTHONS.map((version) => ({ ...valueItem(version), textEdit: { range, newText: `"${version}"` } }));
  }
  const known = sideKeysAt(kind, cursor.path) ?? [];
  const hasColon = /^\s*:/.test(text.slice(cursor.range.end, cursor.range.end + 100));
  return known
    .filter(({ key }) => !cursor.present.includes(key))
    .map(({ key, text: value, holds }, index) => ({
      label: key,
      kind: CompletionItemKind.Property,
      documentation: { kind: "markdown", value },
      sortText: String(index).padStart(2, "0"),
      insertTextMode: InsertTextMode.adjustIndentation,
      textEdit: { range, newText: hasColon ? key : `${key}:${lead(kind, key, holds)}` },
    }));
}

function valueItem(label: string): Pick<CompletionItem, "label" | "kind"> {
  return { label, kind: CompletionItemKind.Value };
}

/** What stands behind a new key: a list's first item, or room for the value. */
function lead(kind: SideKind, key: string, holds: "value" | "map"): string {
  if (isBackendFile(kind)) return LISTS.includes(key) ? "\n  - " : holds === "map" ? "\n  " : " ";
  const isList = kind === "mlmodel" ? ["env_vars", "prompts"].includes(key) : holds === "map" && key !== "variables";
  return isList ? "\n  - " : holds === "map" ? "\n  " : " ";
}

/** What an item of a list can be. */
function items(kind: SideKind, path: readonly string[], workspace: Workspace | undefined): readonly string[] {
  const [key, inner] = path;
  if (kind === "conda" && key === "channels") return CHANNELS;
  const isPip = kind === "python_env" || inner === "pip";
  if (key !== "dependencies" && key !== "build_dependencies") return [];
  if (!isPip) return ["python=3.11", "pip", "pip:"];
  const names = workspace?.list(".") ?? [];
  const files = names.filter((name) => /^(?:requirements|constraints).*\.txt$/.test(name)).sort();
  return [...files.map((name) => `${name.startsWith("c") ? "-c" : "-r"} ${name}`), "mlflow"];
}
