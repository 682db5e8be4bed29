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
 * alone, and what was known stays until the answer is there. Of many runs `atOnce` are asked at a time, so that the first are
 * drawn soon.
 */
export class RunCache<T> {
  readonly #fetch: (key: string, run_ids: string[]) => Promise<ByRun<T>>;
  readonly #onError: (error: unknown) => void;
  readonly #atOnce: number;
  readonly #entries = new Map<string, Entry<T>>();
  #runs: string[] = [];

  constructor(
    fetch: (key: string, run_ids: string[]) => Promise<ByRun<T>>,
    onError: (error: unknown) => void,
    atOnce = Number.POSITIVE_INFINITY,
  ) {
    this.#fetch = fetch;
    this.#onError = onError;
    this.#atOnce = atOnce;
  }

  of(key: string): Signal<ByRun<T>> {
    return this.#entry(key).known;
  }

  /** Whether anything is known under the key yet, be it that no run logged it. */
  answered(key: string): boolean {
    const { known, asked } = this.#entry(key);
    return known.value !== NOTHING && this.#runs.every((id) => asked.has(id));
  }

  /** A chart came on screen (`wanted`) or left it. */
  want(key: string, wanted: boolean): void {
    const entry = this.#entry(key);
    entry.wanted = wanted;
    this.#pump(key, entry);
  }

  /** What is under the key will not be asked for again. */
  forget(key: string): void {
    this.#entries.delete(key);
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

  #entry(key: string): Entry<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry<T> = { known: signal<ByRun<T>>(NOTHING), asked: new Map(), wanted: false, busy: false };
    this.#entries.set(key, entry);
    return entry;
  }

  #pump(key: string, entry: Entry<T>): void {
    if (!entry.wanted || entry.busy) return;
    // Runs that nothing is known of yet go before those that only changed.
    const open = this.#runs.filter((id) => entry.asked.get(id) !== true);
    const ids = open.toSorted((a, b) => Number(entry.asked.has(a)) - Number(entry.asked.has(b))).slice(0, this.#atOnce);
    if (ids.length === 0) return;
    entry.busy = true;
    for (const id of ids) entry.asked.set(id, true);
    this.#fetch(key, ids)
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
        if (answered) this.#pump(key, entry);
      })
      .catch(this.#onError);
  }
}
