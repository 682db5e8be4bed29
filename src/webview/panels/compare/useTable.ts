import { computed, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { ValueTable } from "../../ui/chart/values.ts";
import type { CompareModel } from "./model.ts";
import { questionOf, tableOf } from "./valueTables.ts";

export interface TableOfValues {
  /** Tells questions apart: another one is another picture. */
  question: string;
  table: ReadonlySignal<ValueTable>;
  /** The answer is there. */
  known: ReadonlySignal<boolean>;
}

/** Values of the compared runs and, where the person wants it, of the others; asked for while somebody shows them. */
export function useTable(model: CompareModel, ids: readonly string[]): TableOfValues {
  const question = questionOf(ids, model.arrangement.value.others);
  useEffect(() => {
    model.values.want(question, true);
    return () => model.values.want(question, false);
  }, [model, question]);
  return useMemo(() => {
    const values = model.values.of(question);
    return {
      question,
      table: computed(() => tableOf(values.value, ids)),
      known: computed(() => values.value !== undefined),
    };
  }, [model, question]);
}
