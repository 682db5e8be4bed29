import { type Signal, signal } from "@preact/signals";

/** What is known of a metric, by run. */
export type ByRun<T> = ReadonlyMap<string, T>;

const NOTHING = new Map<string, never>();

/** `first`: nothing is known of these runs yet, and a rough answer is welcome. */
export type FetchRuns<T> = (key: string, run_ids: string[], first: boolean) => Promise<ByRun<T>>;

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
 * drawn soon; what came roughly is asked again once something is known of all.
 */
export class RunCache<T> {
  readonly #fetch: FetchRuns<T>;
  readonly #isRough: (what: T) => boolean;
  readonly #onError: (error: unknown) => void;
  readonly #atOnce: number;
  readonly #entries = new Map<string, Entry<T>>();
  #runs: string[] = [];

  constructor(
    fetch: FetchRuns<T>,
    onError: (error: unknown) => void,
    atOnce = Number.POSITIVE_INFINITY,
    isRough: (what: T) => boolean = () => false,
  ) {
    this.#isRough = isRough;
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
    const unknown = open.filter((id) => !entry.asked.has(id));
    const first = unknown.length > 0;
    const ids = (first ? unknown : open).slice(0, this.#atOnce);
    if (ids.length === 0) return;
    entry.busy = true;
    for (const id of ids) entry.asked.set(id, true);
    this.#fetch(key, ids, first)
      .then(
        (found) => {
          const known = new Map(entry.known.value);
          for (const id of ids) known.delete(id);
          for (const [id, what] of found) {
            known.set(id, what);
            if (first && this.#isRough(what)) entry.asked.set(id, false);
          }
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
