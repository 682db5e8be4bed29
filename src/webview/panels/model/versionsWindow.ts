import { type Signal, signal } from "@preact/signals";
import type { VersionOrder, VersionRow, VersionRows } from "../../../protocol/versions.ts";

// The versions as pages: what is on screen is fetched, the rest when it is scrolled to, and never the whole list.

export interface RowsQuery {
  filter: string;
  order: VersionOrder;
  metric: string | undefined;
}

export type FetchRows = (
  query: RowsQuery & { offset: number; limit: number },
  signal: AbortSignal,
) => Promise<VersionRows>;

interface Page {
  rows: VersionRows;
  /** Which change of the store, and which query, it shows. */
  asOf: number;
  query: RowsQuery;
}

/** A row with its metric; undefined: it has none. */
export interface LoadedRow {
  row: VersionRow;
  metric: number | undefined;
}

export const PAGE = 100;
/** Pages kept; beyond, the ones furthest from the screen are dropped. */
const KEPT = 20;
const AT_ONCE = 2;

export class VersionsWindow {
  /** Versions that match; undefined until the first answer. */
  readonly total: Signal<number | undefined> = signal(undefined);
  /** Versions of the model. */
  readonly versions = signal(0);
  /** Counts up when rows were loaded or changed. */
  readonly version = signal(0);
  readonly busy = signal(false);
  readonly failure: Signal<unknown> = signal(undefined);
  /** When the last page came, ms since the epoch. */
  readonly freshAt: Signal<number | undefined> = signal(undefined);
  readonly #fetch: FetchRows;
  readonly #now: () => number;
  readonly #pages = new Map<number, Page>();
  readonly #inFlight = new Map<number, AbortController>();
  #query: RowsQuery | undefined;
  #first = 0;
  #last = PAGE - 1;
  #change = 0;

  constructor(fetch: FetchRows, now: () => number) {
    this.#fetch = fetch;
    this.#now = now;
  }

  setQuery(query: RowsQuery): void {
    this.#query = query;
    for (const request of this.#inFlight.values()) request.abort();
    this.#inFlight.clear();
    this.#change += 1;
    this.#pump();
  }

  setViewport(first: number, last: number): void {
    this.#first = first;
    this.#last = last;
    this.#pump();
  }

  /** The store changed, or the person asked to try again. */
  refresh(): void {
    this.#change += 1;
    this.#pump();
  }

  at(index: number): LoadedRow | undefined {
    const page = this.#pages.get(Math.floor(index / PAGE));
    const at = index % PAGE;
    const row = page?.rows.rows[at];
    if (page === undefined || row === undefined) return undefined;
    // The values of another metric say nothing of the one that is on its way.
    const has = page.rows.logged[at] === 1 && page.query.metric === this.#query?.metric;
    return { row, metric: has ? page.rows.metrics[at] : undefined };
  }

  /** The loaded row of a version; undefined where it is not loaded. */
  find(version: string): number | undefined {
    for (const [index, { rows }] of this.#pages) {
      const at = rows.rows.findIndex((row) => row.version === version);
      if (at >= 0) return index * PAGE + at;
    }
    return undefined;
  }

  /** The loaded rows, in their order. */
  loaded(): LoadedRow[] {
    return [...this.#pages.keys()]
      .sort((a, b) => a - b)
      .flatMap((index) =>
        Array.from({ length: this.#pages.get(index)?.rows.rows.length ?? 0 }, (_, at) => this.at(index * PAGE + at)),
      )
      .flatMap((row) => row ?? []);
  }

  #pump(): void {
    const query = this.#query;
    if (query === undefined) return;
    const total = this.total.peek();
    const lastPage = total === undefined ? 0 : Math.max(0, Math.ceil(total / PAGE) - 1);
    const from = Math.min(Math.floor(this.#first / PAGE), lastPage);
    const to = Math.min(Math.floor(this.#last / PAGE), lastPage);
    for (let index = from; index <= to; index += 1) {
      const page = this.#pages.get(index);
      const right = page !== undefined && page.asOf >= this.#change && page.query === query;
      if (!right && !this.#inFlight.has(index) && this.#inFlight.size < AT_ONCE) this.#load(index, query);
    }
    this.busy.value = this.#inFlight.size > 0;
  }

  #load(index: number, query: RowsQuery): void {
    const asOf = this.#change;
    const request = new AbortController();
    this.#inFlight.set(index, request);
    this.#fetch({ ...query, offset: index * PAGE, limit: PAGE }, request.signal).then(
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

  #keep(index: number, page: Page): void {
    // Rows of another search stand elsewhere; those of another metric only lack it.
    for (const [other, { query }] of this.#pages) if (!sameRows(query, page.query)) this.#pages.delete(other);
    this.#pages.set(index, page);
    const middle = (this.#first + this.#last) / 2 / PAGE;
    const furthest = [...this.#pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const key of furthest.slice(0, Math.max(0, this.#pages.size - KEPT))) this.#pages.delete(key);
    this.total.value = page.rows.total;
    this.versions.value = page.rows.versions;
    this.failure.value = undefined;
    this.freshAt.value = this.#now();
    this.version.value += 1;
  }
}

function sameRows(one: RowsQuery, other: RowsQuery): boolean {
  const isByMetric = one.order.by === "metric" && one.metric !== other.metric;
  return one.filter === other.filter && JSON.stringify(one.order) === JSON.stringify(other.order) && !isByMetric;
}
