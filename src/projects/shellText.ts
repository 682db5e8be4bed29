// How a POSIX shell reads a command: which quotes its characters stand in, and where a line of it ends.

/** A stretch between quotes; `start` and `end` are its quotes' places, the last one excluded. */
export interface QuotedStretch {
  quote: "'" | '"';
  start: number;
  /** Behind the closing quote; the end of the text when none closes it. */
  end: number;
}

/** The quoted stretches of a shell text, in order. Comments and here-documents are not told apart from the rest. */
export function quotedStretches(text: string): QuotedStretch[] {
  const stretches: QuotedStretch[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    if (character !== "'" && character !== '"') continue;
    const end = closingQuote(text, at);
    stretches.push({ quote: character, start: at, end });
    at = end - 1;
  }
  return stretches;
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
  const quoted = quotedStretches(text);
  const lines: ShellLine[] = [];
  let start = 0;
  let stretch = 0;
  for (let at = 0; at <= text.length; at += 1) {
    while ((quoted[stretch]?.end ?? Infinity) <= at) stretch += 1;
    const isQuoted = (quoted[stretch]?.start ?? Infinity) < at;
    if (at < text.length && (text[at] !== "\n" || isQuoted)) continue;
    const line = text.slice(start, at);
    if (at < text.length && /(?:\\|[|&({]|\b(?:do|then|else))[ \t]*$/.test(line.slice(-100))) continue;
    if (line.trim() !== "" && !/^\s*#/.test(line)) lines.push({ start, end: at, text: line });
    start = at + 1;
  }
  return lines;
}
