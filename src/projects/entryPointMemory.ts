// What was read of the entry points of a file lately, each by its text alone: a key that is typed changes one of hundreds.
import type { EntryPoint, Parameter, Problem, TextRange } from "./document.ts";

/** What a stretch of text holds. Places count from its beginning. */
export interface Part {
  text: string;
  entryPoints: readonly EntryPoint[];
  problems: readonly Problem[];
  mistakes: number;
}

/** The same, with places in the file. */
export interface PlacedPart {
  at: number;
  entryPoints: readonly EntryPoint[];
  problems: readonly Problem[];
}

interface Kept {
  part: Part;
  placed?: PlacedPart;
}

/** Remembers the parts of the last reading, and those of the one in progress. */
export class EntryPointMemory {
  #before = new Map<string, Kept>();
  #now = new Map<string, Kept>();

  /** A new reading begins: what the last one did not need is forgotten. */
  turn(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** What stands in the file at `at`, read only when no part with that `key` is known. */
  place(key: string, at: number, read: () => Part): PlacedPart & { mistakes: number } {
    const kept = this.#now.get(key) ?? this.#before.get(key) ?? { part: read() };
    this.#now.set(key, kept);
    const { part } = kept;
    // What stands where it stood is the very same object, so that what is known of it stays known.
    if (kept.placed?.at !== at) kept.placed = placed(part, at);
    return { ...kept.placed, mistakes: part.mistakes };
  }
}

/** Where an entry point of a file was read by itself: the text, and what it came to. */
export interface Origin {
  text: string;
  entryPoint: EntryPoint;
  at: number;
}

const origins = new WeakMap<EntryPoint, Origin>();

/** What `entryPoint` was made from: the same object as long as its text is the same, wherever it stands. */
export function originOf(entryPoint: EntryPoint): Origin | undefined {
  return origins.get(entryPoint);
}

function placed({ text, entryPoints, problems }: Part, at: number): PlacedPart {
  const moved = entryPoints.map((entryPoint) => {
    const made = movedEntryPoint(entryPoint, at);
    origins.set(made, { text, entryPoint, at });
    return made;
  });
  return { at, entryPoints: moved, problems: problems.map((problem) => movedProblem(problem, at)) };
}

/** A problem with its places `by` further on. */
export function movedProblem(problem: Problem, by: number): Problem {
  const fixes = problem.fixes?.map((fix) => ({ ...fix, range: moved(fix.range, by) }));
  return { ...problem, range: moved(problem.range, by), ...(fixes === undefined ? {} : { fixes }) };
}

/** An entry point with its places `by` further on. */
export function movedEntryPoint(entryPoint: EntryPoint, by: number): EntryPoint {
  const { nameRange, range, commandRange, parametersRange } = entryPoint;
  return {
    ...entryPoint,
    nameRange: moved(nameRange, by),
    range: moved(range, by),
    ...(commandRange === undefined ? {} : { commandRange: moved(commandRange, by) }),
    ...(parametersRange === undefined ? {} : { parametersRange: moved(parametersRange, by) }),
    placeholders: entryPoint.placeholders.map((one) => ({
      ...one,
      range: moved(one.range, by),
      nameRange: moved(one.nameRange, by),
    })),
    parameters: entryPoint.parameters.map((parameter) => movedParameter(parameter, by)),
  };
}

function movedParameter(parameter: Parameter, by: number): Parameter {
  const { nameRange, range, typeRange, defaultScalar } = parameter;
  return {
    ...parameter,
    nameRange: moved(nameRange, by),
    range: moved(range, by),
    ...(typeRange === undefined ? {} : { typeRange: moved(typeRange, by) }),
    ...(defaultScalar === undefined
      ? {}
      : { defaultScalar: { ...defaultScalar, range: moved(defaultScalar.range, by) } }),
  };
}

function moved({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}
