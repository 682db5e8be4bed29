// How a POSIX shell reads a command: which quotes its characters stand in, and where a line of it ends.

/** A stretch between quotes; `start` and `end` are its quotes' places, the last one excluded. */
export interface QuotedStretch {
  quote: "'" | '"';
  start: number;
  /** Behind the closing quote; the end of the text when none closes it. */
  end: number;
}

interface Stretch {
  /** A quote, `#` for a comment, `<<` for a here-document, `(` for the values of an array. */
  kind: "'" | '"' | "#" | "<<" | "(";
  start: number;
  end: number;
}

/** The quoted stretches of a shell text, in order. */
export function quotedStretches(text: string): QuotedStretch[] {
  return stretchesOf(text).flatMap(({ kind, start, end }) =>
    kind === "'" || kind === '"' ? [{ quote: kind, start, end }] : [],
  );
}

/** Where a line end begins no command: in quotes, here-documents and arrays; in order, none in another one. */
export function joinedStretches(text: string): Array<{ start: number; end: number }> {
  const joined: Array<{ start: number; end: number }> = [];
  for (const { kind, start, end } of stretchesOf(text).toSorted((a, b) => a.start - b.start)) {
    if (kind !== "#" && start >= (joined.at(-1)?.end ?? 0)) joined.push({ start, end });
  }
  return joined;
}

const HERE = /<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([\w.-]+))/y;

function stretchesOf(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  let marks: RegExp[] = [];
  let array: number | undefined;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    let end: number | undefined;
    if (character === "\\") {
      at += 1;
    } else if (character === "'" || character === '"') {
      end = closingQuote(text, at);
      stretches.push({ kind: character, start: at, end });
    } else if (character === "#" && /^[\s;&|(]?$/.test(text.charAt(at - 1))) {
      end = lineEndOf(text, at);
      stretches.push({ kind: "#", start: at, end });
    } else if (character === "<" && open < MOST_OPEN && text.startsWith("<<", at)) {
      HERE.lastIndex = at;
      const [all, dash, ...names] = text.startsWith("<<<", at) ? [] : (HERE.exec(text) ?? []);
      const name = names.find((one) => one !== undefined)?.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      if (name !== undefined) marks.push(new RegExp(`^${dash === "-" ? "\\t*" : ""}${name}$`, "gm"));
      end = at + (all?.length ?? 3);
    } else if (character === "\n" && marks.length > 0) {
      end = marks.reduce((behind, mark) => behindMark(text, behind, mark), at + 1);
      if (end === at + 1) open += 1;
      else stretches.push({ kind: "<<", start: at, end });
      marks = [];
    } else if (character === "(" && text[at - 1] === "=") {
      array = at;
    } else if (character === ")" && array !== undefined) {
      stretches.push({ kind: "(", start: array, end: at + 1 });
      array = undefined;
    }
    if (end !== undefined) at = end - 1;
  }
  return stretches;
}

/** Here-documents that nothing ends, behind which none is looked for: each takes a look at the whole text. */
const MOST_OPEN = 100;

/** Where a here-document ends that begins at `at`; `at` itself when nothing ends it. */
function behindMark(text: string, at: number, mark: RegExp): number {
  mark.lastIndex = at;
  return mark.test(text) ? mark.lastIndex : at;
}

function lineEndOf(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function closingQuote(text: string, open: number): number {
  if (text[open] === "'") {
    const close = text.indexOf("'", open + 1);
    return close < 0 ? text.length : close + 1;
  }
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** A line of a script as the shell takes it: with those it is continued in. */
export interface ShellLine {
  start: number;
  end: number;
  text: string;
}

/** The commands of a script that stand on lines of their own; empty ones and comments are left out. */
export function shellLines(text: string): ShellLine[] {
  const joined = joinedStretches(text);
  const lines: ShellLine[] = [];
  let start = 0;
  let stretch = 0;
  for (let at = 0; at <= text.length; at += 1) {
    while ((joined[stretch]?.end ?? Infinity) <= at) stretch += 1;
    const isJoined = (joined[stretch]?.start ?? Infinity) <= at;
    if (at < text.length && (text[at] !== "\n" || isJoined)) continue;
    const line = text.slice(start, at);
    if (at < text.length && /(?:\\|[|&({]|\b(?:do|then|else))[ \t]*$/.test(line.slice(-100))) continue;
    if (line.trim() !== "" && !/^\s*#/.test(line)) lines.push({ start, end: at, text: line });
    start = at + 1;
  }
  return lines;
}
