import { type Signal, signal } from "@preact/signals";

/** Rows of a page. */
export const PAGE = 100;
const AT_ONCE = 2;

/** Some rows of a result. */
export interface PageRows {
  /** Rows of the whole result. */
  total: number;
}

export interface Page<Query, Rows extends PageRows> {
  rows: Rows;
  /** Which change of the store, and which query, it shows. */
  asOf: number;
  query: Query;
}

export type FetchPage<Query, Rows> = (
  query: Query & { offset: number; limit: number },
  signal: AbortSignal,
) => Promise<Rows>;

export interface PagesParts<Query, Rows extends PageRows> {
  fetch: FetchPage<Query, Rows>;
  /** ms since the epoch. */
  now(): number;
  /** Pages kept; beyond, the ones furthest from the screen are dropped. */
  most: number;
  /** The first page is wanted and kept wherever the screen is. */
  pinsFirst: boolean;
  /** Two queries have the same rows at the same places. */
  sameRows(one: Query, other: Query): boolean;
  /** Whether a page answers another query than its own. */
  answers?(page: Page<Query, Rows>, query: Query): boolean;
  /** What is kept of a page that came in the place of `before`; signals of one's own are set here. */
  came(index: number, page: Page<Query, Rows>, before: Page<Query, Rows> | undefined): Rows;
}

/** A long list as pages: what is on screen is fetched first, the rest when it is scrolled to, and never the whole list. */
export class Pages<Query extends object, Rows extends PageRows> {
  /** Rows of the whole result; undefined until the first answer. */
  readonly total: Signal<number | undefined> = signal(undefined);
  /** Rises with every page that arrives. */
  readonly version = signal(0);
  /** Why the last fetch failed. */
  readonly failure: Signal<unknown> = signal(undefined);
  /** When the rows were last known to be right, ms since the epoch. */
  readonly freshAt: Signal<number | undefined> = signal(undefined);
  readonly busy = signal(false);
  readonly #parts: PagesParts<Query, Rows>;
  readonly #pages = new Map<number, Page<Query, Rows>>();
  readonly #inFlight = new Map<number, AbortController>();
  #query: Query | undefined;
  #change = 0;
  #first = 0;
  #last = 0;

  constructor(parts: PagesParts<Query, Rows>) {
    this.#parts = parts;
  }

  /** Known rows stay until the first page of the answer is there. */
  setQuery(query: Query): void {
    this.#query = query;
    this.#abort();
    this.#pump();
  }

  /** `loads`: what is on screen now, and is not known, is fetched at once. */
  setViewport(first: number, last: number, loads = true): void {
    this.#first = first;
    this.#last = last;
    if (loads) this.#pump();
  }

  /** The store changed, or the person asked to try again. */
  refresh(): void {
    this.#change++;
    this.#pump();
  }

  /** Other rows are shown from here on: nothing is known of them. */
  clear(): void {
    this.#abort();
    this.#pages.clear();
    this.total.value = undefined;
    this.version.value++;
  }

  /** The page of a row, and the row's place in it; undefined while it is not loaded. */
  at(index: number): { page: Page<Query, Rows>; at: number } | undefined {
    const page = this.#pages.get(Math.floor(index / PAGE));
    return page === undefined ? undefined : { page, at: index % PAGE };
  }

  /** The loaded row that `place` finds in a page, where it gives -1 for none; undefined where it is not loaded. */
  find(place: (rows: Rows) => number): number | undefined {
    for (const [index, { rows }] of this.#pages) {
      const at = place(rows);
      if (at >= 0) return index * PAGE + at;
    }
    return undefined;
  }

  /** Loaded pages with their numbers, in the order of their rows. */
  loaded(): [index: number, rows: Rows][] {
    return [...this.#pages.entries()].sort(([a], [b]) => a - b).map(([index, page]) => [index, page.rows]);
  }

  /** The query whose answer is wanted. */
  get query(): Query | undefined {
    return this.#query;
  }

  #abort(): void {
    for (const request of this.#inFlight.values()) request.abort();
    this.#inFlight.clear();
  }

  #needed(): number[] {
    const { pinsFirst } = this.#parts;
    const total = this.total.peek();
    // Where the first page is not wanted for itself, it tells how many there are.
    const unknown = pinsFirst ? Number.POSITIVE_INFINITY : 0;
    const lastPage = total === undefined ? unknown : Math.max(0, Math.ceil(total / PAGE) - 1);
    const from = Math.min(Math.floor(this.#first / PAGE), lastPage);
    const to = Math.min(Math.floor(this.#last / PAGE), lastPage);
    const seen = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return !pinsFirst || from === 0 ? seen : [...seen, 0];
  }

  #pump(): void {
    const query = this.#query;
    if (query === undefined) return;
    for (const index of this.#needed()) {
      const page = this.#pages.get(index);
      const right = page !== undefined && page.asOf >= this.#change && this.#answers(page, query);
      if (!right && !this.#inFlight.has(index) && this.#inFlight.size < AT_ONCE) this.#load(index, query);
    }
    this.busy.value = this.#inFlight.size > 0;
  }

  #answers(page: Page<Query, Rows>, query: Query): boolean {
    return page.query === query || this.#parts.answers?.(page, query) === true;
  }

  #load(index: number, query: Query): void {
    const asOf = this.#change;
    const request = new AbortController();
    this.#inFlight.set(index, request);
    this.#parts.fetch({ ...query, offset: index * PAGE, limit: PAGE }, request.signal).then(
      (rows) => {
        if (this.#inFlight.get(index) !== request) return;
        this.#inFlight.delete(index);
        this.#keep(index, { rows, asOf, query });
        this.#pump();
      },
      (error: unknown) => {
        if (this.#inFlight.get(index) !== request) return;
        this.#inFlight.delete(index);
        this.failure.value = error;
        this.busy.value = this.#inFlight.size > 0;
      },
    );
  }

  #keep(index: number, page: Page<Query, Rows>): void {
    const { sameRows, came, most, pinsFirst } = this.#parts;
    for (const [other, { query }] of this.#pages) if (!sameRows(query, page.query)) this.#pages.delete(other);
    this.#pages.set(index, { ...page, rows: came(index, page, this.#pages.get(index)) });
    // The list may have become shorter than what was on screen.
    const middle = Math.min((this.#first + this.#last) / 2, page.rows.total) / PAGE;
    const furthest = [...this.#pages.keys()]
      .filter((key) => !pinsFirst || key !== 0)
      .sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const key of furthest.slice(0, Math.max(0, this.#pages.size - most))) this.#pages.delete(key);
    this.total.value = page.rows.total;
    this.failure.value = undefined;
    this.freshAt.value = this.#parts.now();
    this.version.value++;
  }
}
