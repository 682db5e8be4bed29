import {
  type FieldColumn,
  MOST_IDS,
  MOST_ROWS,
  MOST_VALUES,
  type RunColumns,
  type RunColumnsQuery,
  type RunField,
  type RunRowsQuery,
  type RunValues,
  type RunValuesQuery,
} from "../../protocol/runs.ts";
import { pause } from "../chain.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { arrangeRuns } from "./arrangeRuns.ts";
import type { Arrangement, ArrangedGroup } from "./arrangement.ts";
import { rowColumn } from "./groupColumn.ts";
import { type HistoryField, historyField } from "./historyValues.ts";
import { Unsupported } from "./runColumn.ts";
import type { RunSource } from "./runSource.ts";

/** What a store gives for the rows of panels. */
export interface RunRows {
  /** `simply`: what the store's own columns could not hold, read whole. Throws Unsupported where that is needed. */
  source(query: RunRowsQuery, simply: boolean, signal?: AbortSignal): RunSource | Promise<RunSource>;
  /** Reads histories that `source`s are then asked about; the runs are some of this `source`. */
  readHistories(fields: HistoryField[], run_ids: string[], source: RunSource, signal?: AbortSignal): Promise<void>;
}

/** Whether slots still mean what they did: after a pause they may not. */
type IsCurrent = (source: RunSource) => boolean;

const arranged = new WeakMap<RunSource, { key: string; arrangement: Arrangement }>();

/** The methods that answer rows, the same for every store. */
export function rowMethods(
  rows: RunRows,
  isCurrent: IsCurrent = () => true,
): Pick<TrackingStore, "runColumns" | "runIds" | "runValues"> {
  /** Does `work` with the rows; again where the store's own columns cannot tell, or were others after a pause. */
  const withRows = async <T>(
    query: RunRowsQuery,
    signal: AbortSignal | undefined,
    work: (source: RunSource, arrangement: Arrangement, rest: () => Promise<void>) => Promise<T>,
  ): Promise<T> => {
    let simply = false;
    for (let attempt = 0; ; attempt++) {
      try {
        const found = await arrange(query, simply, signal);
        // The third time nothing else may come between.
        const rest = attempt < 2 ? restAndLook(found.source, signal) : () => Promise.resolve();
        return await work(found.source, found.arrangement, rest);
      } catch (error) {
        if (error instanceof Unsupported && !simply) simply = true;
        else if (!(error instanceof Outdated)) throw error;
      }
    }
  };

  const arrange = async (query: RunRowsQuery, simply: boolean, signal: AbortSignal | undefined) => {
    const slow = historyFields([...(query.order ?? []).map(({ field }) => field), ...(query.group_by ?? [])]);
    if (slow.length > 0) {
      const source = await rows.source({ ...query, order: [] }, simply, signal);
      const wanted = Array.from(source.matching, (slot) => source.ids[slot] ?? "");
      await rows.readHistories(slow, wanted, source, signal);
    }
    const source = await rows.source(query, simply, signal);
    const { order, group_by, folded_groups, nested, unfolded, folded, hidden, pinned } = query;
    const key = JSON.stringify([order, group_by, folded_groups, nested, unfolded, folded, hidden, pinned]);
    const known = arranged.get(source);
    if (known?.key === key) return { source, arrangement: known.arrangement };
    const arrangement = arrangeRuns(source, query);
    arranged.set(source, { key, arrangement });
    return { source, arrangement };
  };

  const restAndLook = (source: RunSource, signal: AbortSignal | undefined) => {
    let restedAt = performance.now();
    return async () => {
      if (performance.now() - restedAt < 20) return;
      await pause(signal);
      restedAt = performance.now();
      if (!isCurrent(source)) throw new Outdated();
    };
  };

  /** Columns of some rows; `groups` are those among them. */
  const readColumns = async (
    source: RunSource,
    wanted: Int32Array,
    groups: readonly ArrangedGroup[],
    fields: RunField[],
    rest: () => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<FieldColumn[]> => {
    const slow = historyFields(fields);
    if (slow.length > 0) {
      const slots = new Set(wanted.filter((row) => row >= 0));
      for (const row of wanted) if (row < 0) for (const slot of groups[-1 - row]?.members ?? []) slots.add(slot);
      await rows.readHistories(
        slow,
        Array.from(slots, (slot) => source.ids[slot] ?? ""),
        source,
        signal,
      );
      if (!isCurrent(source)) throw new Outdated();
    }
    const columns: FieldColumn[] = [];
    for (const field of fields) {
      columns.push(rowColumn(source, field, wanted, groups));
      await rest();
    }
    return columns;
  };

  return {
    runColumns: (query: RunColumnsQuery, signal?: AbortSignal): Promise<RunColumns> =>
      withRows(query, signal, async (source, arrangement, rest) => {
        const { total, rows: all, groups } = arrangement;
        const offset = Math.min(Math.max(0, Math.floor(query.offset)), total);
        const end = Math.min(offset + Math.max(0, Math.min(query.limit, MOST_ROWS)), total);
        const wanted = all.subarray(offset, end);
        return {
          total,
          runs: arrangement.runs.length,
          running: arrangement.running,
          ...rowFacts(source, wanted),
          depths: arrangement.depths.slice(offset, end),
          children: arrangement.children.slice(offset, end),
          children_running: arrangement.childrenRunning.slice(offset, end),
          context: arrangement.context.slice(offset, end),
          pinned: arrangement.pinned.slice(offset, end),
          groups: Array.from(wanted).flatMap((row, at) => {
            const group = row < 0 ? groups[-1 - row] : undefined;
            if (group === undefined) return [];
            const { id, values, members, running, folded } = group;
            return [{ row: at, id, values, runs: members.length, running, folded }];
          }),
          columns: await readColumns(source, wanted, groups, query.fields, rest, signal),
        };
      }),
    runIds: (query: RunRowsQuery, signal?: AbortSignal) =>
      withRows(query, signal, async (source, arrangement) => {
        const slots = pinnedFirst(arrangement).subarray(0, MOST_IDS);
        return { run_ids: Array.from(slots, (slot) => source.ids[slot] ?? "") };
      }),
    runValues: (query: RunValuesQuery, signal?: AbortSignal): Promise<RunValues> =>
      withRows(query, signal, async (source, arrangement, rest) => {
        const { groups } = arrangement;
        const most = Math.max(0, Math.min(query.limit, MOST_VALUES));
        const slots = Int32Array.from(pinnedFirst(arrangement).subarray(0, most));
        const { run_ids, run_names, statuses, ordinals } = rowFacts(source, slots);
        const groupOf = new Map<number, number>();
        for (const [index, { members }] of groups.entries()) for (const slot of members) groupOf.set(slot, index);
        return {
          runs: arrangement.runs.length,
          ...{ run_ids, run_names, statuses, ordinals },
          group_of:
            groups.length === 0 ? new Uint32Array(0) : Uint32Array.from(slots, (slot) => groupOf.get(slot) ?? 0),
          groups: groups.map(({ id, values }) => ({ id, values })),
          columns: await readColumns(source, slots, [], query.fields, rest, signal),
        };
      }),
  };
}

/** The slots of a source mean other runs by now. */
class Outdated extends Error {}

function historyFields(fields: RunField[]): HistoryField[] {
  return fields.flatMap((field) => historyField(field) ?? []);
}

/** The runs that match, those that are pinned before the others. */
function pinnedFirst({ rows, pinned, runs, total }: Arrangement): Uint32Array {
  const first: number[] = [];
  for (let row = 0; row < total && pinned[row] === 1; row++) first.push(rows[row] ?? 0);
  if (first.length === 0) return runs;
  const isFirst = new Set(first);
  return Uint32Array.from([...first, ...runs.filter((slot) => !isFirst.has(slot))]);
}

/** What rows show of their runs; a group's row is empty. */
function rowFacts(source: RunSource, rows: Int32Array) {
  const slots = Array.from(rows).filter((row) => row >= 0);
  const facts = source.facts(slots);
  const run_ids = slots.map((slot) => source.ids[slot] ?? "");
  if (slots.length === rows.length) return { run_ids, ...facts };
  let next = 0;
  const places = Array.from(rows, (row) => (row < 0 ? -1 : next++));
  const spread = <T>(list: ArrayLike<T>, empty: T): T[] =>
    places.map((place) => (place < 0 ? empty : (list[place] ?? empty)));
  return {
    run_ids: spread(run_ids, ""),
    run_names: spread(facts.run_names, ""),
    statuses: spread(facts.statuses, "FINISHED"),
    lifecycle_stages: spread(facts.lifecycle_stages, "active"),
    experiment_ids: spread(facts.experiment_ids, ""),
    parent_run_ids: spread(facts.parent_run_ids, null),
    ordinals: Float64Array.from(spread(facts.ordinals, Number.NaN)),
    start_times: Float64Array.from(spread(facts.start_times, Number.NaN)),
    end_times: Float64Array.from(spread(facts.end_times, Number.NaN)),
  };
}
