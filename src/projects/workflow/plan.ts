import type { Step, WorkflowDocument } from "./document.ts";
import { expressionsIn } from "./expression.ts";

/** The steps whose results a step uses, in the order of use. */
export function usesOf(step: Step): string[] {
  const names = step.parameters
    .flatMap(({ value }) => expressionsIn(value))
    .flatMap(({ reference }) => (reference?.kind === "step" ? [reference.step] : []));
  return [...new Set(names)];
}

/** The steps that must be over before a step starts: those it uses, and those it names in `needs:`. */
export function dependenciesOf(step: Step): string[] {
  return [...new Set([...step.needs.map(({ text }) => text), ...usesOf(step)])];
}

/** Steps with the names they wait for. */
export type Needs = ReadonlyMap<string, readonly string[]>;

export function needsOf({ steps }: Pick<WorkflowDocument, "steps">): Needs {
  return new Map(steps.map((step) => [step.name, dependenciesOf(step)]));
}

/**
 * An order in which every step comes behind those it waits for; of several that could come next, the first of `needs`.
 * What waits for itself, however far around, is left out, with all that waits for it.
 */
export function planOrder(needs: Needs): string[] {
  const order: string[] = [];
  const placed = new Set<string>();
  for (let left = [...needs.keys()]; ; ) {
    const next = left.find((name) => needs.get(name)?.every((other) => placed.has(other)) === true);
    if (next === undefined) return order;
    order.push(next);
    placed.add(next);
    left = left.filter((name) => name !== next);
  }
}

/** A circle of steps that wait for each other, such as a → b → a without the last; undefined when there is none. */
export function findCycle(needs: Needs): string[] | undefined {
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (name: string): string[] | undefined => {
    if (state.get(name) === "done" || !needs.has(name)) return undefined;
    if (state.get(name) === "open") return path.slice(path.indexOf(name));
    state.set(name, "open");
    path.push(name);
    for (const other of needs.get(name) ?? []) {
      const found = visit(other);
      if (found !== undefined) return found;
    }
    path.pop();
    state.set(name, "done");
    return undefined;
  };
  for (const name of needs.keys()) {
    const found = visit(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `names` and every step that waits for one of them, directly or not. */
export function withDependents(names: Iterable<string>, needs: Needs): Set<string> {
  const found = new Set(names);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [name, others] of needs) {
      if (found.has(name) || !others.some((other) => found.has(other))) continue;
      found.add(name);
      grew = true;
    }
  }
  return found;
}
