import { type Signal, signal } from "@preact/signals";
import type { RunField, RunRowsQuery } from "../../../protocol/runs.ts";
import { idOf } from "../../ui/chart/fields.ts";
import type { RunPage } from "./page.ts";

// The runs table as pages: what is on screen is fetched first, the rest when it is scrolled to, and never the whole list.

export interface WindowQuery {
  rows: Omit<RunRowsQuery, "experiment_ids">;
  fields: RunField[];
}

export type FetchRows = (
  query: WindowQuery & { offset: number; limit: number },
  signal: AbortSignal,
) => Promise<RunPage>;

interface Page {
  columns: RunPage;
  /** Which change of the store, and which query, it shows. */
  asOf: number;
  query: WindowQuery;
}

/** A loaded row: its page and its place in it. */
export interface RowPlace {
  columns: RunPage;
  at: number;
}

export const PAGE = 100;
/** Pages kept; beyond, the ones furthest from the screen are dropped. */
const KEPT = 40;
const AT_ONCE = 2;

export class RunsWindow {
  /** Rows of the whole result; undefined until the first answer. */
  readonly total: Signal<number | undefined> = signal(undefined);
  readonly running = signal(0);
  /** Runs that match. */
  readonly runs = signal(0);
  /** Rises with every page that arrives. */
  readonly version = signal(0);
  /** Why the last fetch failed. */
  readonly failure: Signal<unknown> = signal(undefined);
  /** When the rows were last known to be right, ms since the epoch. */
  readonly freshAt: Signal<number | undefined> = signal(undefined);
  readonly busy = signal(false);
  readonly #fetch: FetchRows;
  readonly #now: () => number;
  readonly #pages = new Map<number, Page>();
  readonly #inFlight = new Map<number, AbortController>();
  #query: WindowQuery | undefined;
  #firstPage: RunPage | undefined;
  #change = 0;
  #first = 0;
  #last = 0;

  constructor(fetch: FetchRows, now: () => number) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Known rows stay until the first page of the answer is there. */
  setQuery(query: WindowQuery): void {
    this.#query = query;
    for (const request of this.#inFlight.values()) request.abort();
    this.#inFlight.clear();
    this.#pump();
  }

  setViewport(first: number, last: number): void {
    this.#first = first;
    this.#last = last;
    if (this.failure.peek() === undefined) this.#pump();
  }

  /** Other rows are shown from here on: nothing is known of them. */
  clear(): void {
    for (const request of this.#inFlight.values()) request.abort();
    this.#inFlight.clear();
    this.#pages.clear();
    this.#firstPage = undefined;
    this.total.value = undefined;
    this.version.value++;
  }

  /** The store changed, or the person asked to try again. */
  refresh(): void {
    this.#change++;
    this.#pump();
  }

  row(index: number): RowPlace | undefined {
    const columns = this.#pages.get(Math.floor(index / PAGE))?.columns;
    const at = index % PAGE;
    return columns !== undefined && at < columns.run_ids.length ? { columns, at } : undefined;
  }

  /** The loaded row of a run; undefined where it is not loaded. */
  find(run_id: string): number | undefined {
    for (const [page, { columns }] of this.#pages) {
      const at = columns.run_ids.indexOf(run_id);
      if (at >= 0) return page * PAGE + at;
    }
    return undefined;
  }

  /** The page of the first rows; while it is read anew for another query, the one before. */
  first(): RunPage | undefined {
    return this.#firstPage;
  }

  /** Loaded pages in the order of their rows. */
  pages(): RunPage[] {
    return [...this.#pages.entries()].sort(([a], [b]) => a - b).map(([, page]) => page.columns);
  }

  #needed(): number[] {
    const total = this.total.peek();
    const lastPage = total === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil(total / PAGE) - 1);
    const from = Math.min(Math.floor(this.#first / PAGE), lastPage);
    const to = Math.min(Math.floor(this.#last / PAGE), lastPage);
    const seen = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    // The first page decides which runs are drawn.
    return from === 0 ? seen : [...seen, 0];
  }

  #pump(): void {
    const query = this.#query;
    if (query === undefined) return;
    for (const index of this.#needed()) {
      const page = this.#pages.get(index);
      const right = page !== undefined && page.asOf >= this.#change && answers(page, query);
      if (!right && !this.#inFlight.has(index) && this.#inFlight.size < AT_ONCE) this.#load(index, query);
    }
    this.busy.value = this.#inFlight.size > 0;
  }

  #load(index: number, query: WindowQuery): void {
    const asOf = this.#change;
    const request = new AbortController();
    this.#inFlight.set(index, request);
    this.#fetch({ ...query, offset: index * PAGE, limit: PAGE }, request.signal).then(
      (columns) => {
        if (this.#inFlight.get(index) !== request) return;
        this.#inFlight.delete(index);
        this.#keep(index, { columns, asOf, query });
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
    for (const [other, { query }] of this.#pages) if (!sameRows(query, page.query)) this.#pages.delete(other);
    const columns = withColumnsOf(page, this.#pages.get(index));
    this.#pages.set(index, { ...page, columns });
    if (index === 0) this.#firstPage = columns;
    const middle = (this.#first + this.#last) / 2 / PAGE;
    const furthest = [...this.#pages.keys()]
      .filter((key) => key !== 0)
      .sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const key of furthest.slice(0, Math.max(0, this.#pages.size - KEPT))) this.#pages.delete(key);
    this.total.value = page.columns.total;
    this.running.value = page.columns.running;
    this.runs.value = page.columns.runs;
    this.failure.value = undefined;
    this.freshAt.value = this.#now();
    this.version.value++;
  }
}

function sameRows(one: WindowQuery, other: WindowQuery): boolean {
  return one.rows === other.rows || JSON.stringify(one.rows) === JSON.stringify(other.rows);
}

function answers(page: Page, query: WindowQuery): boolean {
  if (page.query === query) return true;
  return sameRows(page.query, query) && query.fields.every((field) => page.columns.byId.has(idOf(field)));
}

/** With the columns too that the same rows were read with before: back there they need not be read again. */
function withColumnsOf({ columns, asOf }: Page, before: Page | undefined): RunPage {
  if (before === undefined || before.asOf !== asOf || columns.groups.length > 0) return columns;
  const { run_ids } = before.columns;
  if (run_ids.length !== columns.run_ids.length || run_ids.some((id, at) => id !== columns.run_ids[at])) return columns;
  return { ...columns, byId: new Map([...before.columns.byId, ...columns.byId]) };
}
