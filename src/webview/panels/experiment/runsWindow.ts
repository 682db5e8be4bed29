import { type Signal, signal } from "@preact/signals";
import type { RunField, RunRowsQuery } from "../../../protocol/runs.ts";
import { idOf } from "../../ui/chart/fields.ts";
import { type FetchPage, type Page, Pages } from "../../ui/table/pages.ts";
import type { RunPage } from "./page.ts";

// The runs table as pages.

export interface WindowQuery {
  rows: Omit<RunRowsQuery, "experiment_ids">;
  fields: RunField[];
}

/** A loaded row: its page and its place in it. */
export interface RowPlace {
  columns: RunPage;
  at: number;
}

/** Pages kept. */
const KEPT = 40;

export class RunsWindow {
  readonly total: Signal<number | undefined>;
  readonly running = signal(0);
  /** Runs that match. */
  readonly runs = signal(0);
  readonly version: Signal<number>;
  readonly failure: Signal<unknown>;
  readonly freshAt: Signal<number | undefined>;
  readonly busy: Signal<boolean>;
  readonly #pages: Pages<WindowQuery, RunPage>;
  #firstPage: RunPage | undefined;

  constructor(fetch: FetchPage<WindowQuery, RunPage>, now: () => number) {
    this.#pages = new Pages({
      ...{ fetch, now, sameRows },
      most: KEPT,
      // The first page decides which runs are drawn.
      pinsFirst: true,
      answers: (page, query) =>
        sameRows(page.query, query) && query.fields.every((field) => page.rows.byId.has(idOf(field))),
      came: (index, page, before) => {
        const columns = withColumnsOf(page, before);
        if (index === 0) this.#firstPage = columns;
        this.running.value = page.rows.running;
        this.runs.value = page.rows.runs;
        return columns;
      },
    });
    ({
      total: this.total,
      version: this.version,
      failure: this.failure,
      freshAt: this.freshAt,
      busy: this.busy,
    } = this.#pages);
  }

  setQuery(query: WindowQuery): void {
    this.#pages.setQuery(query);
  }

  /** While the store fails, it is asked by `refresh` only. */
  setViewport(first: number, last: number): void {
    this.#pages.setViewport(first, last, this.failure.peek() === undefined);
  }

  /** Other rows are shown from here on: nothing is known of them. */
  clear(): void {
    this.#firstPage = undefined;
    this.#pages.clear();
  }

  /** The store changed, or the person asked to try again. */
  refresh(): void {
    this.#pages.refresh();
  }

  row(index: number): RowPlace | undefined {
    const found = this.#pages.at(index);
    if (found === undefined) return undefined;
    const { rows: columns } = found.page;
    return found.at < columns.run_ids.length ? { columns, at: found.at } : undefined;
  }

  /** The loaded row of a run; undefined where it is not loaded. */
  find(run_id: string): number | undefined {
    return this.#pages.find(({ run_ids }) => run_ids.indexOf(run_id));
  }

  /** The page of the first rows; while it is read anew for another query, the one before. */
  first(): RunPage | undefined {
    return this.#firstPage;
  }

  /** Loaded pages in the order of their rows. */
  pages(): RunPage[] {
    return this.#pages.loaded().map(([, columns]) => columns);
  }
}

function sameRows(one: WindowQuery, other: WindowQuery): boolean {
  return one.rows === other.rows || JSON.stringify(one.rows) === JSON.stringify(other.rows);
}

/** With the columns too that the same rows were read with before: back there they need not be read again. */
function withColumnsOf(
  { rows: columns, asOf }: Page<WindowQuery, RunPage>,
  before: Page<WindowQuery, RunPage> | undefined,
): RunPage {
  if (before === undefined || before.asOf !== asOf || columns.groups.length > 0) return columns;
  const { run_ids } = before.rows;
  if (run_ids.length !== columns.run_ids.length || run_ids.some((id, at) => id !== columns.run_ids[at])) return columns;
  return { ...columns, byId: new Map([...before.rows.byId, ...columns.byId]) };
}
