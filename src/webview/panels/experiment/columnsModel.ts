import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { RunField, RunKeys } from "../../../protocol/runs.ts";
import { type GridColumn, type SortColumn, toggledSort } from "../../ui/table/columns.ts";
import { DATED, gridColumns, initialColumns, orderOf } from "./columns.ts";
import { fieldOf, idOf, partsOf } from "../../ui/chart/fields.ts";
import { ofDelta } from "./fields.ts";
import { factsById, type RunPage } from "./page.ts";
import type { TableArrangement } from "./savedView.ts";

// Which columns are shown, in which order, how wide, and by which the rows are sorted.

interface Parts {
  saved: TableArrangement;
  /** Of all runs. */
  keys: ReadonlySignal<RunKeys | undefined>;
  /** Of the runs that match. */
  here: ReadonlySignal<RunKeys | undefined>;
  baseline: ReadonlySignal<string | undefined>;
  first: ReadonlySignal<RunPage | undefined>;
  narrow: ReadonlySignal<number | undefined>;
  now: () => number;
}

/** Columns of rows that are read at once, whether they are on screen or not; of more, blocks around those on screen. */
const READ_AT_ONCE = 90;
const BLOCK = 30;

export type ColumnsModel = ReturnType<typeof columnsModel>;

export function columnsModel({ saved, keys, here, baseline, first, narrow, now }: Parts) {
  const chosen = signal<string[] | undefined>(saved.columns);
  const pinned = signal(saved.pinnedColumns);
  const onlyVarying = signal(saved.onlyVarying);
  const sizes = signal(saved.sizes);
  const sort = signal<SortColumn[]>(saved.sort);

  const facts = computed(() => factsById(here.value ?? keys.value ?? NONE));
  /** Params that vary among the runs that match. */
  const varying = computed(() =>
    (here.value ?? keys.value ?? NONE).params.filter(({ varies }) => varies).map(({ key }) => key),
  );
  const initial = computed(() => initialColumns(keys.value ?? NONE));
  /** The choice, without what nobody logged (any more). As long as some runs stand for all, every key may be logged. */
  const wanted = computed(() => {
    const logged = keys.value ?? NONE;
    const all = factsById(logged);
    return (chosen.value ?? initial.value).filter((id) => isKnown(id, all, logged.rough === true));
  });
  const shown = computed(() => {
    if (!onlyVarying.value) return wanted.value;
    return wanted.value.filter((id) => {
      const { room, key } = partsOf(id) ?? { room: "attributes", key: "" };
      return room === "attributes" || facts.value.get(`${room}.${key}`)?.varies !== false;
    });
  });
  const fields = computed(() => fieldsOf(shown.value));
  const dated = computed(() => first.value?.start_times.some((time) => now() - time > DATED) === true);
  const counts = computed(() => ({ all: (keys.value ?? NONE).params.length, vary: varying.value.length }));
  const columns = computed<GridColumn[]>(() =>
    gridColumns({
      chosen: shown.value,
      facts: factsById(keys.value ?? NONE),
      params: counts.value,
      pinned: new Set(pinned.value),
      baseline: baseline.value !== undefined,
      dated: dated.value,
      narrow: narrow.value,
      sort: sort.value,
    }),
  );
  /** Blocks on screen and beside it, of the columns that scroll sideways. */
  const blocks = signal({ from: 0, to: 2 * BLOCK });
  /** Fields that rows are read with. */
  const asked = computed(() => {
    const all = fields.value;
    if (all.length <= READ_AT_ONCE) return all;
    const ids = columns.value.map(({ id }) => ofDelta(id) ?? id);
    const beside = columns.value.findIndex((column, i) => i > 0 && column.pinned !== true);
    if (beside < 0) return all;
    const { from, to } = blocks.value;
    // The first is the name, which every row has.
    return fieldsOf([...ids.slice(1, beside), ...ids.slice(beside + from, beside + to)]);
  });
  const choose = (ids: string[]) => {
    chosen.value = [...new Set(ids)];
  };
  const choice = () => [...wanted.peek()];
  const pin = (id: string) => {
    const now = pinned.peek();
    pinned.value = now.includes(id) ? now.filter((other) => other !== id) : [...now, id];
  };

  return {
    ...{ chosen, pinned, onlyVarying, sizes, sort, facts, varying, wanted, shown, fields, columns, choose, pin },
    asked,
    /** These of the columns that scroll sideways are on screen. */
    drawn: (first: number, last: number) => {
      const from = Math.max(0, Math.floor(first / BLOCK) - 1) * BLOCK;
      const to = (Math.floor(last / BLOCK) + 2) * BLOCK;
      const now = blocks.peek();
      if (now.from !== from || now.to !== to) blocks.value = { from, to };
    },
    order: computed(() => orderOf(sort.value)),
    toggle: (id: string) => {
      const now = choice();
      choose(now.includes(id) ? now.filter((other) => other !== id) : withNeighbours(now, id));
    },
    /** Shows another value of the same metric in the column's place. */
    replace: (id: string, by: string) => {
      batch(() => {
        choose(choice().map((other) => (other === id ? by : other)));
        sort.value = sort.peek().map((one) => (one.id === id ? { ...one, id: by } : one));
      });
    },
    /** The column goes to where `to` stands. */
    moveTo: (id: string, to: string) => {
      const target = ofDelta(to) ?? to;
      const now = choice();
      const at = now.indexOf(target);
      if (at < 0 || !now.includes(id)) return;
      const rest = now.filter((other) => other !== id);
      rest.splice(at, 0, id);
      choose(rest);
    },
    moveBy: (id: string, by: 1 | -1) => {
      const now = choice();
      const at = now.indexOf(id);
      const other = now[at + by];
      if (at < 0 || other === undefined) return;
      now[at + by] = id;
      now[at] = other;
      choose(now);
    },
    sortBy: (column: GridColumn, several: boolean) => {
      sort.value = toggledSort(columns.peek(), sort.peek(), column.id, several);
    },
    resize: (column: GridColumn, width: number) => {
      sizes.value = { ...sizes.peek(), [column.id]: Math.round(width) };
    },
    apply: (table: TableArrangement) => {
      chosen.value = table.columns;
      pinned.value = table.pinnedColumns;
      onlyVarying.value = table.onlyVarying;
      sizes.value = table.sizes;
      sort.value = table.sort;
    },
    kept: computed(() => ({
      sort: sort.value,
      ...(chosen.value === undefined ? {} : { columns: chosen.value }),
      pinnedColumns: pinned.value,
      onlyVarying: onlyVarying.value,
      sizes: sizes.value,
    })),
  };
}

function fieldsOf(ids: readonly string[]): RunField[] {
  // The same field may be shown twice, as its best and its least.
  const byId = new Map<string, RunField>();
  for (const id of ids) {
    const field = fieldOf(id);
    if (field !== undefined) byId.set(idOf(field), field);
  }
  return [...byId.values()];
}

const NONE: RunKeys = { runs: 0, params: [], metrics: [], tags: [], datasets: [], stepped: [] };

function isKnown(id: string, facts: ReadonlyMap<string, unknown>, rough: boolean): boolean {
  const parts = partsOf(id);
  if (parts === undefined) return false;
  const keyed = parts.room === "params" || parts.room === "metrics" || parts.room === "tags";
  return !keyed || rough || facts.has(`${parts.room}.${parts.key}`);
}

/** A column that is added stands behind the last of its kind. */
function withNeighbours(ids: string[], id: string): string[] {
  const room = partsOf(id)?.room;
  const at = ids.findLastIndex((other) => partsOf(other)?.room === room && partsOf(other)?.of !== "curve");
  return at < 0 ? [...ids, id] : [...ids.slice(0, at + 1), id, ...ids.slice(at + 1)];
}
