// Brackets and texts on one line, for plainYaml.ts. Everything is undefined where something unusual stands.
import { constructScalar, keyIdentity, plainTag, SCALAR_TAGS } from "./yamlScalars.ts";
import type { MapEntry, ScalarNode, ScalarStyle, YamlNode } from "./yamlTree.ts";

/** A node, and where what follows it begins. */
export interface Found {
  node: YamlNode;
  end: number;
}

/** The key `source` at `start`. */
export function keyNode(source: string, start: number): ScalarNode | undefined {
  return scalarNode(source, start, source);
}

/** A text without quotes, as PyYAML takes it. */
export function scalarNode(value: string, start: number, source: string): ScalarNode | undefined {
  const tag = plainTag(value);
  const known = SCALAR_TAGS.find((one) => one === tag);
  const made = known === undefined ? undefined : constructScalar(known, value);
  if (made === undefined) return undefined;
  const range = { start, end: start + source.length };
  return { kind: "scalar", scalar: { ...made, source, range }, style: "plain", range };
}

const DOUBLE = /"((?:[^"\\\r\n]|\\["\\/nt ])*)"/y;
const SINGLE = /'((?:[^'\r\n]|'')*)'/y;
const ESCAPES: Record<string, string> = { n: "\n", t: "\t" };

/** A text between quotes that ends on its line and holds none but the most common escapes. */
export function quotedText(text: string, start: number): Found | undefined {
  const isDouble = text[start] === '"';
  const pattern = isDouble ? DOUBLE : SINGLE;
  pattern.lastIndex = start;
  const body = pattern.exec(text)?.[1];
  if (body === undefined) return undefined;
  const end = pattern.lastIndex;
  const value = isDouble
    ? body.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character)
    : body.replaceAll("''", "'");
  const style: ScalarStyle = isDouble ? "double" : "single";
  const range = { start, end };
  const scalar = { kind: "str" as const, text: value, source: text.slice(start, end), range };
  return { node: { kind: "scalar", scalar, style, range }, end };
}

const BLANK = /(?: |\r?\n)*/y;
const FLOW_KEY = /(\w(?:[\w./-]| +(?=[\w./-]))*) *:(?=[ \r\n])/y;
const FLOW_PLAIN = /[\w./+~$=()<;^|\\-](?:[^\s,[\]{}#:?]|[#:](?=[^\s,[\]{}])| +(?=[^\s,[\]{}#:?]))*/y;

/** What ends a node between brackets. */
const FLOW_END = / *(?=[,\]}\r\n])/y;

const DEEPEST = 20;

export class FlowReader {
  readonly #text: string;
  #indent = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The brackets that open at `start`; each line of them is indented by more than `indent`. */
  read(start: number, indent: number): Found | undefined {
    this.#indent = indent;
    this.#depth = 0;
    return this.#brackets(start);
  }

  #brackets(start: number): Found | undefined {
    if (this.#depth >= DEEPEST) return undefined;
    this.#depth += 1;
    const found = this.#text[start] === "{" ? this.#map(start) : this.#list(start);
    this.#depth -= 1;
    return found;
  }

  #map(start: number): Found | undefined {
    const entries: MapEntry[] = [];
    const names = new Set<string>();
    let at = this.#behindBlank(start + 1);
    while (at !== undefined && this.#text[at] !== "}") {
      FLOW_KEY.lastIndex = at;
      const word = FLOW_KEY.exec(this.#text)?.[1];
      const key = word === undefined ? undefined : keyNode(word, at);
      const name = key === undefined ? "" : keyIdentity(key.scalar);
      if (key === undefined || names.has(name)) return undefined;
      names.add(name);
      const value = this.#node(FLOW_KEY.lastIndex);
      if (value === undefined) return undefined;
      entries.push({ key, value: value.node, range: { start: key.range.start, end: value.node.range.end } });
      at = this.#behindComma(value.end, "}");
    }
    if (at === undefined) return undefined;
    return { node: { kind: "map", entries, range: { start, end: at + 1 } }, end: at + 1 };
  }

  #list(start: number): Found | undefined {
    const items: YamlNode[] = [];
    let at = this.#behindBlank(start + 1);
    while (at !== undefined && this.#text[at] !== "]") {
      FLOW_KEY.lastIndex = at;
      const item = FLOW_KEY.test(this.#text) ? undefined : this.#node(at);
      if (item === undefined) return undefined;
      items.push(item.node);
      at = this.#behindComma(item.end, "]");
    }
    if (at === undefined) return undefined;
    return { node: { kind: "list", items, range: { start, end: at + 1 } }, end: at + 1 };
  }

  #node(from: number): Found | undefined {
    const at = this.#behindBlank(from);
    if (at === undefined) return undefined;
    const character = this.#text[at];
    const found =
      character === "{" || character === "["
        ? this.#brackets(at)
        : character === '"' || character === "'"
          ? quotedText(this.#text, at)
          : this.#plain(at);
    if (found === undefined) return undefined;
    FLOW_END.lastIndex = found.end;
    return FLOW_END.test(this.#text) ? found : undefined;
  }

  #plain(at: number): Found | undefined {
    FLOW_PLAIN.lastIndex = at;
    const source = FLOW_PLAIN.exec(this.#text)?.[0];
    // What looks like the item of a list, and the marks of a document.
    if (source === undefined || /^(?:-(?: |$)|[|>])/.test(source)) return undefined;
    const node = scalarNode(source, at, source);
    // A line below may belong to it.
    const isWhole = /^ *[,\]}]/.test(this.#text.slice(at + source.length, at + source.length + 20));
    return node === undefined || !isWhole ? undefined : { node, end: at + source.length };
  }

  /** Behind spaces and line ends; undefined where a line is not indented enough. */
  #behindBlank(from: number): number | undefined {
    BLANK.lastIndex = from;
    BLANK.test(this.#text);
    const at = BLANK.lastIndex;
    const lineEnd = this.#text.lastIndexOf("\n", at - 1);
    if (at >= this.#text.length || (lineEnd >= from && at - lineEnd - 1 <= this.#indent)) return undefined;
    return at;
  }

  /** At the next item, or the bracket that closes. */
  #behindComma(from: number, close: string): number | undefined {
    const at = this.#behindBlank(from);
    if (at === undefined || this.#text[at] === close) return at;
    return this.#text[at] === "," ? this.#behindBlank(at + 1) : undefined;
  }
}
