// PyYAML lets lines between quotes and between brackets stand at any indentation; the npm package `yaml` asks for more than
// that of the key. Such lines are moved in before they are parsed, and places in the result are told as places in the file.
import type { YAMLError } from "yaml";
import { CST, Lexer, parseDocument } from "yaml";

/** A text that `yaml` reads as PyYAML reads the file's. */
export interface YamlLayout {
  document: ReturnType<typeof parseDocument>;
  /** Its mistakes, but for those that are none to PyYAML. */
  errors: readonly YAMLError[];
  /** What was parsed. */
  text: string;
  /** Offset in the file of an offset in `text`. */
  originOf(offset: number): number;
}

/** Spaces put in front of a line: `at` is an offset in the file. */
interface Padding {
  at: number;
  width: number;
}

/** Part of a text with its end outside. */
interface Stretch {
  start: number;
  end: number;
}

/** Each costs a parse; more such places than this are in no file. */
const MOST_STRETCHES = 20;

/** A file with more mistakes than this is not searched on, either, once the first such places are moved: one may be all of them. */
const MOST_ERRORS = 200;

/** Characters that are parsed again for them, at most. */
const MOST_AGAIN = 400_000;

/** A file with more forgotten quotes and brackets than this is not searched on: that costs time with each key typed. */
const MOST_REFUSED = 3;

/** Line ends of YAML 1.1 that `yaml` takes for text. */
const OLD_LINE_END = /\r(?!\n)|[\u0085\u2028\u2029]/g;

const EMPTY_LINE = /^ *\r?(?:\n|$)/;

const QUOTES: readonly string[] = ['"', "'"];

/** Parses `text`; never throws. */
export function parseYaml(text: string): YamlLayout {
  const file = text.replace(OLD_LINE_END, "\n");
  let layout = layOut(file, []);
  let paddings: Padding[] = [];
  const refused = new Set<number>();
  const most = Math.min(MOST_STRETCHES, Math.floor(MOST_AGAIN / (file.length + 1)));
  for (let count = 0; count < most && layout.errors.length > 0; count += 1) {
    if (refused.size >= MOST_REFUSED || (count >= MOST_REFUSED && layout.errors.length > MOST_ERRORS)) break;
    const stretch = findOutdented(layout.text, (start) => refused.has(layout.originOf(start)));
    if (stretch === undefined) break;
    const more = [...paddings, ...paddingsOf(layout, stretch)].toSorted((a, b) => a.at - b.at);
    const moved = layOut(file, more);
    const lineEnd = endOfLine(file, layout.originOf(stretch.end - 1));
    // A forgotten quote ends at the next one, and what follows that on its line makes no sense.
    if (moved.errors.every(({ pos }) => moved.originOf(pos[0]) > lineEnd)) {
      layout = moved;
      paddings = more;
    } else {
      refused.add(layout.originOf(stretch.start));
    }
  }
  return layout;
}

function layOut(file: string, paddings: readonly Padding[]): YamlLayout {
  let text = "";
  let from = 0;
  for (const { at, width } of paddings) {
    text += file.slice(from, at) + " ".repeat(width);
    from = at;
  }
  text += file.slice(from);
  const document = parseDocument(text, {
    version: "1.1",
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  const originOf = (offset: number): number => {
    let added = 0;
    for (const { at, width } of paddings) {
      if (at + added + width > offset) return Math.min(offset - added, at);
      added += width;
    }
    return offset - added;
  };
  return { document, errors: document.errors.filter((error) => !isComment(text, error)), text, originOf };
}

/** PyYAML takes a `#` right behind a quote, a bracket or a comma for a comment. */
function isComment(text: string, { pos }: YAMLError): boolean {
  return text[pos[0]] === "#" && /["'[\]{},]/.test(text.charAt(pos[0] - 1));
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}

/** The first text or bracket that the lexer ends at an outdented line, although it is closed further down. */
function findOutdented(text: string, isRefused: (start: number) => boolean): Stretch | undefined {
  let offset = 0;
  let outermost: number | undefined;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === CST.FLOW_END) {
      const end = outermost === undefined ? undefined : bracketEnd(text, outermost);
      if (outermost !== undefined && end !== undefined && !isRefused(outermost)) return { start: outermost, end };
      depth = 0;
      continue;
    }
    if (token === CST.DOCUMENT || token === CST.SCALAR) continue;
    const type = CST.tokenType(token);
    if (type === "flow-map-start" || type === "flow-seq-start") {
      if (depth === 0) outermost = offset;
      depth += 1;
    } else if (type === "flow-map-end" || type === "flow-seq-end") {
      depth -= 1;
    } else if (type === "single-quoted-scalar" || type === "double-quoted-scalar") {
      const end = quoteEnd(text, offset);
      const isCut = end !== undefined && end > offset + token.length;
      if (isCut && depth <= 0 && !isRefused(offset)) return { start: offset, end };
    }
    offset += token.length;
  }
  return undefined;
}

/** Moves every line of a stretch, but its first, behind its beginning. */
function paddingsOf({ text, originOf }: YamlLayout, { start, end }: Stretch): Padding[] {
  const width = start - text.lastIndexOf("\n", start - 1);
  const paddings: Padding[] = [];
  for (let line = text.indexOf("\n", start) + 1; line > 0 && line < end; line = text.indexOf("\n", line) + 1) {
    if (!EMPTY_LINE.test(text.slice(line, line + 1000))) paddings.push({ at: originOf(line), width });
  }
  return paddings;
}

/** The end of the quoted text that begins at `start`, as PyYAML looks for it; undefined when it is never closed. */
export function quoteEnd(text: string, start: number): number | undefined {
  const quoted = text[start] === '"' ? /"(?:[^"\\]|\\[^])*"/y : /'(?:[^']|'')*'/y;
  quoted.lastIndex = start;
  const found = quoted.exec(text)?.[0];
  return found === undefined || /\n(?:---|\.\.\.)\s/.test(found) ? undefined : start + found.length;
}

/** The end of the bracket that opens at `start`; undefined when it is never closed. */
export function bracketEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    const before = text.charAt(at - 1);
    if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (QUOTES.includes(character) && /[\s,:[\]{}]/.test(before)) {
      const end = quoteEnd(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (character === "#" && /\s/.test(before)) {
      const end = text.indexOf("\n", at);
      if (end < 0) return undefined;
      at = end;
    }
    if (depth === 0) return at + 1;
  }
  return undefined;
}
