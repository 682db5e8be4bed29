import { type Signal, signal } from "@preact/signals";
import type { VersionOrder, VersionRow, VersionRows } from "../../../protocol/versions.ts";
import { type FetchPage, PAGE, Pages } from "../../ui/table/pages.ts";

// The versions as pages.

export interface RowsQuery {
  filter: string;
  order: VersionOrder;
  metric: string | undefined;
}

/** A row with its metric; undefined: it has none. */
export interface LoadedRow {
  row: VersionRow;
  metric: number | undefined;
}

/** Pages kept. */
const KEPT = 20;

export class VersionsWindow {
  /** Versions that match; undefined until the first answer. */
  readonly total: Signal<number | undefined>;
  /** Versions of the model. */
  readonly versions = signal(0);
  readonly version: Signal<number>;
  readonly busy: Signal<boolean>;
  readonly failure: Signal<unknown>;
  readonly freshAt: Signal<number | undefined>;
  readonly #pages: Pages<RowsQuery, VersionRows>;

  constructor(fetch: FetchPage<RowsQuery, VersionRows>, now: () => number) {
    this.#pages = new Pages({
      ...{ fetch, now, sameRows },
      most: KEPT,
      pinsFirst: false,
      came: (_index, { rows }) => {
        this.versions.value = rows.versions;
        return rows;
      },
    });
    ({
      total: this.total,
      version: this.version,
      busy: this.busy,
      failure: this.failure,
      freshAt: this.freshAt,
    } = this.#pages);
  }

  setQuery(query: RowsQuery): void {
    this.#pages.setQuery(query);
  }

  setViewport(first: number, last: number): void {
    this.#pages.setViewport(first, last);
  }

  /** The store changed, or the person asked to try again. */
  refresh(): void {
    this.#pages.refresh();
  }

  at(index: number): LoadedRow | undefined {
    const found = this.#pages.at(index);
    if (found === undefined) return undefined;
    const { page, at } = found;
    const row = page.rows.rows[at];
    if (row === undefined) return undefined;
    // The values of another metric say nothing of the one that is on its way.
    const has = page.rows.logged[at] === 1 && page.query.metric === this.#pages.query?.metric;
    return { row, metric: has ? page.rows.metrics[at] : undefined };
  }

  /** The loaded row of a version; undefined where it is not loaded. */
  find(version: string): number | undefined {
    return this.#pages.find(({ rows }) => rows.findIndex((row) => row.version === version));
  }

  /** The loaded rows, in their order. */
  loaded(): LoadedRow[] {
    return this.#pages
      .loaded()
      .flatMap(([index, { rows }]) => rows.map((_, at) => this.at(index * PAGE + at)))
      .flatMap((row) => row ?? []);
  }
}

/** Rows of another search stand elsewhere; those of another metric only lack it. */
function sameRows(one: RowsQuery, other: RowsQuery): boolean {
  const isByMetric = one.order.by === "metric" && one.metric !== other.metric;
  return one.filter === other.filter && JSON.stringify(one.order) === JSON.stringify(other.order) && !isByMetric;
}
