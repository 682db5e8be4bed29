import { countOf } from "../format.ts";
import { plainText } from "./plainText.ts";

// JSON as rows of a tree, and what MLflow's tables look like in it.

/** One row; `path` is unique. */
export interface JsonRow {
  path: string;
  key?: string;
  /** The value, or of a folded list or object what it holds. */
  text: string;
  /** Its colour; absent for what has rows of its own. */
  kind?: "string" | "number" | "literal";
  depth: number;
  children: number;
  unfolded: boolean;
}

/** What Python writes and JSON does not have, kept apart from texts. */
class Special {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const MARK = "\uE000flowdeck:";

/** Reads JSON, with Python's NaN and Infinity. @throws one sentence with the place of what is wrong. */
export function readJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const marked = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
      found.startsWith('"') ? found : `"${MARK}${found}"`,
    );
    try {
      return JSON.parse(marked, (_key, value: unknown) =>
        typeof value === "string" && value.startsWith(MARK) ? new Special(value.slice(MARK.length)) : value,
      );
    } catch (error) {
      const lines = jsonLines(text);
      if (lines !== undefined) return lines;
      const place = /position (\d+)/.exec(String(error))?.[1];
      const line = place === undefined ? "" : ` at line ${marked.slice(0, Number(place)).split("\n").length}`;
      throw new Error(`${name} is no JSON${line}; an editor shows it as text.`, { cause: error });
    }
  }
}

/** A file with a value on each line. */
function jsonLines(text: string): unknown[] | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2) return undefined;
  try {
    return lines.map((line): unknown => JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The rows that are seen while `unfolded` are. */
export function rowsOf(value: unknown, unfolded: ReadonlySet<string>): JsonRow[] {
  const rows: JsonRow[] = [];
  const walk = (inner: unknown, key: string | undefined, path: string, depth: number) => {
    const entries = entriesOf(inner);
    const open = entries !== undefined && entries.length > 0 && unfolded.has(path);
    rows.push({
      path,
      ...(key === undefined ? {} : { key }),
      ...drawn(inner, entries?.length),
      depth,
      children: entries?.length ?? 0,
      unfolded: open,
    });
    if (open) for (const [name, below] of entries) walk(below, name, `${path}/${name}`, depth + 1);
  };
  walk(value, undefined, "", 0);
  return rows;
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== "object" || value === null || value instanceof Special) return undefined;
  return Array.isArray(value) ? value.map((each: unknown, i) => [String(i), each]) : Object.entries(value);
}

function drawn(value: unknown, count: number | undefined): Pick<JsonRow, "text" | "kind"> {
  if (Array.isArray(value)) return { text: `[${countOf(count ?? 0, "item")}]` };
  if (count !== undefined) return { text: `{${countOf(count, "key")}}` };
  if (value instanceof Special) return { text: value.text, kind: "number" };
  if (typeof value === "string") return { text: JSON.stringify(value.slice(0, 2000)), kind: "string" };
  return { text: String(value), kind: typeof value === "number" ? "number" : "literal" };
}

/** Columns and rows of what `mlflow.log_table` writes: pandas' "split" form. Undefined for any other JSON. */
export function loggedTable(value: unknown): { columns: string[]; rows: string[][] } | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const columns: unknown = Reflect.get(value, "columns");
  const data: unknown = Reflect.get(value, "data");
  if (!Array.isArray(columns) || !Array.isArray(data) || columns.length === 0) return undefined;
  if (!data.every((row) => Array.isArray(row) && row.length === columns.length)) return undefined;
  return { columns: columns.map(String), rows: data.map((row: unknown[]) => row.map(cellText)) };
}

/** A cell: images are told by their path. */
function cellText(value: unknown): string {
  const plain = plainText(value);
  if (plain !== undefined) return plain;
  if (value instanceof Special) return value.text;
  if (typeof value !== "object" || value === null) return "";
  const path: unknown = Reflect.get(value, "type") === "image" ? Reflect.get(value, "filepath") : undefined;
  return typeof path === "string" ? path : JSON.stringify(value);
}
