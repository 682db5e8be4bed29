// Indentation and spaces of an MLproject file put in order. Whatever is not safe to move stays, and nothing is changed where the
// file would load to another value.
import type { TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { MlprojectDocument, TextRange } from "../../projects/document.ts";
import { readPlainYaml } from "../../projects/plainYaml.ts";
import type { YamlNode } from "../../projects/yamlTree.ts";
import { readYaml } from "../../projects/yamlTree.ts";
import { rangeIn } from "./positions.ts";

const STEP = 2;

/** None for a file that cannot be read as YAML. */
export function format(document: MlprojectDocument): TextEdit[] {
  const { text } = document;
  const root = valueOf(text);
  if (root?.kind !== "map") return [];
  const changes = new Layout(text, root).changes();
  const edits = changes.map(({ range, newText }): TextEdit => ({ range: rangeIn(document, range), newText }));
  if (edits.length === 0) return [];
  const formatted = valueOf(TextDocument.applyEdits(TextDocument.create("", "mlproject", 0, text), edits));
  return formatted !== undefined && sameValue(root, formatted) ? edits : [];
}

interface Change {
  range: TextRange;
  newText: string;
}

/** Lines that are part of one text or bracket: they move together. */
interface Inner {
  /** How far they move. */
  by: number;
  /** Their spaces at the end count. */
  isText: boolean;
}

class Layout {
  readonly #text: string;
  readonly #lines: Array<{ start: number; end: number; indent: number }> = [];
  /** New indentation of the lines that begin a key or an item. */
  readonly #indents = new Map<number, number>();
  readonly #inner = new Map<number, Inner>();
  readonly #spaces: Change[] = [];

  constructor(text: string, root: YamlNode) {
    this.#text = text;
    for (const match of text.matchAll(/[^\n]*(?:\n|$)/g)) {
      if (match[0] === "") continue;
      const line = match[0].replace(/\r?\n$/, "");
      const indent = /^ */.exec(line)?.[0].length ?? 0;
      this.#lines.push({ start: match.index, end: match.index + line.length, indent });
    }
    this.#block(root, 0);
  }

  changes(): Change[] {
    const lines = this.#lines.flatMap((_, row) => this.#lineChanges(row));
    return [...lines, ...this.#spaces].toSorted((a, b) => a.range.start - b.range.start);
  }

  #lineChanges(row: number): Change[] {
    const line = this.#lines[row];
    if (line === undefined) return [];
    const content = this.#text.slice(line.start, line.end);
    const inner = this.#inner.get(row);
    if (inner?.isText === true && content.trim() === "") return [];
    const found: Change[] = [];
    const indent =
      inner === undefined ? (this.#indents.get(row) ?? this.#commentIndent(row)) : Math.max(0, line.indent + inner.by);
    if (content.trim() !== "" && indent !== undefined && indent !== line.indent) {
      const range = { start: line.start, end: line.start + line.indent };
      found.push({ range, newText: " ".repeat(indent) });
    }
    const tail = /[ ]+$/.exec(content)?.[0].length ?? 0;
    if (tail > 0 && inner?.isText !== true && !this.#isInText(row + 1)) {
      found.push({ range: { start: line.end - tail, end: line.end }, newText: "" });
    }
    return found;
  }

  /** Whether the line goes on with a text of the line before, so that spaces at the end of that one are its own. */
  #isInText(row: number): boolean {
    return this.#inner.get(row)?.isText === true;
  }

  /** A comment moves with the key that it stands above, or with the block that it stands in. */
  #commentIndent(row: number): number | undefined {
    const own = this.#lines[row]?.indent ?? 0;
    for (let next = row + 1; next < this.#lines.length; next += 1) {
      const indent = this.#indents.get(next);
      if (indent === undefined) continue;
      if (this.#lines[next]?.indent === own) return indent;
      break;
    }
    for (let before = row - 1; before >= 0; before -= 1) {
      const indent = this.#indents.get(before);
      const old = this.#lines[before]?.indent ?? 0;
      if (indent !== undefined && old <= own) return indent + (own - old);
    }
    return undefined;
  }

  #rowOf(offset: number): number {
    const row = this.#lines.findLastIndex(({ start }) => start <= offset);
    return Math.max(0, row);
  }

  /** Puts a block whose lines shall stand at `indent` in order; the other kinds of nodes as far as they have lines of their own. */
  #block(node: YamlNode, indent: number): void {
    if (node.kind === "scalar" || this.#isFlow(node)) return;
    if (node.kind === "list") {
      for (const item of node.items) {
        const row = this.#rowOf(item.range.start);
        if (!this.#beginsLine(row, "-")) continue;
        this.#indents.set(row, indent);
        this.#value(item, indent, indent + STEP);
      }
      return;
    }
    for (const { key, value } of node.entries) {
      const row = this.#rowOf(key.range.start);
      const line = this.#lines[row];
      if (line !== undefined && line.start + line.indent === key.range.start) this.#indents.set(row, indent);
      this.#between(key.range.end, value.range.start, ": ");
      this.#value(value, indent, indent + STEP);
    }
  }

  #beginsLine(row: number, character: string): boolean {
    const line = this.#lines[row];
    return line !== undefined && this.#text[line.start + line.indent] === character;
  }

  /** `indent`: of the key; `below`: of a block under it. */
  #value(node: YamlNode, indent: number, below: number): void {
    if (node.kind !== "scalar" && !this.#isFlow(node)) {
      this.#block(node, below);
      return;
    }
    this.#flowSpaces(node);
    const first = this.#rowOf(node.range.start);
    const last = this.#rowOf(Math.max(node.range.start, node.range.end - 1));
    const isBlock = node.kind === "scalar" && (node.style === "literal" || node.style === "folded");
    const top = this.#lines[first];
    const content = this.#lines.slice(first + 1, last + 1).find(({ start, end, indent: own }) => end > start + own);
    const key = this.#indents.get(first) ?? indent;
    const by = (content === undefined ? 0 : key + STEP - content.indent) || 0;
    const moved = isBlock ? by : key - (top?.indent ?? key);
    for (let row = first + 1; row <= last; row += 1) {
      if (!this.#inner.has(row)) this.#inner.set(row, { by: moved, isText: node.kind === "scalar" });
    }
  }

  #isFlow(node: YamlNode): boolean {
    return node.kind !== "scalar" && /[{[]/.test(this.#text[node.range.start] ?? "");
  }

  /** `{a: b, c: d}` within one line. */
  #flowSpaces(node: YamlNode): void {
    if (node.kind === "scalar") return;
    const parts = node.kind === "list" ? node.items : node.entries;
    const { start, end } = node.range;
    let at = start + 1;
    for (const [index, part] of parts.entries()) {
      this.#between(at, part.range.start, index === 0 ? "" : ", ");
      if ("key" in part) {
        this.#between(part.key.range.end, part.value.range.start, ": ");
        this.#flowSpaces(part.value);
      } else {
        this.#flowSpaces(part);
      }
      at = part.range.end;
    }
    if (parts.length > 0) this.#between(at, end - 1, "");
  }

  /** Makes `wanted` of what stands between two nodes, when it is the same but for its spaces. */
  #between(start: number, end: number, wanted: string): void {
    const present = this.#text.slice(start, end);
    if (end < start || present === wanted || present.replaceAll(" ", "") !== wanted.trim()) return;
    this.#spaces.push({ range: { start, end }, newText: wanted });
  }
}

function valueOf(text: string): YamlNode | undefined {
  const plain = readPlainYaml(text);
  if (plain !== undefined) return plain;
  const { root, problems } = readYaml(text);
  return problems.length === 0 ? root : undefined;
}

function sameValue(a: YamlNode, b: YamlNode): boolean {
  if (a.kind === "scalar") {
    return b.kind === "scalar" && a.scalar.kind === b.scalar.kind && a.scalar.text === b.scalar.text;
  }
  if (a.kind === "list") {
    return (
      b.kind === "list" &&
      a.items.length === b.items.length &&
      a.items.every((item, index) => {
        const other = b.items[index];
        return other !== undefined && sameValue(item, other);
      })
    );
  }
  return (
    b.kind === "map" &&
    a.entries.length === b.entries.length &&
    a.entries.every(({ key, value }, index) => {
      const other = b.entries[index];
      return other !== undefined && sameValue(key, other.key) && sameValue(value, other.value);
    })
  );
}
