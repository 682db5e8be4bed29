// A YAML file as the tree PyYAML's `safe_load` would build, each node with its place. The npm package `yaml` gives the structure.
import type { Alias, Node, Pair } from "yaml";
import { isAlias, isMap, isPair, isScalar, isSeq, Scalar } from "yaml";
import type { Problem, TextRange, YamlScalar } from "./document.ts";
import type { YamlLayout } from "./yamlLayout.ts";
import { parseYaml } from "./yamlLayout.ts";
import { syntaxProblem, textProblem } from "./yamlSyntax.ts";
import { constructScalar, keyIdentity, plainTag, SCALAR_TAGS, scalarRepr } from "./yamlScalars.ts";

export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

export interface ScalarNode {
  kind: "scalar";
  scalar: YamlScalar;
  style: ScalarStyle;
  range: TextRange;
}

export interface ListNode {
  kind: "list";
  items: YamlNode[];
  range: TextRange;
}

export interface MapEntry {
  key: ScalarNode;
  value: YamlNode;
  /** Key and value. */
  range: TextRange;
}

export interface MapNode {
  kind: "map";
  /** Merged and freed of duplicates, in Python's order. */
  entries: MapEntry[];
  range: TextRange;
}

export type YamlNode = ScalarNode | ListNode | MapNode;

export interface YamlTree {
  /** Absent when the file holds nothing. */
  root?: YamlNode;
  problems: Problem[];
  /** How many mistakes the parser met; only the first of them is a problem. */
  mistakes: number;
}

/** Longest text printed of a list or map: aliases can make a small file enormous. */
const PRINT_LIMIT = 100_000;

/** Reads `text`; never throws. After a syntax problem the tree is what could be made out. */
export function readYaml(text: string): YamlTree {
  const layout = parseYaml(text);
  const problems: Problem[] = [];
  const broken = [textProblem(layout), syntaxProblem(layout)].filter((found) => found !== undefined);
  const [first] = broken.toSorted((a, b) => a.range.start - b.range.start);
  if (first !== undefined) problems.push(first);
  const root = new TreeBuilder(text, layout, problems).root();
  const mistakes = layout.errors.length;
  return root === undefined ? { problems, mistakes } : { root, problems, mistakes };
}

/** The value of `key` in a map. */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key.scalar.kind === "str" && entry.key.scalar.text === key);
}

export function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.scalar.kind === "null";
}

/** The text of a node that is a YAML text. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === "scalar" && node.scalar.kind === "str" ? node.scalar.text : undefined;
}

/** Python's truth of a value: null, False, 0, empty texts, lists and maps are false. */
export function isTruthy(node: YamlNode): boolean {
  switch (node.kind) {
    case "list":
      return node.items.length > 0;
    case "map":
      return node.entries.length > 0;
    case "scalar":
      return !["None", "False", "0", "0.0", "-0.0"].includes(node.scalar.text) || node.scalar.kind === "str"
        ? node.scalar.text !== ""
        : false;
    default:
      return node satisfies never;
  }
}

/** Python's `str()` of a value. */
export function pythonText(node: YamlNode): string {
  return node.kind === "scalar" ? node.scalar.text : pythonRepr(node);
}

function pythonRepr(node: YamlNode): string {
  let length = 0;
  const print = (inner: YamlNode): string => {
    if (length > PRINT_LIMIT) return "…";
    const printed =
      inner.kind === "scalar"
        ? scalarRepr(inner.scalar)
        : inner.kind === "list"
          ? `[${inner.items.map(print).join(", ")}]`
          : `{${inner.entries.map((entry) => `${scalarRepr(entry.key.scalar)}: ${print(entry.value)}`).join(", ")}}`;
    length += printed.length;
    return printed;
  };
  return print(node);
}

const STYLES: Record<string, ScalarStyle> = {
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

const TAG_PREFIX = "tag:yaml.org,2002:";

const COLLECTION_TAGS = ["!", ...["map", "seq", "omap", "pairs", "set"].map((name) => TAG_PREFIX + name)];

/** A list or map of the package `yaml`. */
interface Collection {
  items: unknown[];
  flow?: boolean | undefined;
  range?: [number, number, number] | null;
}

/** A block ends where its last part does: `yaml` takes the line end and comments behind it in. */
function endingWith(last: { range: TextRange } | undefined, { flow }: Collection, range: TextRange): TextRange {
  return flow === true || last === undefined ? range : { start: range.start, end: last.range.end };
}

const COLON = /\s*:/y;

class TreeBuilder {
  readonly #text: string;
  readonly #layout: YamlLayout;
  readonly #problems: Problem[];
  readonly #anchors = new Map<string, YamlNode>();
  /** How many brackets are open around the node being built. */
  #brackets = 0;

  constructor(text: string, layout: YamlLayout, problems: Problem[]) {
    this.#text = text;
    this.#layout = layout;
    this.#problems = problems;
  }

  root(): YamlNode | undefined {
    const contents = this.#layout.document.contents;
    if (contents === null) return undefined;
    const root = this.#node(contents, 0);
    return root.kind === "scalar" && root.scalar.source.trim() === "" ? undefined : root;
  }

  /** `at`: where an absent value would stand. */
  #node(node: unknown, at: number): YamlNode {
    if (isAlias(node)) return this.#alias(node);
    const bracket = (isMap(node) || isSeq(node)) && node.flow === true ? 1 : 0;
    this.#brackets += bracket;
    const built = isMap(node)
      ? this.#map(node, at)
      : isSeq(node)
        ? this.#list(node, at)
        : isScalar(node)
          ? this.#scalar(node, at)
          : emptyNode(at);
    this.#brackets -= bracket;
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return built;
    if (node.anchor !== undefined) this.#name(node.anchor, built);
    if (built.kind !== "scalar" && node.tag !== undefined && !COLLECTION_TAGS.includes(node.tag)) {
      this.#refuse("yaml-value", `it cannot make a value of \`${node.tag}\``, built.range);
    }
    return built;
  }

  #name(anchor: string, node: YamlNode): void {
    const odd = /[^0-9A-Za-z_-]/.exec(anchor)?.[0];
    if (odd !== undefined) this.#refuse("yaml-anchor", `the name of an anchor takes no \`${odd}\``, node.range);
    if (this.#anchors.has(anchor)) this.#refuse("yaml-anchor", `the anchor \`&${anchor}\` stands twice`, node.range);
    this.#anchors.set(anchor, node);
  }

  #alias(alias: Alias): YamlNode {
    const range = this.#range(alias, 0);
    const target = this.#anchors.get(alias.source);
    if (target !== undefined) return target;
    this.#refuse("yaml-alias", `no anchor \`&${alias.source}\` stands before \`*${alias.source}\``, range);
    return emptyNode(range.start);
  }

  #list(node: Collection, at: number): ListNode {
    const range = this.#range(node, at);
    const items = node.items.map((item) =>
      isPair(item) ? this.#map({ items: [item], range: node.range ?? null }, range.start) : this.#node(item, range.end),
    );
    return { kind: "list", items, range: endingWith(items.at(-1), node, range) };
  }

  #map(node: Collection, at: number): MapNode {
    const range = this.#range(node, at);
    const merged: MapEntry[] = [];
    const own: MapEntry[] = [];
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = this.#key(pair, range.end);
      const value = this.#node(pair.value, key.range.end);
      if (key.style === "plain" && key.scalar.source === "<<") merged.push(...this.#merged(value, key.range));
      else own.push({ key, value, range: { start: key.range.start, end: Math.max(key.range.end, value.range.end) } });
    }
    const entries = this.#withoutDuplicates(merged, own);
    return { kind: "map", entries, range: endingWith(own.at(-1), node, range) };
  }

  #key(pair: Pair, at: number): ScalarNode {
    if (pair.key === null || (isScalar(pair.key) && pair.key.range?.[0] === pair.key.range?.[1])) {
      const { start } = this.#range(isScalar(pair.key) ? pair.key : {}, at);
      this.#refuse("yaml-key", "a name is missing in front of this colon", { start, end: start });
    }
    if (isScalar(pair.key)) {
      const key = this.#scalar(pair.key, at, true);
      // In block style a `?` in front lets the colon stand on a line of its own.
      const isMarked = this.#brackets === 0 && /\?\s*$/.test(this.#text.slice(0, key.range.start).slice(-200));
      const isBroken = !isMarked && /\n[^]*:$/.test(key.scalar.source + this.#colonBehind(key.range.end));
      if (isBroken) this.#refuse("yaml-key", "a key and its colon stand on one line", key.range);
      return key;
    }
    const node = pair.key === null ? emptyNode(at) : this.#node(pair.key, at);
    if (node.kind === "scalar") return node;
    this.#refuse("yaml-key", "a list or a map cannot be a key", node.range);
    return emptyNode(node.range.start);
  }

  /** What stands between a key and its colon, with it; nothing when another thing follows. */
  #colonBehind(end: number): string {
    COLON.lastIndex = end;
    return COLON.exec(this.#text)?.[0] ?? "";
  }

  #merged(value: YamlNode, range: TextRange): MapEntry[] {
    if (value.kind === "map") return value.entries;
    if (value.kind === "list" && value.items.every((item) => item.kind === "map")) {
      return value.items.toReversed().flatMap((item) => (item.kind === "map" ? item.entries : []));
    }
    this.#refuse("yaml-merge", "`<<` takes a map or a list of maps", range);
    return [];
  }

  /** PyYAML keeps the last of equal keys, at the place of the first. */
  #withoutDuplicates(merged: MapEntry[], own: MapEntry[]): MapEntry[] {
    const entries = new Map<string, MapEntry>(merged.map((entry) => [keyIdentity(entry.key.scalar), entry]));
    const seen = new Map<string, MapEntry>();
    for (const entry of own) {
      const name = keyIdentity(entry.key.scalar);
      const earlier = seen.get(name);
      if (earlier !== undefined) {
        const message = `\`${entry.key.scalar.text}\` stands twice here, and MLflow takes only the last.`;
        this.#problems.push({ code: "duplicate-key", severity: "warning", message, range: earlier.key.range });
      }
      seen.set(name, entry);
      entries.set(name, entry);
    }
    return [...entries.values()];
  }

  #scalar(node: Scalar, at: number, isKey = false): ScalarNode {
    const marked = this.#withoutMark(node, isKey);
    if (marked !== undefined) return this.#scalar(marked, at, true);
    const isAbsent = node.source === "" && node.type === "PLAIN" && !isKey;
    const range = isAbsent ? { start: at, end: at } : this.#range(node, at);
    const style = STYLES[node.type ?? ""] ?? "plain";
    const value = this.#value(node, style, range);
    const [odd] = this.#brackets > 0 && style === "plain" ? (/^:|\?/.exec(this.#source(range)) ?? []) : [];
    if (odd !== undefined) {
      const place = odd === "?" ? "holds" : "begins with";
      this.#refuse("yaml-value", `a text that ${place} \`${odd}\` needs quotes between brackets`, range);
    }
    const scalar = { ...this.#construct(node, style, value, range, isKey), source: this.#source(range), range };
    return { kind: "scalar", scalar, style, range };
  }

  /** Between brackets PyYAML takes a `?` in front of a key for the mark of one, without a blank behind it, too. */
  #withoutMark(node: Scalar, isKey: boolean): Scalar | undefined {
    const { value, range } = node;
    const isMarked = isKey && this.#brackets > 0 && node.type === "PLAIN" && typeof value === "string";
    if (!isMarked || !range || !/^\?[^?\s]/.test(value)) return undefined;
    const made = new Scalar(value.slice(1));
    made.type = "PLAIN";
    made.source = made.value;
    made.range = [range[0] + 1, range[1], range[2]];
    return made;
  }

  #value(node: Scalar, style: ScalarStyle, range: TextRange): string {
    if (typeof node.value !== "string") return "";
    if (style === "double") return node.value;
    const value = node.value.replace(/\r\n?/g, "\n");
    if (style !== "literal" && style !== "folded") return value;
    // At the end of a file without a last line end, PyYAML adds none; `yaml` does.
    const lastLine = /[^\r\n]*$/.exec(this.#source(range))?.[0] ?? "";
    const lastOfValue = /([^\n]+)\n$/.exec(value)?.[1];
    const isOpen = range.end === this.#text.length && lastOfValue !== undefined && lastLine.endsWith(lastOfValue);
    return isOpen ? value.slice(0, -1) : value;
  }

  #construct(node: Scalar, style: ScalarStyle, value: string, range: TextRange, isKey: boolean) {
    const tagged = node.tag?.startsWith(TAG_PREFIX) === true ? node.tag.slice(TAG_PREFIX.length) : node.tag;
    const implied = style === "plain" ? plainTag(value) : "str";
    const name = tagged === undefined || tagged === "!" ? implied : tagged;
    if (isKey && (name === "merge" || name === "value")) return { kind: "str" as const, text: value };
    const tag = SCALAR_TAGS.find((one) => one === name);
    const made = tag === undefined ? undefined : constructScalar(tag, value);
    if (made !== undefined) return made;
    const what = tag === undefined ? `it cannot make a value of \`${tagged ?? value}\`` : `\`${value}\` is no ${name}`;
    this.#refuse("yaml-value", what, range);
    return { kind: "str" as const, text: value };
  }

  #refuse(code: string, words: string, range: TextRange): void {
    this.#problems.push({ code, severity: "error", message: `MLflow cannot read this file: ${words}.`, range });
  }

  #source(range: TextRange): string {
    return this.#text.slice(range.start, range.end);
  }

  /** Where a node stands in the file; `at` when it has no place of its own. */
  #range(node: { range?: Node["range"] }, at: number): TextRange {
    if (!node.range) return { start: at, end: at };
    const [start, end] = node.range;
    return { start: this.#layout.originOf(start), end: this.#layout.originOf(end) };
  }
}

/** A value that is absent, told to stand at `at`. */
export function emptyNode(at: number): ScalarNode {
  const range = { start: at, end: at };
  return { kind: "scalar", scalar: { kind: "null", text: "None", source: "", range }, style: "plain", range };
}
