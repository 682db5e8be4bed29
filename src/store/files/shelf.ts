import { join } from "node:path";
import { pause } from "../chain.ts";
import { DRAFT, entriesOf, isFolder, Look, type Stamps, statsOf, unchanged } from "./stamps.ts";

/** ms of reading after which other requests pass. */
const TURN = 20;
/** How closely folders are looked at: live ones only; all, by their folders and meta.yaml; all, by every file. */
type Closeness = "live" | "quick" | "full";
/** Share of the time that each kind of look may take. */
const SHARES: Readonly<Record<Closeness, number>> = { live: 1 / 5, quick: 1 / 40, full: 1 / 100 };

/** One folder, as it was read. */
export interface Item<T> {
  /** Undefined: malformed, so it is passed over. */
  value: T | undefined;
  stamps: Stamps;
}

export interface ShelfRules<T> {
  /** Reads one folder; undefined when it is none of these. `before` is what it was. */
  read(look: Look, name: string, before: T | undefined): T | undefined;
  /** Folders that are something else. */
  except?: readonly string[];
  /** True of what may change at any moment: it is looked at closely each time. */
  isLive?(value: T): boolean;
  /** Told after each look that found something else than before. */
  changed?(name: string): void;
}

/** The folders below one folder (runs of an experiment, registered models), read once and read again when they change. */
export class Shelf<T> {
  readonly folder: string;
  readonly #rules: ShelfRules<T>;
  readonly items = new Map<string, Item<T>>();
  #listed: number | undefined;
  #loading: Promise<void> | undefined;
  /** When the next look of a kind is due. */
  readonly #due: Record<Closeness, number> = { live: 0, quick: 0, full: 0 };
  /** Counts what was found changed. */
  version = 0;

  constructor(folder: string, rules: ShelfRules<T>) {
    this.folder = folder;
    this.#rules = rules;
  }

  get loaded(): boolean {
    return this.#listed !== undefined;
  }

  /** One of them as it is now. */
  get(name: string): T | undefined {
    const item = this.items.get(name);
    if (item === undefined) {
      const stats = statsOf(join(this.folder, name));
      return stats?.isDirectory() === true && this.#rules.except?.includes(name) !== true
        ? this.#read(name)
        : undefined;
    }
    return unchanged(join(this.folder, name), item.stamps, false) ? item.value : this.#read(name);
  }

  /** What is known, in the order of the names. */
  values(): T[] {
    return [...this.items.values()].flatMap(({ value }) => (value === undefined ? [] : [value]));
  }

  /** To be read again when next asked for. */
  touch(name: string): void {
    const item = this.items.get(name);
    if (item !== undefined) item.stamps.settled = false;
    this.#due.quick = 0;
  }

  /** Takes over what an earlier session knew; it is checked like everything else. */
  restore(items: Iterable<[string, Item<T>]>): void {
    for (const [name, item] of items) if (!this.items.has(name)) this.items.set(name, item);
  }

  /** Brings everything up to date, as closely as its share of the time allows. */
  async refresh(signal?: AbortSignal): Promise<void> {
    while (this.#loading !== undefined) await this.#loading;
    const now = performance.now();
    const due = (closeness: Closeness) => now >= this.#due[closeness];
    const listing = this.#listing();
    const wanted = due("full") ? "full" : listing !== this.#listed || due("quick") ? "quick" : "live";
    if (wanted === "live" && !due("live")) return;
    const work = this.#look(wanted, listing, signal);
    this.#loading = work.catch(() => undefined);
    try {
      await work;
    } finally {
      this.#loading = undefined;
    }
  }

  /** Everything as it is now, without letting others pass: for small shelves, and before all are changed. */
  refreshNow(): void {
    for (const name of this.#names()) this.get(name);
  }

  async #look(closeness: Closeness, listing: number, signal: AbortSignal | undefined): Promise<void> {
    let cost = 0;
    let turn = performance.now();
    const names = closeness === "live" ? this.#live() : this.#names();
    for (const name of names) {
      this.#renew(name, closeness === "full");
      const spent = performance.now() - turn;
      if (spent < TURN) continue;
      cost += spent;
      await pause(signal);
      turn = performance.now();
    }
    const end = performance.now();
    cost += end - turn;
    if (closeness !== "live") this.#listed = listing;
    this.#due[closeness] = end + cost / SHARES[closeness];
    if (closeness === "full") this.#due.quick = end + cost / SHARES.quick;
  }

  #live(): string[] {
    return [...this.items].flatMap(([name, item]) => (this.#isLive(item) ? [name] : []));
  }

  #isLive({ value, stamps }: Item<T>): boolean {
    return !stamps.settled || (value !== undefined && this.#rules.isLive?.(value) === true);
  }

  #renew(name: string, full: boolean): void {
    const item = this.items.get(name);
    if (item === undefined) return void this.#read(name);
    const quick = !full && !this.#isLive(item);
    if (!unchanged(join(this.folder, name), item.stamps, quick)) this.#read(name);
  }

  #read(name: string): T | undefined {
    const folder = join(this.folder, name);
    const before = this.items.get(name);
    const look = new Look(folder);
    const value = this.#rules.read(look, name, before?.value);
    if (look.stamps.paths.length === 0) {
      this.#forget(name);
      return undefined;
    }
    this.items.set(name, { value, stamps: look.stamps });
    // What was there when the shelf was first read is no news.
    if (before === undefined) {
      if (value !== undefined) this.#tell(name, this.loaded);
    } else if (!sameLook(before, { value, stamps: look.stamps })) {
      this.#tell(name);
    }
    return value;
  }

  #forget(name: string): void {
    if (this.items.delete(name)) this.#tell(name);
  }

  #tell(name: string, isNews = true): void {
    this.version++;
    if (isNews) this.#rules.changed?.(name);
  }

  #listing(): number {
    return statsOf(this.folder)?.mtimeMs ?? 0;
  }

  /** The folders there are; what vanished is forgotten. */
  #names(): string[] {
    const { except = [] } = this.#rules;
    const names = entriesOf(this.folder)
      .filter(
        (entry) =>
          !entry.name.startsWith(DRAFT) &&
          !except.includes(entry.name) &&
          isFolder(entry, join(this.folder, entry.name)),
      )
      .map(({ name }) => name);
    const there = new Set(names);
    for (const name of this.items.keys()) if (!there.has(name)) this.#forget(name);
    return names;
  }
}

function sameLook<T>(a: Item<T>, b: Item<T>): boolean {
  if ((a.value === undefined) !== (b.value === undefined)) return false;
  const { paths, times, sizes } = a.stamps;
  const other = b.stamps;
  if (paths.length !== other.paths.length) return false;
  return paths.every(
    (path, i) => path === other.paths[i] && times[i] === other.times[i] && sizes[i] === other.sizes[i],
  );
}
