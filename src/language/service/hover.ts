import type { Hover } from "vscode-languageserver";
import type { EntryPoint, MlprojectDocument, Parameter } from "../../projects/document.ts";
import type { PastRun } from "../../protocol/language.ts";
import { formatText } from "../../projects/formatValue.ts";
import { shellQuote } from "../../projects/shellQuote.ts";
import { cursorAt } from "./cursor.ts";
import { keysAt, TYPE_MEANINGS } from "./keys.ts";
import { code, codeBlock, escapeMarkdown } from "./markdown.ts";
import { nodeAt, parameterSummary } from "./nodeAt.ts";
import { pastLinks } from "./pastLinks.ts";
import { pastTable } from "./pastRuns.ts";
import { rangeIn, touches } from "./positions.ts";
import { describeUses, hoverCall } from "./scriptHover.ts";
import type { Workspace } from "./workspace.ts";

/** What is known of earlier runs; `now` in ms since the epoch. */
export interface PastValues {
  /** Of the MLproject file. */
  uri: string;
  /** Whether running is offered. */
  mayRun: boolean;
  runs(entryPoint: string): readonly PastRun[];
  now: number;
}

/** What stands at `offset`: a parameter, an entry point, a key or a type; a script and its options where they can be read. */
export function hover(
  document: MlprojectDocument,
  offset: number,
  workspace?: Workspace,
  past?: PastValues,
): Hover | null {
  const node = nodeAt(document, offset);
  if (node === undefined) {
    const called = workspace === undefined ? null : hoverCall(document, offset, workspace);
    return called ?? hoverType(document, offset) ?? hoverKey(document, offset);
  }
  const range = rangeIn(document, node.range);
  if (node.kind === "entryPoint") return markdown([describeEntryPoint(node.entryPoint)], node.entryPoint, range);
  if (node.parameter === undefined) return null;
  const uses = workspace === undefined ? [] : describeUses(document, node.entryPoint, node.parameter, workspace);
  const described = [describeParameter(node.parameter), ...uses].join("\n\n");
  return markdown([described], node.entryPoint, range, pastParts(node.entryPoint, node.parameter, past));
}

/** The latest values with what came of them, and what to do with them. */
function pastParts(entryPoint: EntryPoint, parameter: Parameter, past: PastValues | undefined): string[] {
  if (past === undefined) return [];
  const runs = past.runs(entryPoint.name);
  const parts = [pastTable(runs, parameter.name, past.now), pastLinks(past, entryPoint, parameter, runs)];
  return parts.filter((part) => part !== undefined);
}

export function describeParameter(parameter: Parameter): string {
  const head = `${code(parameter.name)} ${escapeMarkdown(parameterSummary(parameter))}`;
  return parameter.description === undefined ? head : `${head}\n\n${escapeMarkdown(parameter.description)}`;
}

export function describeEntryPoint(entryPoint: EntryPoint): string {
  const count = entryPoint.parameters.length;
  const words = count === 0 ? "no parameters" : count === 1 ? "1 parameter" : `${count} parameters`;
  const list = entryPoint.parameters.map(
    (parameter) => `- ${describeParameter(parameter).replace(/\s*\n\s*/g, " — ")}`,
  );
  return [`Entry point ${code(entryPoint.name)} with ${words}`, ...list].join("\n");
}

function markdown(parts: readonly string[], entryPoint: EntryPoint, range: Hover["range"], more: string[] = []): Hover {
  const command = commandWithDefaults(entryPoint);
  const title = entryPoint.parameters.length === 0 ? "Command" : "Command with the present defaults";
  const built = command === undefined ? [] : [`${title}\n${codeBlock("shellscript", command)}`];
  return {
    contents: {
      kind: "markdown",
      value: [...parts, ...built, ...more].join("\n\n---\n\n"),
    },
    ...(range && { range }),
  };
}

/** The command as it would run; a required parameter shows as `<name>`. Undefined when it cannot be filled in. */
export function commandWithDefaults(entryPoint: EntryPoint): string | undefined {
  if (entryPoint.command === undefined) return undefined;
  const values = entryPoint.parameters.map(({ name, default: value }): [string, string] => [
    name,
    value === undefined ? `<${name}>` : shellQuote(value),
  ]);
  try {
    return formatText(entryPoint.command, new Map(values)).trimEnd();
  } catch {
    // A diagnostic tells why.
    return undefined;
  }
}

function hoverKey(document: MlprojectDocument, offset: number): Hover | null {
  const cursor = cursorAt(document.text, offset);
  if (cursor?.kind !== "key") return null;
  const word = document.text.slice(cursor.range.start, cursor.range.end);
  const meaning = keysAt(cursor.path)?.find((one) => one.key === word);
  if (meaning === undefined || !/^\s*:/.test(document.text.slice(cursor.range.end))) return null;
  return { contents: { kind: "markdown", value: meaning.text }, range: rangeIn(document, cursor.range) };
}

function hoverType(document: MlprojectDocument, offset: number): Hover | null {
  for (const { parameters } of document.entryPoints) {
    for (const { type, typeRange } of parameters) {
      if (typeRange === undefined || !touches(typeRange, offset)) continue;
      const text = TYPE_MEANINGS.find((one) => one.type === type)?.text ?? "MLflow takes this type as text, unchecked.";
      return { contents: { kind: "markdown", value: text }, range: rangeIn(document, typeRange) };
    }
  }
  return null;
}
