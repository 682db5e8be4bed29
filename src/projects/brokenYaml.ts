// What can still be told of a file whose YAML is broken: the broken lines are blanked, and the rest is read without them.
import type { MlprojectDocument, Problem, TextRange } from "./document.ts";

/** Mistakes told of one file; each costs some readings of it. */
const MOST_MISTAKES = 5;

/** Characters that are read again at most; a larger file gets its first mistake only. */
const MOST_READ = 500_000;

/** Problems of an entry point that something in a broken line of it might solve. */
const WANTING_A_SIBLING = [
  ...["undefined-placeholder", "shell-variable", "unused-parameter", "command-missing"],
  ...["entry-point-not-map", "parameters-null", "parameters-not-map", "parameter-null"],
];

/** Problems that something in a broken line anywhere might solve. */
const WANTING_ANYTHING = [
  ...["yaml-alias", "file-empty", "root-not-map", "entry-points-null", "entry-points-not-map"],
  ...["docker-not-map", "docker-image-missing", "docker-name-missing", "databricks-empty", "environment-empty"],
];

interface Reading {
  text: string;
  document: MlprojectDocument;
}

/** A file as it was read, and how many mistakes its YAML has. */
export interface ReadOnce {
  document: MlprojectDocument;
  mistakes: number;
}

/** What the parser does with a mistake takes it as long as so many characters. */
const COST_OF_MISTAKE = 200;

/** The mistakes of `broken` one after the other, and the problems that are sure whatever stands in place of them. */
export function problemsOfBroken(
  { document: broken, mistakes: count }: ReadOnce,
  read: (text: string) => ReadOnce,
): readonly Problem[] {
  const mistakes: Problem[] = [];
  const blanked: TextRange[] = [];
  let rest: Reading = { text: broken.text, document: broken };
  let left = MOST_READ;
  let cost = broken.text.length + count * COST_OF_MISTAKE;
  const readAgain = (text: string) => {
    const again = read(text);
    cost = text.length + again.mistakes * COST_OF_MISTAKE;
    left -= cost;
    return again.document;
  };
  for (;;) {
    const mistake = mistakeOf(rest.document);
    if (mistake === undefined) break;
    // A blanked line may leave a mistake in itself; it has been told.
    if (!blanked.some((range) => isInside(mistake, range))) mistakes.push(mistake);
    if (left < cost) return mistakes;
    const isLast = mistakes.length >= MOST_MISTAKES || left < 4 * cost;
    const [range, next] = withoutMistake(rest.text, mistake, isLast, readAgain);
    if (next === undefined) return mistakes;
    blanked.push(range);
    rest = next;
  }
  const sure = rest.document.problems.filter((problem) => isSure(problem, rest.document, blanked, broken.text));
  return [...mistakes, ...sure].toSorted((a, b) => a.range.start - b.range.start);
}

function mistakeOf(document: MlprojectDocument): Problem | undefined {
  return document.problems.find((problem) => problem.code === "yaml-syntax");
}

/** The text with the least blanked that does away with a mistake; at last all that follows is. */
function withoutMistake(
  text: string,
  { range: { start } }: Problem,
  isLast: boolean,
  read: (text: string) => MlprojectDocument,
): [TextRange, Reading | undefined] {
  const line = text.lastIndexOf("\n", start - 1) + 1;
  const body = { start: line, end: endOfBody(text, line) };
  const rest = { start: line, end: text.length };
  const value = valueStart(text, line);
  const tries: [blank: TextRange, touched: TextRange][] = [];
  if (value !== undefined) tries.push([{ start: value, end: body.end }, body]);
  tries.push([body, body]);
  // A second document belongs to another file as a whole.
  const isSecond = /^---(?:\s|$)/.test(text.slice(line, line + 4));
  for (const [blank, touched] of isLast || isSecond ? [] : tries) {
    const reading = readWithout(text, blank, read);
    const left = mistakeOf(reading.document);
    if (left === undefined || left.range.start >= body.end) return [touched, reading];
  }
  const reading = readWithout(text, rest, read);
  return [rest, mistakeOf(reading.document) === undefined ? reading : undefined];
}

function readWithout(text: string, { start, end }: TextRange, read: (text: string) => MlprojectDocument): Reading {
  const blanked = text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, " ") + text.slice(end);
  return { text: blanked, document: read(blanked) };
}

/** Behind the colon of the line's key; undefined without one. */
function valueStart(text: string, line: number): number | undefined {
  const key = /^ *(?:"[^"\n]*"|'[^'\n]*'|[^\s#:'"{[][^:#\n]*):(?=\s)/.exec(text.slice(line, line + 1000))?.[0];
  return key === undefined ? undefined : line + key.length;
}

/** The end of a line and of those below it that are indented more. */
function endOfBody(text: string, line: number): number {
  const indent = /^ */.exec(text.slice(line, line + 1000))?.[0].length ?? 0;
  const next = new RegExp(`\\n {0,${indent}}[^ \\r\\n]`, "g");
  next.lastIndex = line;
  const found = next.exec(text);
  return found === null ? text.length : found.index + 1;
}

function isSure(
  problem: Problem,
  { entryPoints }: MlprojectDocument,
  blanked: readonly TextRange[],
  text: string,
): boolean {
  if (WANTING_ANYTHING.includes(problem.code) || blanked.some((range) => isInside(problem, range))) return false;
  if (!WANTING_A_SIBLING.includes(problem.code)) return true;
  const at = entryPoints.findLastIndex(({ nameRange }) => nameRange.start <= problem.range.start);
  const name = entryPoints[at]?.nameRange.start ?? 0;
  const next = entryPoints[at + 1]?.nameRange.start ?? Infinity;
  const column = columnOf(text, name);
  const isIn = ({ start, end }: TextRange) =>
    start < next && end > name && (start <= name || indentAt(text, start) > column);
  return !blanked.some(isIn);
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Spaces at the beginning of a line; a tab is as far in as can be. */
function indentAt(text: string, line: number): number {
  const indent = /^ *\t?/.exec(text.slice(line, line + 1000))?.[0] ?? "";
  return indent.endsWith("\t") ? Infinity : indent.length;
}

function isInside({ range }: Problem, { start, end }: TextRange): boolean {
  return range.start >= start && range.start < end;
}
