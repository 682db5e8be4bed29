import type { RunCache } from "./cacheFile.ts";
import type { StoredRun } from "./runFolder.ts";
import type { Item, Shelf } from "./shelf.ts";

/** ms after an answer until what it did not ask for is read, for the next session. */
const KEEP_AFTER = 1_000;
/** ms of reading after which others have their turn. */
const TURN = 20;
/** Fewer runs are read sooner than a cache of them. */
const FEWEST = 50;

interface Pending {
  shelf: Shelf<StoredRun>;
  /** Those not looked at yet. */
  rest: Iterator<Item<StoredRun>>;
}

/** Writes the cache of an experiment's runs once much of it is new, after whoever asked for them was answered. */
export class RunKeeper {
  readonly #cache: RunCache;
  /** Version of each experiment's shelf that is kept, or will be. */
  readonly #versions = new Map<string, number>();
  readonly #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | undefined;

  constructor(cache: RunCache) {
    this.#cache = cache;
  }

  keepLater(experiment_id: string, shelf: Shelf<StoredRun>): void {
    if (shelf.items.size < FEWEST) return;
    const since = shelf.version - (this.#versions.get(experiment_id) ?? 0);
    if (since < Math.max(FEWEST, shelf.items.size / 10)) return;
    this.#versions.set(experiment_id, shelf.version);
    this.#pending.set(experiment_id, { shelf, rest: shelf.items.values() });
    this.#timer ??= setTimeout(() => this.#step(), KEEP_AFTER).unref();
  }

  /** Another shelf has taken the place of the experiment's: what the old one lacks is not where it was. */
  forget(experiment_id: string): void {
    this.#versions.delete(experiment_id);
    this.#pending.delete(experiment_id);
  }

  /** Keeps what changed since and was read; whoever closes does not wait for the rest. */
  close(shelves: Iterable<[string, Shelf<StoredRun>]>): void {
    clearTimeout(this.#timer);
    for (const [experiment_id, shelf] of shelves) {
      const changed = shelf.version !== (this.#versions.get(experiment_id) ?? 0) || this.#pending.has(experiment_id);
      if (changed && shelf.loaded && shelf.items.size >= FEWEST) this.#write(experiment_id, shelf);
    }
    this.#pending.clear();
  }

  #write(experiment_id: string, shelf: Shelf<StoredRun>): void {
    const whole = wholeItems(shelf);
    if (whole.length > 0) this.#cache.write(experiment_id, whole);
  }

  #step(): void {
    this.#timer = undefined;
    const [next] = this.#pending;
    if (next === undefined) return;
    const [experiment_id, { shelf, rest }] = next;
    const end = performance.now() + TURN;
    let item = rest.next();
    for (; item.done !== true; item = rest.next()) {
      readWhole(item.value.value);
      if (performance.now() >= end) break;
    }
    if (item.done === true) {
      this.#pending.delete(experiment_id);
      this.#write(experiment_id, shelf);
    }
    this.#timer = setTimeout(() => this.#step(), 0).unref();
  }
}

/** The runs of which nothing is left to be read. */
export function wholeItems({ items }: Shelf<StoredRun>): [string, Item<StoredRun>][] {
  return [...items].filter(([, { value }]) => value?.isWhole() !== false);
}

function readWhole(stored: StoredRun | undefined): number {
  if (stored === undefined) return 0;
  const { tags, params, metrics } = stored.run.data;
  return tags.length + params.length + metrics.length;
}
