import type { MetricOf, RunField } from "../../protocol/runs.ts";
import type { Points } from "../series.ts";
import { trimOldest } from "../trim.ts";

/** A metric's value that only its history tells: the smallest, the largest, the one at a step. */
export interface HistoryField {
  key: string;
  of: Exclude<MetricOf, "last">;
}

/** Values that are kept, each in about 100 bytes; those of one field are, however many. */
const MOST_VALUES = 500_000;

interface Known {
  /** Undefined: to be read again. */
  stamp: number | string | undefined;
  value: number | undefined;
}

/** Reads a field of some runs; NaN is a value, what is left out has none. */
export type ReadHistories = (field: HistoryField, run_ids: string[]) => Promise<ReadonlyMap<string, number>>;

/** Values that take a history to tell, kept by run until its stamp is another. */
export class HistoryValues {
  readonly #fields = new Map<string, Map<string, Known>>();
  /** For each read that goes on, the runs that were forgotten meanwhile. */
  readonly #forgotten = new Set<Set<string>>();

  /** Reads what is not known of these runs. */
  async ensure(
    field: HistoryField,
    run_ids: Iterable<string>,
    stampOf: (run_id: string) => number | string,
    read: ReadHistories,
  ): Promise<void> {
    const name = JSON.stringify(field);
    const known = this.#fields.get(name) ?? new Map<string, Known>();
    this.#fields.delete(name);
    this.#fields.set(name, known);
    const missing = [...run_ids].filter((run_id) => known.get(run_id)?.stamp !== stampOf(run_id));
    if (missing.length === 0) return;
    const stamps = missing.map(stampOf);
    const forgotten = new Set<string>();
    this.#forgotten.add(forgotten);
    try {
      const values = await read(field, missing);
      const isCleared = this.#fields.get(name) !== known;
      const kept = this.#fields.get(name) ?? new Map<string, Known>();
      this.#fields.set(name, kept);
      for (const [i, run_id] of missing.entries()) {
        // What was read before it was forgotten does for this answer, where nobody knows better.
        const isOld = isCleared || forgotten.has(run_id);
        if (isOld && kept.get(run_id)?.stamp !== undefined) continue;
        kept.set(run_id, { stamp: isOld ? undefined : (stamps[i] ?? ""), value: values.get(run_id) });
      }
    } finally {
      this.#forgotten.delete(forgotten);
    }
    trimOldest(this.#fields, MOST_VALUES, ({ size }) => size);
  }

  value(field: HistoryField, run_id: string): number | undefined {
    return this.#fields.get(JSON.stringify(field))?.get(run_id)?.value;
  }

  /** By run, for many questions about one field. */
  values(field: HistoryField): (run_id: string) => number | undefined {
    const known = this.#fields.get(JSON.stringify(field));
    return (run_id) => known?.get(run_id)?.value;
  }

  forget(run_ids: Iterable<string>): void {
    for (const run_id of run_ids) {
      for (const known of this.#fields.values()) known.delete(run_id);
      for (const forgotten of this.#forgotten) forgotten.add(run_id);
    }
  }

  clear(): void {
    this.#fields.clear();
  }
}

/** The field as one of a history; undefined where the last value is meant, or no metric. */
export function historyField(field: RunField): HistoryField | undefined {
  if (field.kind !== "metric" || field.of === undefined || field.of === "last") return undefined;
  return { key: field.key, of: field.of };
}

/** Undefined without points, or without one at that step. */
export function valueInHistory({ steps, values }: Points, of: HistoryField["of"]): number | undefined {
  let found: number | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    // Of several points at one step the last one counts: they come in the order of time.
    if (typeof of === "object") found = steps[i] === of.step ? value : found;
    else if (found === undefined || Number.isNaN(found)) found = value;
    else if (of === "min" ? value < found : value > found) found = value;
  }
  return found;
}
