import { type Signal, signal } from "@preact/signals";
import type {
  LoggedModelRow,
  LoggedModelsOrder,
  LoggedModelsPage,
  LoggedModelsQuery,
} from "../../../protocol/panels/loggedModels.ts";
import { inTurn } from "../../ui/inTurn.ts";
import { PAGE, Pages } from "../../ui/table/pages.ts";

// The logged models as pages. MLflow tells no total and gives each page a token for the next one: the list grows while it is scrolled.

export type FetchModels = (query: LoggedModelsQuery, abort?: AbortSignal) => Promise<LoggedModelsPage>;

interface Query {
  filter: string;
  order: LoggedModelsOrder;
  /** What is known of the answer so far. */
  known: Known;
}

interface Known {
  /** Token of each page but the first, known with the page before it. */
  tokens: Map<number, Promise<string | undefined>>;
  /** Rows; where it is not the whole list, with one for what follows. */
  rows: number;
  isWhole: boolean;
  /** How many models of each page have a metric. */
  metrics: Map<number, Map<string, number>>;
}

interface Rows {
  rows: LoggedModelRow[];
  total: number;
}

/** Pages kept. */
const KEPT = 20;

export class ModelsWindow {
  /** Rows of the list as far as it is known; undefined until the first answer. */
  readonly total: Signal<number | undefined>;
  /** Models that are known to be there, and whether there are more. */
  readonly count = signal({ models: 0, more: true });
  readonly version: Signal<number>;
  readonly failure: Signal<unknown>;
  readonly freshAt: Signal<number | undefined>;
  readonly #pages: Pages<Query, Rows>;
  readonly #fetch: FetchModels;
  readonly #checkEnd: () => void;
  #before: number;
  #query: Query | undefined;
  /** Of the answer that is shown. */
  #shown: Known = nothingKnown(0);

  /** `before`: rows that were known when the panel was seen last, to which it scrolls back. */
  constructor(fetch: FetchModels, now: () => number, before = 0) {
    this.#fetch = fetch;
    this.#pages = new Pages<Query, Rows>({
      fetch: ({ offset, limit, ...query }, abort) => this.#read(query, offset / limit, abort),
      ...{ now, most: KEPT, pinsFirst: false },
      sameRows: (one, other) => one.known === other.known,
      came: (_index, { rows, query }) => {
        this.#shown = query.known;
        this.#tellCount();
        return rows;
      },
    });
    this.total = this.#pages.total;
    this.version = this.#pages.version;
    this.failure = this.#pages.failure;
    this.freshAt = this.#pages.freshAt;
    this.#before = before;
    this.#checkEnd = inTurn(async () => {
      const query = this.#query;
      if (query === undefined) return;
      const { known } = query;
      for (let before = -1; known.rows !== before; ) {
        before = known.rows;
        await this.#read(query, Math.max(0, Math.ceil(before / PAGE) - 1));
      }
      if (this.#shown !== known) return;
      this.total.value = known.rows;
      this.#tellCount();
    });
  }

  /** Another filter or order: what was known of the tokens is of no use for it. */
  setQuery(query: Pick<Query, "filter" | "order">): void {
    this.#query = { ...query, known: nothingKnown(this.#before) };
    this.#before = 0;
    // The grid goes back to its first row: to read what was on screen, all before it would be read.
    this.#pages.setViewport(0, 0, false);
    this.#pages.setQuery(this.#query);
  }

  setViewport(first: number, last: number): void {
    this.#pages.setViewport(first, last);
  }

  /** The store changed, or the person asked to try again. */
  refresh(): void {
    this.#pages.refresh();
    // Where the list ends is asked for where that was known, and is not on screen.
    if (this.#shown.isWhole && this.#shown.rows > PAGE) this.#checkEnd();
  }

  at(index: number): LoggedModelRow | undefined {
    const found = this.#pages.at(index);
    return found?.page.rows.rows[found.at];
  }

  /** The loaded row of a model; undefined where it is not loaded. */
  find(model_id: string): number | undefined {
    return this.#pages.find(({ rows }) => rows.findIndex((row) => row.model_id === model_id));
  }

  loaded(): LoggedModelRow[] {
    return this.#pages.loaded().flatMap(([, { rows }]) => rows);
  }

  /** Metrics of the models that were seen, with how many of them have it. */
  get metrics(): ReadonlyMap<string, number> {
    const all = new Map<string, number>();
    for (const page of this.#shown.metrics.values()) {
      for (const [key, models] of page) all.set(key, (all.get(key) ?? 0) + models);
    }
    return all;
  }

  #tellCount(): void {
    const { rows, isWhole } = this.#shown;
    this.count.value = { models: isWhole ? rows : Math.max(0, rows - 1), more: !isWhole };
  }

  async #read(query: Query, index: number, abort?: AbortSignal): Promise<Rows> {
    const { known } = query;
    const rows = (await this.#page(query, index, abort))?.rows ?? [];
    known.metrics.set(index, countMetrics(rows));
    return { rows, total: known.rows };
  }

  /** A page; undefined where the list ends before it. The pages before it are read for their tokens, where those are not known. */
  async #page(query: Query, index: number, abort?: AbortSignal): Promise<LoggedModelsPage | undefined> {
    const { known, filter, order } = query;
    const token = index === 0 ? undefined : await this.#token(query, index, abort);
    if (index > 0 && token === undefined) return undefined;
    const page = this.#fetch(
      { filter, order, limit: PAGE, ...(token === undefined ? {} : { page_token: token }) },
      abort,
    );
    const next = page.then(({ next_page_token }) => next_page_token);
    keep(known.tokens, index + 1, next);
    learn(known, index, await page);
    return page;
  }

  /** Known at once, or with the page before it, which several may wait for. */
  #token(query: Query, index: number, abort?: AbortSignal): Promise<string | undefined> {
    const { tokens } = query.known;
    const known = tokens.get(index);
    if (known !== undefined) return known;
    const token = this.#page(query, index - 1, abort).then((page) => page?.next_page_token);
    keep(tokens, index, token);
    return token;
  }
}

/** A token that could not be read is asked for again. */
function keep(tokens: Known["tokens"], index: number, token: Promise<string | undefined>): void {
  tokens.set(index, token);
  token.catch(() => {
    if (tokens.get(index) === token) tokens.delete(index);
  });
}

function nothingKnown(before: number): Known {
  return { tokens: new Map(), rows: before, isWhole: false, metrics: new Map() };
}

/** What a page tells of the length of the list. */
function learn(known: Known, index: number, { rows, next_page_token }: LoggedModelsPage): void {
  const first = index * PAGE;
  const isBeyond = index > 0 && rows.length === 0;
  if (isBeyond || next_page_token === undefined) {
    known.rows = first + rows.length;
    // Where the list became shorter than that, the page that ends it tells.
    known.isWhole = !isBeyond;
  } else if (known.rows <= first + PAGE) {
    known.rows = first + PAGE + 1;
    known.isWhole = false;
  }
}

function countMetrics(rows: readonly LoggedModelRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { metrics } of rows) {
    for (const key of new Set(metrics.map((metric) => metric.key))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
