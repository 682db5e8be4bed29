// JSON with comments as VS Code's own files have it, read also while it is being typed. No vscode: tested as tables.

/** A value with its place in the text; `end` is behind its last character. */
export type JsonNode = { start: number; end: number } & (
  | { kind: "object"; entries: JsonEntry[] }
  | { kind: "array"; items: JsonNode[] }
  | { kind: "value"; value: string | number | boolean | null }
  | { kind: "missing" }
);

export interface JsonEntry {
  key: { start: number; end: number; text: string };
  value: JsonNode;
}

export interface JsonText {
  root: JsonNode;
  /** Offset of the first mistake; absent when there is none. Commas at the end of a list are none. */
  wrongAt?: number;
}

/** Reads all that can be read. */
export function parseJsonc(text: string): JsonText {
  let at = 0;
  let wrongAt: number | undefined;
  const wrong = (): void => {
    wrongAt ??= at;
  };
  const skip = (): void => {
    for (;;) {
      const [blank] = /^(?:[\s\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))/.exec(text.slice(at)) ?? [];
      if (blank === undefined) return;
      at += blank.length;
    }
  };
  const string = (): { start: number; end: number; text: string } => {
    const start = at;
    const [raw = '"'] = /^"(?:[^"\\\n]|\\.)*"?/.exec(text.slice(at)) ?? [];
    at += raw.length;
    return { start, end: at, text: stringOf(raw, wrong) };
  };
  const list = (close: string, one: () => boolean): void => {
    at += 1;
    for (;;) {
      skip();
      if (at >= text.length) return wrong();
      if (text[at] === close) {
        at += 1;
        return;
      }
      const before = at;
      if (!one()) wrong();
      skip();
      if (text[at] === ",") at += 1;
      else if (text[at] !== close) {
        wrong();
        // What closes something outside is left to it.
        if (text[at] === "}" || text[at] === "]") return;
        if (at === before) at += 1;
      }
    }
  };
  const value = (): JsonNode => {
    skip();
    const start = at;
    if (text[at] === "{") {
      const entries: JsonEntry[] = [];
      list("}", () => {
        if (text[at] !== '"') return false;
        const key = string();
        skip();
        if (text[at] === ":") at += 1;
        else wrong();
        entries.push({ key, value: value() });
        return true;
      });
      return { kind: "object", entries, start, end: at };
    }
    if (text[at] === "[") {
      const items: JsonNode[] = [];
      list("]", () => {
        const item = value();
        if (item.kind !== "missing") items.push(item);
        return item.kind !== "missing";
      });
      return { kind: "array", items, start, end: at };
    }
    if (text[at] === '"') {
      const { text: read, end } = string();
      return { kind: "value", value: read, start, end };
    }
    const [word = ""] = /^[^\s,:{}[\]"/]+/.exec(text.slice(at)) ?? [];
    at += word.length;
    const read = literalOf(word);
    if (read === undefined) wrong();
    return read === undefined ? { kind: "missing", start, end: at } : { kind: "value", value: read, start, end: at };
  };
  const root = value();
  skip();
  if (at < text.length) wrong();
  return { root, ...(wrongAt === undefined ? {} : { wrongAt }) };
}

function stringOf(raw: string, wrong: () => void): string {
  try {
    const read: unknown = JSON.parse(raw);
    if (typeof read === "string") return read;
  } catch {
    // Cut short, or with an escape that there is not.
  }
  wrong();
  return raw.replace(/^"|"$/g, "");
}

function literalOf(word: string): number | boolean | null | undefined {
  if (word === "null") return null;
  if (word === "true" || word === "false") return word === "true";
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(word) ? Number(word) : undefined;
}

/** What stands below a key of an object; undefined where there is none. */
export function entryOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === "object" ? node.entries.find((entry) => entry.key.text === key)?.value : undefined;
}

export function textOf(node: JsonNode | undefined): string | undefined {
  return node?.kind === "value" && typeof node.value === "string" ? node.value : undefined;
}

/** The nodes that the offset is in, from the root inwards, with the keys and indexes that lead there. */
export function nodesAt(root: JsonNode, offset: number): { path: (string | number)[]; nodes: JsonNode[] } {
  const path: (string | number)[] = [];
  const nodes = [root];
  const isIn = ({ start, end }: { start: number; end: number }) => start <= offset && offset <= end;
  for (let node: JsonNode | undefined = root; node !== undefined; ) {
    let next: JsonNode | undefined;
    if (node.kind === "object") {
      const entry: JsonEntry | undefined = node.entries.find(
        ({ key, value }) => key.end < offset && isIn({ start: key.end, end: value.end }),
      );
      if (entry !== undefined) path.push(entry.key.text);
      next = entry?.value;
    } else if (node.kind === "array") {
      const index = node.items.findIndex(isIn);
      next = node.items[index];
      if (next !== undefined) path.push(index);
    }
    if (next !== undefined) nodes.push(next);
    node = next;
  }
  return { path, nodes };
}

/** The text with one more value at the end of a list, indented as what stands there; comments stay where they are. */
export function withItem(text: string, list: JsonNode & { kind: "array" }, value: unknown): string {
  const last = list.items.at(-1);
  const outer = indentOf(text, list.start);
  const inner = last === undefined ? `${outer}${stepOf(text)}` : indentOf(text, last.start);
  const added = JSON.stringify(value, undefined, stepOf(text)).replaceAll("\n", `\n${inner}`);
  if (last === undefined) {
    // Comments in an empty list stay above what comes.
    const held = text.slice(list.start + 1, list.end - 1).trimEnd();
    return `${text.slice(0, list.start + 1)}${held}\n${inner}${added}\n${outer}${text.slice(list.end - 1)}`;
  }
  const between = text.slice(last.end, list.end - 1);
  const comma = commaIn(between);
  const place = comma === undefined ? last.end : last.end + comma;
  const rest = text.slice(place + (comma === undefined ? 0 : 1), list.end - 1).trimEnd();
  return `${text.slice(0, place)},${rest}\n${inner}${added}\n${outer}${text.slice(list.end - 1)}`;
}

/** The text with another value in place of a node. */
export function withValue(text: string, node: JsonNode, value: unknown): string {
  const indent = indentOf(text, node.start);
  const written = JSON.stringify(value, undefined, stepOf(text)).replaceAll("\n", `\n${indent}`);
  return text.slice(0, node.start) + written + text.slice(node.end);
}

/** Where a comma stands that is in no comment. */
function commaIn(text: string): number | undefined {
  const bare = text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => " ".repeat(comment.length));
  const at = bare.indexOf(",");
  return at < 0 ? undefined : at;
}

function indentOf(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** What the first indented line begins with. */
function stepOf(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
}
