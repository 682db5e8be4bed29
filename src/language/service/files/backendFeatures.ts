// Hover and completion of the configuration of another backend, which is JSON.
import type { CompletionItem, Hover } from "vscode-languageserver";
import { CompletionItemKind } from "vscode-languageserver";
import { rangeIn, type Read } from "../positions.ts";
import type { Workspace } from "../workspace.ts";
import { jsonCursorAt } from "./jsonCursor.ts";
import type { SideKind } from "./sideFile.ts";
import { sideKeysAt } from "./sideKeys.ts";

interface JsonDocument extends Read {
  kind: SideKind;
}

export function hoverBackend(document: JsonDocument, offset: number): Hover | null {
  const cursor = jsonCursorAt(document.text, offset);
  if (cursor?.kind !== "key") return null;
  const word = document.text.slice(cursor.range.start, cursor.range.end).replaceAll('"', "");
  const meaning = sideKeysAt(document.kind, cursor.path)?.find(({ key }) => key === word);
  if (meaning === undefined) return null;
  return { contents: { kind: "markdown", value: meaning.text }, range: rangeIn(document, cursor.range) };
}

export function completeBackend(
  document: JsonDocument,
  offset: number,
  workspace: Workspace | undefined,
): CompletionItem[] {
  const { text, kind } = document;
  const cursor = jsonCursorAt(text, offset);
  if (cursor === undefined) return [];
  const range = rangeIn(document, cursor.range);
  if (cursor.kind === "value") {
    if (cursor.path.join() !== "kube-job-template-path") return [];
    const names = (workspace?.list(".") ?? []).filter((name) => /\.ya?ml$/.test(name)).toSorted();
    return names.map((name) => item(name, CompletionItemKind.File, JSON.stringify(name), range));
  }
  const hasColon = /^\s*:/.test(text.slice(cursor.range.end, cursor.range.end + 100));
  const isThere = (key: string) => new RegExp(`"${key}"\\s*:`).test(text) && !(hasColon && typedIs(key));
  const typedIs = (key: string) => text.slice(cursor.range.start, cursor.range.end) === JSON.stringify(key);
  return (sideKeysAt(kind, cursor.path) ?? [])
    .filter(({ key }) => !isThere(key))
    .map(({ key, holds, text: value }, index) => ({
      ...item(
        key,
        CompletionItemKind.Property,
        JSON.stringify(key) + (hasColon ? "" : holds === "map" ? ": {}" : ": "),
        range,
      ),
      documentation: { kind: "markdown", value },
      sortText: String(index).padStart(2, "0"),
    }));
}

function item(label: string, kind: CompletionItemKind, newText: string, range: ReturnType<typeof rangeIn>) {
  return { label, kind, filterText: JSON.stringify(label), textEdit: { range, newText } };
}
