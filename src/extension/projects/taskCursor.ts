// Where the cursor stands in a task, or a preset, that runs an entry point. No vscode: tested as a table.
import type { Parameter } from "../../projects/document.ts";
import { entryOf, nodesAt, parseJsonc, textOf, type JsonNode } from "../platform/jsonc.ts";

export interface TaskCursor {
  /** As written in the task, else their defaults. */
  project: string;
  entryPoint: string;
  wanted: "project" | "entryPoint" | "parameterName" | "parameterValue";
  /** Of the parameter whose value is wanted. */
  parameter?: string;
  /** Parameters that the task names already. */
  present: string[];
  /** What is replaced: a text with its quotes, or nothing. */
  range: { start: number; end: number };
  /** A value follows the name already. */
  hasValue: boolean;
}

/** Undefined where no name of a project's can stand. */
export function taskCursor(text: string, offset: number): TaskCursor | undefined {
  const { root } = parseJsonc(text);
  const { path, nodes } = nodesAt(root, offset);
  const [list, index, field, parameter] = path;
  const task = nodes[2];
  if (task?.kind !== "object" || typeof index !== "number" || !isOurs(list, task)) return undefined;
  const given = entryOf(task, "parameters");
  const at = nodes.at(-1);
  const cursor = {
    project: textOf(entryOf(task, "project")) ?? ".",
    entryPoint: textOf(entryOf(task, "entryPoint")) ?? "main",
    present: given?.kind === "object" ? given.entries.map(({ key }) => key.text) : [],
    range:
      at === undefined || at.kind === "missing" ? { start: offset, end: offset } : { start: at.start, end: at.end },
    hasValue: false,
  };
  const isValue = at?.kind === "value" || at?.kind === "missing";
  if ((field === "entryPoint" || field === "project") && path.length === 3 && isValue)
    return { ...cursor, wanted: field };
  if (field !== "parameters" || given?.kind !== "object") return undefined;
  if (path.length === 4 && isValue) return { ...cursor, wanted: "parameterValue", parameter: String(parameter) };
  if (path.length !== 3 || offset <= given.start) return undefined;
  const typed = given.entries.find(({ key }) => key.start <= offset && offset <= key.end)?.key;
  return {
    ...cursor,
    wanted: "parameterName",
    present: cursor.present.filter((name) => name !== typed?.text),
    range: typed === undefined ? { start: offset, end: offset } : { start: typed.start, end: typed.end },
    hasValue: typed !== undefined && /^\s*:/.test(text.slice(typed.end)),
  };
}

function isOurs(list: string | number | undefined, task: JsonNode): boolean {
  return list === "presets" || (list === "tasks" && textOf(entryOf(task, "type")) === "mlproject");
}

/** A value as it is written in JSON: numbers of a parameter that takes numbers are no texts. */
export function jsonValue({ type }: Pick<Parameter, "type">, value: string): string {
  const isNumber = ["float", "double", "number", "int", "integer", "long"].includes(type.toLowerCase());
  const plain = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value);
  // The digits reach the command as they stand only where JSON writes the number in the same way.
  return isNumber && plain && String(Number(value)) === value ? value : JSON.stringify(value);
}
