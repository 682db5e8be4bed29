import { type Signal, signal } from "@preact/signals";

/** Answers are asked for again at most this often, in ms, while a store keeps changing. */
const EVERY = 1000;

interface Entry<T> {
  known: Signal<T | undefined>;
  /** How many charts on screen show it. */
  wanted: number;
  stale: boolean;
  abort?: AbortController | undefined;
  askedAt: number;
  timer?: ReturnType<typeof setTimeout> | undefined;
}

/** What charts on screen show of all runs, by question: asked once, and again when something changed. What was known stays meanwhile. */
export class ValuesCache<T> {
  readonly #fetch: (key: string, signal: AbortSignal) => Promise<T>;
  readonly #onError: (error: unknown) => void;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(fetch: (key: string, signal: AbortSignal) => Promise<T>, onError: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#onError = onError;
  }

  of(key: string): Signal<T | undefined> {
    return this.#entry(key).known;
  }

  want(key: string, wanted: boolean): void {
    const entry = this.#entry(key);
    entry.wanted = Math.max(0, entry.wanted + (wanted ? 1 : -1));
    this.#pump(key, entry);
  }

  /** Everything may have changed. */
  changed(): void {
    for (const [key, entry] of this.#entries) {
      entry.stale = true;
      this.#pump(key, entry);
    }
  }

  /** Other questions are asked from here on: what nobody shows is dropped. */
  prune(): void {
    for (const [key, entry] of this.#entries) if (entry.wanted === 0) this.#entries.delete(key);
  }

  dispose(): void {
    for (const { timer, abort } of this.#entries.values()) {
      clearTimeout(timer);
      abort?.abort();
    }
  }

  #entry(key: string): Entry<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry<T> = { known: signal<T | undefined>(undefined), wanted: 0, stale: true, askedAt: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  #pump(key: string, entry: Entry<T>): void {
    if (entry.wanted === 0 || !entry.stale || entry.abort !== undefined || entry.timer !== undefined) return;
    const wait = entry.known.peek() === undefined ? 0 : entry.askedAt + EVERY - Date.now();
    if (wait > 0) {
      entry.timer = setTimeout(() => {
        entry.timer = undefined;
        this.#pump(key, entry);
      }, wait);
      return;
    }
    const abort = new AbortController();
    Object.assign(entry, { stale: false, abort, askedAt: Date.now() });
    this.#fetch(key, abort.signal).then(
      (found) => {
        entry.abort = undefined;
        entry.known.value = found;
        this.#pump(key, entry);
      },
      (error: unknown) => {
        Object.assign(entry, { abort: undefined, stale: true });
        if (!abort.signal.aborted) this.#onError(error);
      },
    );
  }
}
