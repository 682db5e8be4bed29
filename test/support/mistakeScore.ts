import type { Problem } from "../../src/projects/document.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { problemsOf } from "../../src/language/service/problems.ts";
import type { Workspace } from "../../src/language/service/workspace.ts";
import type { Spoiled } from "./mistakes.ts";
import { lineOf } from "./plantMistakes.ts";

/** How well planted mistakes are told. */
export interface Score {
  planted: number;
  found: number;
  /** Problems that tell a mistake or follow from it. */
  right: number;
  /** Problems that came up and have nothing to do with it. */
  wrong: number;
  misses: string[];
  strays: string[];
}

/** A project folder in which everything but `nowhere` exists. */
export const WORKSPACE: Workspace = {
  fileName: "MLproject",
  exists: (path) => !path.startsWith("nowhere"),
  read: () => undefined,
  list: () => [],
  uriOf: (path) => `file:///p/${path}`,
};

/** Compares the problems of each spoiled file with those of the whole one. */
export function scoreOf(all: readonly Spoiled[]): Score {
  const score: Score = { planted: 0, found: 0, right: 0, wrong: 0, misses: [], strays: [] };
  for (const spoiled of all) {
    const { mistake, lines, file, kind, text } = spoiled;
    const appeared = newProblems(spoiled);
    const isTold = appeared.some(({ code, range }) => mistake.codes.includes(code) && touches(text, range, lines));
    score.planted += 1;
    if (isTold) score.found += 1;
    else score.misses.push(`${file}: ${kind} at ${lines.join(", ")}: ${appeared.map((one) => one.code).join(", ")}`);
    for (const { code, range } of appeared) {
      const expected = mistake.codes.includes(code) || mistake.also?.includes(code) === true;
      if (expected) score.right += 1;
      else {
        score.wrong += 1;
        score.strays.push(`${file}: ${kind}: ${code} at ${lineOf(text, range.start)}, not at ${lines.join(", ")}`);
      }
    }
  }
  return score;
}

function touches(text: string, range: Problem["range"], lines: readonly number[]): boolean {
  const [first, last] = [lineOf(text, range.start), lineOf(text, range.end)];
  return lines.some((line) => first <= line && line <= last);
}

/** The problems that the whole file does not have: of its kind, with the same text at its place. */
function newProblems({ text, original }: Spoiled): Problem[] {
  const known = new Map<string, number>();
  for (const problem of problemsIn(original))
    known.set(keyOf(original, problem), (known.get(keyOf(original, problem)) ?? 0) + 1);
  return problemsIn(text).filter((problem) => {
    const key = keyOf(text, problem);
    const left = known.get(key) ?? 0;
    if (left > 0) known.set(key, left - 1);
    return left === 0;
  });
}

function problemsIn(text: string): Problem[] {
  return problemsOf(readMlproject(text), WORKSPACE);
}

function keyOf(text: string, { code, range }: Problem): string {
  return `${code} ${text.slice(range.start, range.end)}`;
}
