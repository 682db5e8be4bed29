import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import { filterProblem, parseFilter } from "../../mlflow/filter/parse.ts";
import type { FilterTree } from "../../mlflow/filter/tree.ts";
import { invalid } from "../../mlflow/filter/parse.ts";

/** Asks a remote server with a filter; what it refuses is told with the place that our parser finds wrong too. */
export async function withFilter<T>(filter: string | undefined, ask: () => Promise<T>): Promise<T> {
  if (filter === undefined) return ask();
  refuseOr(filter);
  try {
    return await ask();
  } catch (error) {
    const { error_code, message } = asMlflowError(error);
    const problem = error_code === "INVALID_PARAMETER_VALUE" ? filterProblem("runs", filter) : undefined;
    if (problem === undefined) throw error;
    throw new MlflowError(error_code, message, { cause: { start: problem.start, end: problem.end } });
  }
}

/** Throws for what the filters of a remote server do not know; whatever else is wrong, the server says. */
function refuseOr(filter: string): void {
  const tree = readExtended(filter);
  const or = tree === undefined ? undefined : findOr(tree);
  if (or !== undefined) {
    throw invalid("A remote MLflow server joins conditions with AND only: it has no OR and no parentheses.", or);
  }
}

function readExtended(filter: string): FilterTree | undefined {
  try {
    return parseFilter("runs", filter, { extended: true });
  } catch {
    // The server says so in its own words.
    return undefined;
  }
}

/** The place of the first OR, or of what stands in parentheses. */
function findOr(tree: FilterTree): { start: number; end: number } | undefined {
  if (tree.kind === "condition") return undefined;
  for (const term of tree.terms) {
    const found = term.kind === "condition" ? undefined : rangeOf(term);
    if (found !== undefined) return found;
  }
  return tree.kind === "or" ? rangeOf(tree) : undefined;
}

function rangeOf(tree: FilterTree): { start: number; end: number } | undefined {
  if (tree.kind === "condition") return { start: tree.start, end: tree.end };
  const ranges = tree.terms.flatMap((term) => rangeOf(term) ?? []);
  const [first] = ranges;
  const last = ranges.at(-1);
  return first && last ? { start: first.start, end: last.end } : undefined;
}
