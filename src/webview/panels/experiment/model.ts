import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { ExperimentHost, ExperimentOverview, ExperimentView } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { RunColumnsQuery } from "../../../protocol/runs.ts";
import { Clock, type ClockParts } from "../../ui/clock.ts";
import { type GridColumn, type SortColumn, toggledSort } from "../../ui/table/columns.ts";
import type { MetricScale } from "../../ui/metrics.ts";
import { firstRuns } from "./charts/firstRuns.ts";
import { chartsModel } from "./charts/model.ts";
import { gridColumns, initialColumns, orderOf, varyingParams } from "./columns.ts";
import { drawnRuns, factsAt, filterByIds, type RunFacts, sameFacts } from "./drawn.ts";
import { scaleOver } from "./scales.ts";
import { fieldsOf, type KeyNames, keyNames, type RunPage, toPage } from "./page.ts";
import { RunsWindow } from "./runsWindow.ts";
import type { ChosenColumns, ExperimentArrangement } from "./savedView.ts";

const NO_KEYS: KeyNames = { params: [], metrics: [], stepped: [] };
/** Several changes within this many ms are one. */
const COALESCE = 100;
/** Keys are read again at most this often, in ms, while a store keeps changing. */
const KEYS_EVERY = 500;
/** Keys whose values are looked at to see which params vary. */
const SAMPLED_PARAMS = 200;

export interface Surroundings extends ClockParts {
  /** Width in px while the narrow layout is in force. */
  narrow: ReadonlySignal<number | undefined>;
  /** The store knows OR in filters; absent: it does. */
  mayOr?: boolean;
}

export type ExperimentModel = ReturnType<typeof experimentModel>;

/** Everything the Experiment panel knows and decides; `view.tsx` draws it. */
export function experimentModel(
  host: Remote<ExperimentHost>,
  saved: ExperimentArrangement,
  surroundings: Surroundings,
) {
  const overview = signal<ExperimentOverview | undefined>(undefined);
  const keys = signal<KeyNames | undefined>(undefined);
  const sample = signal<RunPage | undefined>(undefined);
  const failure = signal<unknown>(undefined);
  const problem = signal<unknown>(undefined);
  const draft = signal(saved.filter);
  const filter = signal(saved.filter);
  const sort = signal<SortColumn[]>(saved.sort);
  const chosen = signal<ChosenColumns | undefined>(saved.columns);
  const sizes = signal(saved.sizes);
  const sash = signal(saved.sash);
  const beside = signal(saved.beside);
  const part = signal(saved.part);
  const scroll = signal(saved.scroll);
  const chartScroll = signal(saved.chartScroll);
  const drawnChoice = signal(saved.drawn);
  const checked = signal<ReadonlySet<string>>(new Set(saved.checked));
  const smoothing = signal(saved.smoothing);
  const chartFilter = signal(saved.chartFilter);
  /** The list of columns is open. */
  const choosing = signal(false);
  const hovered = signal<string | undefined>(undefined);
  const clock = new Clock(surroundings);
  const elsewhere = signal<RunFacts[]>([]);

  const readPage = async (
    { params, metrics, ...rows }: Omit<RunColumnsQuery, "fields" | "experiment_ids"> & ChosenColumns,
    abort?: AbortSignal,
  ): Promise<RunPage> => {
    const fields = fieldsOf({ params, metrics });
    return toPage(await host.runColumns({ ...rows, fields }, abort), fields);
  };
  const rows = new RunsWindow(readPage, surroundings.now);
  const failed = (error: unknown) => {
    failure.value = error;
  };
  const varying = computed(() =>
    varyingParams(keys.value ?? NO_KEYS, sample.value === undefined ? [] : [sample.value]),
  );
  const shown = computed<ChosenColumns>(() => {
    const known = keys.value ?? NO_KEYS;
    const wanted = chosen.value ?? initialColumns(known, varying.value);
    return {
      params: wanted.params.filter((key) => known.params.includes(key)),
      metrics: wanted.metrics.filter((key) => known.metrics.includes(key)),
    };
  });
  const pages = computed(() => (rows.version.value, rows.pages()));
  const columns = computed<GridColumn[]>((): GridColumn[] =>
    gridColumns({
      chosen: shown.value,
      keys: keys.value ?? NO_KEYS,
      varying: varying.value,
      sample: sample.value,
      narrow: surroundings.narrow.value,
      sort: sort.value,
      now: clock.now.peek(),
    }),
  );
  /** Range and format of each shown metric over the loaded rows. */
  const scales = computed(() => {
    const loaded = pages.value;
    const found = new Map<string, MetricScale>();
    return (metricKey: string): MetricScale => {
      const scale = found.get(metricKey) ?? scaleOver(loaded, metricKey);
      found.set(metricKey, scale);
      return scale;
    };
  });

  /** Stays as it was while another page than the first answers first: no chart draws runs that are further down. */
  const firstPage = computed<RunPage | undefined>(() => (rows.version.value, rows.first()));
  const order = computed(() => orderOf(sort.value));
  const first = () => charts.arrangement.value.first;
  const more = firstRuns({ host, filter, order, first, failed });
  const drawn = computed(() => {
    const ids = more.facts.value?.map(({ run_id }) => run_id) ?? firstPage.value?.run_ids ?? [];
    return drawnRuns(ids, drawnChoice.value, first());
  });
  const drawnSet = computed(() => new Set(drawn.value));
  const drawnIds: ReadonlySignal<ReadonlySet<string>> = drawnSet;
  let factsBefore: RunFacts[] = [];
  /** Facts of the drawn runs, in their order; the same list while they are the same, so that rows that arrive redraw no chart. */
  const drawnFacts = computed(() => {
    const known = new Map([...elsewhere.value, ...(more.facts.value ?? [])].map((facts) => [facts.run_id, facts]));
    for (const page of pages.value) {
      page.run_ids.forEach((id, at) => {
        const facts = drawnSet.value.has(id) ? factsAt(page, at) : undefined;
        if (facts !== undefined) known.set(id, facts);
      });
    }
    const facts = drawn.value.flatMap((id) => known.get(id) ?? []);
    if (!sameFacts(facts, factsBefore)) factsBefore = facts;
    return factsBefore;
  });
  /** Run that the others are compared with. */
  const baseline = signal<string | undefined>(undefined);
  const charts = chartsModel({
    host,
    saved: saved.charts,
    smoothing,
    pattern: chartFilter,
    keys,
    facts: drawnFacts,
    filter,
    order,
    hovered,
    baseline,
    failed,
  });

  const query = computed(() => ({ filter: filter.value, order: order.value, ...shown.value }));
  const start = () => {
    readKeys();
    charts.start();
    stop.push(
      more.start(),
      clock.start(),
      effect(() => {
        if (keys.value !== undefined) rows.setQuery(query.value);
      }),
      effect(() => {
        const rowsOf = [filter.value, order.value];
        if (rowsOf.length > 0) charts.data.rowsChanged();
      }),
      effect(findElsewhere),
    );
  };

  const stop: (() => void)[] = [];
  /** Overview, keys and a sample of the first rows; then the table knows its columns. */
  const readKeys = () => {
    const read = async () => {
      const [info, logged] = await Promise.all([host.overview({}), host.runKeys({})]);
      const found = keyNames(logged);
      const params = found.params.slice(0, SAMPLED_PARAMS);
      const first = await readPage({ offset: 0, limit: 100, params, metrics: [] });
      batch(() => {
        overview.value = info;
        sample.value = first;
        if (JSON.stringify(found) !== JSON.stringify(keys.peek())) keys.value = found;
        failure.value = undefined;
      });
    };
    read().catch(failed);
  };
  const findElsewhere = () => {
    const known = new Set([
      ...pages.value.flatMap((page) => page.run_ids),
      ...drawnFacts.peek().map(({ run_id }) => run_id),
    ]);
    const missing = drawn.value.filter((id) => !known.has(id) && !elsewhere.peek().some(({ run_id }) => run_id === id));
    if (missing.length === 0 || pages.value.length === 0) return;
    readPage({ filter: filterByIds(missing), offset: 0, limit: missing.length, params: [], metrics: [] })
      .then((found) => {
        const facts = found.run_ids.flatMap((_, at) => factsAt(found, at) ?? []);
        if (facts.length > 0) elsewhere.value = [...elsewhere.peek(), ...facts];
      })
      .catch(failed);
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: StoreChange | undefined;
  const told: Omit<ExperimentView, "actOnChart"> = {
    async storeChanged(change) {
      pending = pending === undefined ? change : merged(pending, change);
      timer ??= setTimeout(() => {
        const what = pending;
        timer = undefined;
        pending = undefined;
        if (what !== undefined) apply(what);
      }, COALESCE);
    },
    async highlight({ run_id }) {
      hovered.value = run_id;
    },
    async applyFilter({ filter: text }) {
      applyFilter(text);
    },
  };
  const apply = (change: StoreChange) => {
    rows.refresh();
    more.changed();
    charts.changed(change.everything ? undefined : change.run_ids);
    keysTimer ??= setTimeout(() => {
      keysTimer = undefined;
      readKeys();
    }, KEYS_EVERY);
  };
  let keysTimer: ReturnType<typeof setTimeout> | undefined;

  const retry = () => {
    batch(() => {
      failure.value = undefined;
      rows.failure.value = undefined;
    });
    rows.refresh();
    charts.changed(undefined);
    readKeys();
  };
  const applyFilter = (text: string) => {
    batch(() => {
      draft.value = text;
      filter.value = text.trim();
      rows.failure.value = undefined;
      scroll.value = { top: 0, left: scroll.peek().left };
    });
  };
  const toggleDrawn = (run_id: string) => {
    drawnChoice.value = { ...drawnChoice.peek(), [run_id]: !drawnSet.peek().has(run_id) };
  };
  const idAt = (row: number) => {
    const place = rows.row(row);
    return place?.columns.run_ids[place.at];
  };
  const check = (from: number, to = from) => {
    const next = new Set(checked.peek());
    const range =
      from === to ? [from] : Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => Math.min(from, to) + i);
    for (const id of range.flatMap((row) => idAt(row) ?? [])) {
      if (from === to && next.has(id)) next.delete(id);
      else next.add(id);
    }
    checked.value = next;
  };

  return {
    overview,
    keys,
    failure,
    draft,
    filter,
    sort,
    chosen,
    sizes,
    sash,
    beside,
    part,
    choosing,
    scroll,
    chartScroll,
    checked,
    smoothing,
    chartFilter,
    hovered,
    now: clock.now,
    rows,
    varying,
    shown,
    columns,
    scales,
    drawn,
    drawnSet,
    drawnIds,
    /** The store knows OR in filters. */
    mayOr: surroundings.mayOr ?? true,
    drawnFacts,
    told,
    start,
    retry,
    applyFilter,
    toggleDrawn,
    check,
    idAt,
    charts,
    baseline,
    /** Why something the person asked for failed. */
    problem,
    attempt: (answer: Promise<unknown>) => {
      answer.catch((error: unknown) => {
        problem.value = error;
      });
    },
    sortBy: (column: GridColumn, several: boolean) => {
      sort.value = toggledSort(columns.peek(), sort.peek(), column.id, several);
    },
    resize: (column: GridColumn, width: number) => {
      sizes.value = { ...sizes.peek(), [column.id]: Math.round(width) };
    },
    /** Draws the first runs of the table, and nothing that was chosen before. */
    drawFirst: (count: number) => {
      drawnChoice.value = {};
      charts.change({ first: count });
    },
    drawOnlyChecked: () => {
      const ids = [...drawn.peek(), ...(firstPage.peek()?.run_ids.slice(0, 10) ?? [])];
      const none = Object.fromEntries(ids.map((id) => [id, false]));
      drawnChoice.value = { ...none, ...Object.fromEntries([...checked.peek()].map((id) => [id, true])) };
    },
    arrangement: computed<ExperimentArrangement>(() => ({
      filter: filter.value,
      sort: sort.value,
      ...(chosen.value === undefined ? {} : { columns: chosen.value }),
      sizes: sizes.value,
      sash: sash.value,
      part: part.value,
      ...(beside.value === undefined ? {} : { beside: beside.value }),
      scroll: scroll.value,
      chartScroll: chartScroll.value,
      drawn: drawnChoice.value,
      checked: [...checked.value].slice(0, 200),
      smoothing: smoothing.value,
      chartFilter: chartFilter.value,
      charts: charts.kept.value,
    })),
    dispose: () => {
      for (const end of stop.splice(0)) end();
      charts.dispose();
      more.dispose();
      clearTimeout(timer);
      clearTimeout(keysTimer);
    },
  };
}

function merged(a: StoreChange, b: StoreChange): StoreChange {
  return {
    everything: a.everything || b.everything,
    experiment_ids: [...new Set([...a.experiment_ids, ...b.experiment_ids])],
    run_ids: [...new Set([...a.run_ids, ...b.run_ids])],
    models: a.models || b.models,
  };
}
