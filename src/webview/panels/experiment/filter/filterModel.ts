import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { filterProblem, type FilterProblem } from "../../../../mlflow/filter/parse.ts";
import { tokenize } from "../../../../mlflow/filter/tokens.ts";
import type { RunKeys } from "../../../../protocol/runs.ts";
import { keyNames } from "../page.ts";
import { type Completion, completionsAt } from "./completion.ts";
import { filterHint } from "./hint.ts";

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

  const problemOf = (text: string): FilterProblem | undefined =>
    text.trim() === "" ? undefined : filterProblem("runs", text, { extended: mayOr });
  const problem = computed(() => problemOf(draft.value));
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
    /** Why the filter in force may match nothing; undefined as long as not every run's keys are known. */
    hint: computed(() => {
      const logged = keys.value;
      return logged === undefined || logged.rough === true ? undefined : filterHint(filter.value, keyNames(logged));
    }),
    /** What is wrong; while its end is written, what stands behind the last AND or OR is left alone. */
    problem: computed(() => {
      const text = draft.value;
      const atEnd = caret.value >= text.trimEnd().length && text !== filter.value;
      return insisted.value || !atEnd ? problem.value : problemOf(finished(text));
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

/** The conditions before the last AND or OR, with the parentheses closed that are still open. */
function finished(text: string): string {
  const tokens = tokenize(text);
  const last = tokens.findLast(({ text: word }) => /^(AND|OR)$/i.test(word));
  if (last === undefined) return "";
  const count = (word: string) => tokens.filter((token) => token.text === word && token.start < last.start).length;
  return text.slice(0, last.start) + ")".repeat(Math.max(0, count("(") - count(")")));
}
