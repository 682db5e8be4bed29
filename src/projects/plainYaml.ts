// The YAML that MLproject files are written in, read some ten times as fast as by the npm package `yaml`: block maps and lists,
// texts with and without quotes, brackets. Anything else, and any mistake, is left to the reader of yamlTree.ts, which
// makes the same of what this one reads.
import { blockText } from "./plainYamlBlock.ts";
import type { Found } from "./plainYamlFlow.ts";
import { FlowReader, keyNode, quotedText, scalarNode } from "./plainYamlFlow.ts";
import { keyIdentity } from "./yamlScalars.ts";
import type { TextRange } from "./document.ts";
import type { ListNode, MapEntry, MapNode, YamlNode, YamlTree } from "./yamlTree.ts";
import { emptyNode, readYaml } from "./yamlTree.ts";

/** Control characters, tabs, byte order marks, odd line ends, directives and marks of documents. */
// oxlint-disable-next-line no-control-regex
const UNUSUAL = /[^\n\r\u0020-\u007E\u00A0-\u2027\u202A-\uFEFE\uFF00-\uFFFD]|\r(?!\n)|^(?:---|\.\.\.|%)/m;

/** The same, but for tabs: an entry point with one is left to the other reader alone. */
// oxlint-disable-next-line no-control-regex
const UNUSUAL_ANYWHERE = /[^\t\n\r\u0020-\u007E\u00A0-\u2027\u202A-\uFEFE\uFF00-\uFFFD]|\r(?!\n)|^(?:---|\.\.\.|%)/m;

const KEY = /(\w(?:[\w./-]| +(?=[\w./-]))*) *:(?=[ \r\n]|$)/y;
const REST_OF_LINE = / *(?:(?<= )#[^\r\n]*)?(?:\r?\n|$)/y;
const PLAIN = /[^\s,[\]{}#&*!|>'"%@`:?-][^\r\n]*|[-:?](?=[^\s,[\]{}])[^\r\n]*/y;

/** Deeper ones are in no file; the stack has an end. */
const DEEPEST = 50;

/** Lists in brackets of `text`, its maps and scalars; undefined for a text with anything unusual, or nothing, in it. */
export function readPlainYaml(text: string): YamlNode | undefined {
  if (UNUSUAL.test(text)) return undefined;
  return new PlainReader(text).root();
}

/** As `readYaml` reads it, and fast where that can be. */
export function readYamlText(text: string): YamlTree {
  const plain = readPlainYaml(text);
  return plain === undefined ? readYaml(text) : { root: plain, problems: [], mistakes: 0 };
}

/** A text of which the entry points are not read yet. */
export interface Outline {
  /** The file, without a value for `entry_points`. */
  root: MapNode;
  /** Whole lines, each from the name of an entry point, or what stands in place of one, up to the next. */
  stretches: TextRange[];
}

/** As `readPlainYaml`, but for the entry points; undefined, too, where `entry_points` is no block on lines of its own. */
export function readPlainOutline(text: string): Outline | undefined {
  if (UNUSUAL_ANYWHERE.test(text)) return undefined;
  const stretches: TextRange[] = [];
  const root = new PlainReader(text, stretches).root();
  const first = stretches[0]?.start;
  if (root?.kind !== "map" || first === undefined) return undefined;
  const hasTab = text.slice(0, first).includes("\t") || text.includes("\t", stretches.at(-1)?.end);
  return hasTab ? undefined : { root, stretches };
}

/** One such stretch; undefined where the whole file would not be read, either. */
export function readPlainEntry(text: string): MapEntry | undefined {
  return text.includes("\t") ? undefined : new PlainReader(text).entry();
}

/** A line with something on it. */
interface Line {
  /** Where its first character that is no space stands. */
  start: number;
  indent: number;
}

class PlainReader {
  readonly #text: string;
  readonly #flow: FlowReader;
  /** Where the line that is read next begins. */
  #at = 0;
  #depth = 0;
  /** Where the entry points are noted instead of being read. */
  readonly #stretches: TextRange[] | undefined;

  constructor(text: string, stretches?: TextRange[]) {
    this.#text = text;
    this.#flow = new FlowReader(text);
    this.#stretches = stretches;
  }

  root(): YamlNode | undefined {
    const line = this.#line();
    if (line?.indent !== 0) return undefined;
    const root = this.#block(line);
    return this.#line() === undefined ? root : undefined;
  }

  entry(): MapEntry | undefined {
    // It stands in a map of the file.
    this.#depth = 1;
    const line = this.#line();
    const map = line === undefined ? undefined : this.#block(line);
    if (map?.kind !== "map" || map.entries.length !== 1 || this.#line() !== undefined) return undefined;
    return map.entries[0];
  }

  /** The next line that is neither blank nor a comment; undefined at the end. */
  #line(): Line | undefined {
    const text = this.#text;
    for (;;) {
      let start = this.#at;
      while (text[start] === " ") start += 1;
      if (start >= text.length) return undefined;
      const character = text[start];
      if (character !== "#" && character !== "\n" && character !== "\r") return { start, indent: start - this.#at };
      const end = text.indexOf("\n", start);
      this.#at = end < 0 ? text.length : end + 1;
    }
  }

  #block(line: Line): YamlNode | undefined {
    if (this.#depth >= DEEPEST) return undefined;
    this.#depth += 1;
    const node = this.#isItem(line.start) ? this.#list(line) : this.#map(line);
    this.#depth -= 1;
    return node;
  }

  #isItem(at: number): boolean {
    return this.#text[at] === "-" && this.#text[at + 1] === " ";
  }

  #map({ start, indent }: Line): MapNode | undefined {
    const entries: MapEntry[] = [];
    const names = new Set<string>();
    for (let line = this.#line(); line !== undefined && line.indent >= indent; line = this.#line()) {
      KEY.lastIndex = line.start;
      const match = line.indent === indent ? KEY.exec(this.#text) : null;
      const key = match?.[1] === undefined ? undefined : keyNode(match[1], line.start);
      const name = key === undefined ? "" : keyIdentity(key.scalar);
      if (key === undefined || names.has(name)) return undefined;
      names.add(name);
      const isNoted = this.#stretches !== undefined && indent === 0 && key.scalar.text === "entry_points";
      const value = isNoted
        ? this.#noted(KEY.lastIndex, key.range.end)
        : this.#value(KEY.lastIndex, indent, key.range.end);
      if (value === undefined) return undefined;
      entries.push({ key, value, range: { start: key.range.start, end: Math.max(key.range.end, value.range.end) } });
    }
    const last = entries.at(-1);
    return last === undefined ? undefined : { kind: "map", entries, range: { start, end: last.range.end } };
  }

  #list({ start, indent }: Line): ListNode | undefined {
    const items: YamlNode[] = [];
    for (let line = this.#line(); line !== undefined && line.indent >= indent; line = this.#line()) {
      // Behind a list that stands under the key itself, that map goes on.
      if (line.indent === indent && !this.#isItem(line.start)) break;
      let at = line.start + 1;
      while (this.#text[at] === " ") at += 1;
      KEY.lastIndex = at;
      const isPlain = line.indent === indent && !this.#isItem(at) && !/[\r\n#]/.test(this.#text[at] ?? "\n");
      const item = isPlain && !KEY.test(this.#text) ? this.#scalarOrFlow(at, indent) : undefined;
      if (item === undefined) return undefined;
      items.push(item);
    }
    return { kind: "list", items, range: { start, end: items.at(-1)?.range.end ?? start } };
  }

  /** What stands behind a colon at `at`, in a map that is indented by `indent`. */
  #value(at: number, indent: number, keyEnd: number): YamlNode | undefined {
    const next = this.#restOfLine(at);
    if (next === undefined) {
      let start = at;
      while (this.#text[start] === " ") start += 1;
      return this.#scalarOrFlow(start, indent);
    }
    this.#at = next;
    const line = this.#line();
    const isBelow =
      line !== undefined && (line.indent > indent || (line.indent === indent && this.#isItem(line.start)));
    return isBelow ? this.#block(line) : emptyNode(keyEnd);
  }

  /** Passes over the entry points behind a colon at `at`. */
  #noted(at: number, keyEnd: number): YamlNode | undefined {
    this.#at = this.#restOfLine(at) ?? this.#text.length;
    const line = this.#line();
    if (line === undefined || line.indent === 0) return undefined;
    const next = new RegExp(`\\n(?= {0,${line.indent}}[^ \\r\\n#])`, "g");
    next.lastIndex = line.start;
    let start = this.#at;
    for (let found = next.exec(this.#text); found !== null; found = next.exec(this.#text)) {
      const end = found.index + 1;
      this.#stretches?.push({ start, end });
      start = end;
      if (this.#text[end] !== " ") break;
      if (!this.#text.startsWith(" ".repeat(line.indent), end)) return undefined;
    }
    if (start >= this.#text.length || this.#text[start] === " ")
      this.#stretches?.push({ start, end: this.#text.length });
    this.#at = this.#text[start] === " " ? this.#text.length : start;
    return emptyNode(keyEnd);
  }

  #scalarOrFlow(start: number, indent: number): YamlNode | undefined {
    const character = this.#text[start];
    if (character === "|" || character === ">") {
      const found = blockText(this.#text, start, indent);
      if (found === undefined) return undefined;
      this.#at = found.end;
      return found.node;
    }
    if (character === "{" || character === "[") return this.#alone(this.#flow.read(start, indent));
    if (character === '"' || character === "'") return this.#alone(quotedText(this.#text, start));
    return this.#plain(start, indent);
  }

  /** A node with nothing but a comment behind it, and no further line of it below. */
  #alone(found: Found | undefined): YamlNode | undefined {
    const next = found === undefined ? undefined : this.#restOfLine(found.end);
    if (found === undefined || next === undefined) return undefined;
    this.#at = next;
    return found.node;
  }

  /** A text without quotes; further lines of it are indented by more than `indent`. */
  #plain(start: number, indent: number): YamlNode | undefined {
    const first = this.#plainLine(start);
    if (first === undefined) return undefined;
    let value = this.#text.slice(start, first.end);
    let { end } = first;
    let isClosed = first.isClosed;
    for (;;) {
      let breaks = 0;
      this.#at = this.#nextLine(end);
      const behind = this.#at;
      const line = this.#line();
      if (line === undefined || line.indent <= indent) return scalarNode(value, start, this.#text.slice(start, end));
      // A comment between its lines ends it, and what follows is a mistake.
      const between = this.#text.slice(behind, this.#at);
      if (isClosed || between.includes("#")) return undefined;
      breaks = between.split("\n").length - 1;
      const more = this.#plainLine(line.start, true);
      if (more === undefined) return undefined;
      value += (breaks === 0 ? " " : "\n".repeat(breaks)) + this.#text.slice(line.start, more.end);
      ({ end, isClosed } = more);
    }
  }

  /** A line of such a text: where it ends, and whether a comment stands behind it. */
  #plainLine(start: number, isMore = false): { end: number; isClosed: boolean } | undefined {
    if (!isMore) {
      PLAIN.lastIndex = start;
      if (!PLAIN.test(this.#text)) return undefined;
    }
    const lineEnd = this.#text.indexOf("\n", start);
    let line = this.#text.slice(start, lineEnd < 0 ? undefined : lineEnd);
    const comment = line.indexOf(" #");
    if (comment >= 0) line = line.slice(0, comment);
    line = line.trimEnd();
    if (/:(?: |$)/.test(line)) return undefined;
    return { end: start + line.length, isClosed: comment >= 0 };
  }

  #nextLine(at: number): number {
    const end = this.#text.indexOf("\n", at);
    return end < 0 ? this.#text.length : end + 1;
  }

  /** Where the next line begins, if nothing but a comment stands behind `at`. */
  #restOfLine(at: number): number | undefined {
    REST_OF_LINE.lastIndex = at;
    return REST_OF_LINE.test(this.#text) ? REST_OF_LINE.lastIndex : undefined;
  }
}
