import { type Signal, signal } from "@preact/signals";

/** What is known of a metric, by run. */
export type ByRun<T> = ReadonlyMap<string, T>;

const NOTHING = new Map<string, never>();

interface Entry<T> {
  known: Signal<ByRun<T>>;
  /** Runs that were asked for; false = it has changed since. */
  asked: Map<string, boolean>;
  wanted: boolean;
  busy: boolean;
}

/**
 * What charts show of the drawn runs: histories, or last values. Only charts on screen fetch; a run that changed is asked again,
 * alone, and what was known stays until the answer is there.
 */
export class RunCache<T> {
  readonly #fetch: (metric_key: string, run_ids: string[]) => Promise<ByRun<T>>;
  readonly #onError: (error: unknown) => void;
  readonly #entries = new Map<string, Entry<T>>();
  #runs: string[] = [];

  constructor(fetch: (metric_key: string, run_ids: string[]) => Promise<ByRun<T>>, onError: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#onError = onError;
  }

  of(metricKey: string): Signal<ByRun<T>> {
    return this.#entry(metricKey).known;
  }

  /** Whether anything is known of the metric yet, be it that no run logged it. */
  answered(metricKey: string): boolean {
    const { known, asked } = this.#entry(metricKey);
    return known.value !== NOTHING && this.#runs.every((id) => asked.has(id));
  }

  /** A chart came on screen (`wanted`) or left it. */
  want(metricKey: string, wanted: boolean): void {
    const entry = this.#entry(metricKey);
    entry.wanted = wanted;
    this.#pump(metricKey, entry);
  }

  setRuns(runs: string[]): void {
    this.#runs = runs;
    for (const [key, entry] of this.#entries) this.#pump(key, entry);
  }

  /** These runs have new points; undefined = any may have. */
  changed(runs: string[] | undefined): void {
    for (const [key, entry] of this.#entries) {
      for (const id of runs ?? [...entry.asked.keys()]) if (entry.asked.has(id)) entry.asked.set(id, false);
      this.#pump(key, entry);
    }
  }

  #entry(metricKey: string): Entry<T> {
    const known = this.#entries.get(metricKey);
    if (known !== undefined) return known;
    const entry: Entry<T> = { known: signal<ByRun<T>>(NOTHING), asked: new Map(), wanted: false, busy: false };
    this.#entries.set(metricKey, entry);
    return entry;
  }

  #pump(metricKey: string, entry: Entry<T>): void {
    const ids = this.#runs.filter((id) => entry.asked.get(id) !== true);
    if (!entry.wanted || entry.busy || ids.length === 0) return;
    entry.busy = true;
    for (const id of ids) entry.asked.set(id, true);
    this.#fetch(metricKey, ids)
      .then(
        (found) => {
          const known = new Map(entry.known.value);
          for (const id of ids) known.delete(id);
          for (const [id, what] of found) known.set(id, what);
          entry.known.value = known;
          return true;
        },
        (error: unknown) => {
          for (const id of ids) entry.asked.set(id, false);
          this.#onError(error);
          return false;
        },
      )
      .then((answered) => {
        entry.busy = false;
        if (answered) this.#pump(metricKey, entry);
      })
      .catch(this.#onError);
  }
}
