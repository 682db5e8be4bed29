import type { Problem } from "../../projects/document.ts";
import type { CommentedFile } from "./ignored.ts";
import { ignoredProblems } from "./ignored.ts";
import type { Severities } from "./severities.ts";
import { withSeverity } from "./severities.ts";

/** More problems than this help no one, and take an editor long to show. */
const MOST_TOLD = 1000;

/** The problems that a person wants to be told, in text order. */
export function told(problems: readonly Problem[], file: CommentedFile, severities: Severities): Problem[] {
  const isIgnored = ignoredProblems(file);
  return problems
    .filter((problem) => !isIgnored(problem))
    .flatMap((problem) => withSeverity(problem, severities))
    .toSorted((a, b) => a.range.start - b.range.start)
    .slice(0, MOST_TOLD);
}
