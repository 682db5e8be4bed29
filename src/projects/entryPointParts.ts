// The entry points of a file read one by one. One that is not plain YAML, as any that somebody types in, is read by the slow reader
// between its neighbours, not with all others: a parser that goes from the beginning to the end makes the same of it.
import type { ReadOnce } from "./brokenYaml.ts";
import type { EntryPoint, Problem, TextRange } from "./document.ts";
import { readEntryPoint } from "./entryPoint.ts";
import type { EntryPointMemory, Part, PlacedPart } from "./entryPointMemory.ts";
import { movedEntryPoint, movedProblem } from "./entryPointMemory.ts";
import type { Outline } from "./plainYaml.ts";
import { readPlainEntry } from "./plainYaml.ts";
import { Problems } from "./problems.ts";
import { bracketEnd, quoteEnd } from "./yamlLayout.ts";

/** Such entry points of one file; with more of them it is read as a whole. */
const MOST_ODD = 4;

/** Anchors, aliases, tags and merges have to do with other parts of the file. */
const REFERENCE = /(?:^|[:,?[{-])[ \t]*(?:[&*!]|<<)/m;

const HEAD = "entry_points:\n";

export interface PartReading {
  memory: EntryPointMemory;
  readWhole(text: string): ReadOnce;
}

export interface Parts {
  entryPoints: EntryPoint[];
  problems: Problem[];
  mistakes: number;
}

/** Reads each stretch; undefined where one cannot be understood without the others. */
export function readParts(text: string, { stretches }: Outline, reading: PartReading): Parts | undefined {
  const { memory } = reading;
  const found: PlacedPart[] = [];
  const odd: number[] = [];
  for (const [index, { start, end }] of stretches.entries()) {
    const placed = memory.place(text.slice(start, end), start, () => readPlain(text.slice(start, end)));
    found.push(placed);
    if (placed.mistakes > 0 && odd.push(index) > MOST_ODD) return undefined;
  }
  let mistakes = 0;
  for (const index of odd) {
    const part = readOdd(text, stretches, { index, plain: (at) => !odd.includes(at) }, reading);
    if (part === undefined) return undefined;
    found[index] = part;
    mistakes += part.mistakes;
  }
  const entryPoints = found.flatMap((part) => part.entryPoints);
  // Of two that are named alike Python keeps one.
  if (new Set(entryPoints.map(({ name }) => name)).size < entryPoints.length) return undefined;
  return { entryPoints, problems: found.flatMap((part) => part.problems), mistakes };
}

/** One that is not plain counts as a mistake. */
function readPlain(text: string): Part {
  const entry = readPlainEntry(text);
  if (entry === undefined) return { text, entryPoints: [], problems: [], mistakes: 1 };
  const problems = new Problems([]);
  const entryPoints = [readEntryPoint(entry, problems)];
  return { text, entryPoints, problems: problems.list(), mistakes: 0 };
}

interface Odd {
  index: number;
  plain(index: number): boolean;
}

function readOdd(text: string, stretches: readonly TextRange[], { index, plain }: Odd, reading: PartReading) {
  const stretch = stretches[index] ?? { start: 0, end: 0 };
  if (stretches.length === 1 || REFERENCE.test(text.slice(stretch.start, stretch.end))) return undefined;
  const before = index - 1;
  if (before >= 0 && !plain(before)) return undefined;
  const { start } = stretches[Math.max(before, 0)] ?? stretch;
  const { end } = stretches[index + 1] ?? stretch;
  const part = readBetween(text, stretch, { start, end }, reading);
  const open = openEnd(text, part.problems);
  if (open === undefined || open <= end) return part;
  // What closes it far below may be meant: the stretch up to there says so.
  const last = stretches.find((one) => open <= one.end);
  if (last === undefined) return undefined;
  const further = readBetween(text, stretch, { start, end: last.end }, reading);
  return openEnd(text, further.problems) === open ? further : undefined;
}

/** The odd stretch of the file, read with what stands beside it. */
function readBetween(text: string, stretch: TextRange, { start, end }: TextRange, reading: PartReading) {
  const within = text.slice(start, end);
  return reading.memory.place(`${stretch.start - start}:${stretch.end - start}:${within}`, stretch.start, () => {
    const { document, mistakes } = reading.readWhole(HEAD + within);
    const at = HEAD.length + stretch.start - start;
    // What is missing at the end of the file stands behind it.
    const behind = stretch.end === end ? Infinity : at + stretch.end - stretch.start;
    const isIn = (place: TextRange) => place.start >= at && place.start < behind;
    const problems = document.problems.filter(
      ({ code, range }) => code === "yaml-syntax" || (isIn(range) && code !== "main-misspelt"),
    );
    return {
      text: text.slice(stretch.start, stretch.end),
      entryPoints: document.entryPoints.filter(({ range }) => isIn(range)).map((one) => movedEntryPoint(one, -at)),
      problems: problems.map((problem) => movedProblem(problem, -at)),
      mistakes,
    };
  });
}

/** Where a quote or bracket that is told as open would be closed, by whatever stands below. */
function openEnd(text: string, problems: readonly Problem[]): number | undefined {
  const open = problems.find(({ message }) => / this (?:quote|bracket) is not closed\.$/.test(message));
  if (open === undefined) return undefined;
  const { start } = open.range;
  return /["']/.test(text.charAt(start)) ? quoteEnd(text, start) : bracketEnd(text, start);
}
