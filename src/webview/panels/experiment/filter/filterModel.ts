import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { filterProblem, type FilterProblem } from "../../../../mlflow/filter/parse.ts";
import type { RunKeys } from "../../../../protocol/runs.ts";
import { type Completion, completionsAt } from "./completion.ts";

interface Parts {
  draft: Signal<string>;
  /** In force. */
  filter: ReadonlySignal<string>;
  keys: ReadonlySignal<RunKeys | undefined>;
  mayOr: boolean;
  apply(text: string): void;
  remember(text: string): void;
}

export type FilterModel = ReturnType<typeof filterModel>;

const NO_KEYS: RunKeys = { runs: 0, params: [], metrics: [], tags: [], datasets: [], stepped: [] };

/** The filter while it is written: what may come next, and what is wrong. */
export function filterModel({ draft, filter, keys, mayOr, apply, remember }: Parts) {
  const caret = signal(draft.peek().length);
  /** Completions are shown. */
  const open = signal(false);
  const selected = signal(0);
  /** The marked completion was chosen with the arrows. */
  const chosen = signal(false);
  /** Enter was pressed on a filter that is wrong. */
  const insisted = signal(false);

  const problem = computed((): FilterProblem | undefined => {
    const text = draft.value.trim() === "" ? "" : draft.value;
    return filterProblem("runs", text, { extended: mayOr });
  });
  const completions = computed(() => completionsAt(draft.value, caret.value, keys.value ?? NO_KEYS, mayOr));
  const write = (text: string, at: number) => {
    batch(() => {
      draft.value = text;
      caret.value = at;
      selected.value = 0;
      chosen.value = false;
      insisted.value = false;
    });
  };
  return {
    caret,
    open,
    selected,
    chosen,
    completions,
    /** What is wrong; while it is written, what is only not finished is left alone. */
    problem: computed(() => {
      const found = problem.value;
      if (found === undefined || insisted.value) return found;
      const unfinished = caret.value >= draft.value.trimEnd().length && found.end >= draft.value.trimEnd().length;
      return unfinished && draft.value !== filter.value ? undefined : found;
    }),
    typed: (text: string, at: number) => {
      write(text, at);
      open.value = true;
    },
    /** Puts a completion in; the cursor stands behind it. */
    accept: ({ insert }: Completion): number => {
      const { from, to } = completions.peek();
      const text = draft.peek();
      const rest = insert.endsWith(" ") ? text.slice(to).replace(/^['\s]*/, "") : text.slice(to);
      write(text.slice(0, from) + insert + rest, from + insert.length);
      return from + insert.length;
    },
    moveSelection: (by: number) => {
      const count = completions.peek().items.length;
      if (count === 0) return;
      selected.value = (selected.peek() + by + count) % count;
      chosen.value = true;
    },
    enter: () => {
      open.value = false;
      if (problem.peek() !== undefined) {
        insisted.value = true;
        return;
      }
      apply(draft.peek());
      remember(draft.peek().trim());
    },
    /** Closes the completions, else takes back what was written; false when there was nothing to take back. */
    escape: (): boolean => {
      if (open.peek()) {
        open.value = false;
        return true;
      }
      if (draft.peek() === filter.peek()) return false;
      write(filter.peek(), filter.peek().length);
      return true;
    },
  };
}
