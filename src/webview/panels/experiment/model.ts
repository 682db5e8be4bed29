import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { attempts } from "../../ui/attempts.ts";
import { isReplaced } from "../../ui/errors.ts";
import { mergedChange, type StoreChange } from "../../../protocol/changes.ts";
import type { ExperimentHost, ExperimentView } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { Clock, type ClockParts } from "../../ui/clock.ts";
import { directions, type MetricScale } from "../../ui/metrics.ts";
import type { OpenMenu } from "../../ui/menu.tsx";
import { STICKY } from "../../ui/table/parts.ts";
import { baselineModel } from "./baselineModel.ts";
import { storedId } from "./cellText.ts";
import { bothFilters } from "../../ui/chart/brushFilter.ts";
import { firstRuns } from "./charts/firstRuns.ts";
import { chartsModel } from "./charts/model.ts";
import { columnsModel } from "./columnsModel.ts";
import { curves } from "./curves.ts";
import { filterByIds } from "../../../mlflow/filter/write.ts";
import { drawnRuns, factsAt, type RunFacts, sameFacts } from "./drawn.ts";
import { filterModel } from "./filter/filterModel.ts";
import { groupFilter } from "./groups.ts";
import { keysModel } from "./keysModel.ts";
import { scaleOver } from "./scales.ts";
import { type RunPage, toPage } from "./page.ts";
import { rowsModel } from "./rowsModel.ts";
import { type RowPlace, RunsWindow } from "./runsWindow.ts";
import type { ExperimentArrangement, TableArrangement } from "./savedView.ts";
import { type Meant, selection } from "./selection.ts";
import { viewsModel } from "./viewsModel.ts";

/** Several changes within this many ms are one. */
const COALESCE = 100;

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
  const failure = signal<unknown>(undefined);
  const { problem, attempt } = attempts();
  const draft = signal(saved.filter);
  const filter = signal(saved.filter);
  const sash = signal(saved.sash);
  const beside = signal(saved.beside);
  const part = signal(saved.part);
  const scroll = signal(saved.scroll);
  const focus = signal(saved.focus);
  const chartScroll = signal(saved.chartScroll);
  const drawnChoice = signal(saved.drawn);
  const smoothing = signal(saved.smoothing);
  const chartFilter = signal(saved.chartFilter);
  /** The list of columns, or that of keys, is open. */
  const choosing = signal(false);
  const explaining = signal(false);
  /** A metric column whose step is asked for. */
  const stepping = signal<{ id: string; key: string } | undefined>(undefined);
  const menu = signal<OpenMenu | undefined>(undefined);
  const hovered = signal<string | undefined>(undefined);
  const clock = new Clock(surroundings);
  const elsewhere = signal<RunFacts[]>([]);

  const rows = new RunsWindow(
    async ({ rows: asked, ...window }, abort) =>
      toPage(await host.runColumns({ ...asked, ...window }, abort), window.fields),
    surroundings.now,
  );
  const failed = (error: unknown) => {
    failure.value = error;
  };
  const recovered = () => {
    failure.value = undefined;
  };
  const logged = keysModel({ host, filter, failed, recovered });
  const { overview, keys } = logged;
  const baselineId: ReadonlySignal<string | undefined> = computed(() => baseline.id.value);
  const pages = computed(() => (rows.version.value, rows.pages()));
  /** Stays as it was while another page than the first answers first: no chart draws runs that are further down. */
  const firstPage = computed<RunPage | undefined>(() => (rows.version.value, rows.first()));
  const columns = columnsModel({
    ...{ saved, keys: logged.all, here: logged.here, baseline: baselineId, first: firstPage },
    narrow: surroundings.narrow,
    now: surroundings.now,
  });
  const baseline = baselineModel({ host, overview, fields: columns.asked, failed });
  const arranged = rowsModel(saved, baselineId);
  /** Range and format of each shown metric over the loaded rows. */
  const scales = computed(() => {
    const loaded = pages.value;
    // Which value is the best.
    const found = (directions.value, new Map<string, MetricScale>());
    return (id: string): MetricScale => {
      const scale = found.get(id) ?? scaleOver(loaded, storedId(id));
      found.set(id, scale);
      return scale;
    };
  });
  const placeAt = (row: number): RowPlace | undefined => (row === STICKY ? baseline.place.value : rows.row(row));
  const idAt = (row: number) => {
    const place = placeAt(row);
    return place?.columns.run_ids[place.at];
  };
  const groupAt = (row: number) => {
    const place = placeAt(row);
    return place?.columns.groupAt.get(place.at);
  };
  const { order } = columns;
  const rowsQuery = computed(() => ({
    ...(filter.value === "" ? {} : { filter: filter.value }),
    ...(order.value.length === 0 ? {} : { order: order.value }),
    ...arranged.query.value,
  }));
  const selected = selection({
    ...{ host, saved: saved.checked, idAt },
    rows: () => rowsQuery.peek(),
    groupFilter: (row) => {
      const group = groupAt(row);
      const found = group && groupFilter(arranged.query.peek().group_by ?? [], group);
      return found === undefined ? undefined : bothFilters(filter.peek(), found);
    },
  });
  const { checked } = selected;
  const curve = curves(host, failed);
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
  /** Charts may compare with another run than the table, as long as nobody chose one there. */
  const chartBaseline = signal<string | undefined>(undefined);
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
    baseline: chartBaseline,
    failed,
  });

  const query = computed(() => ({ rows: rowsQuery.value, fields: columns.asked.value }));
  const start = () => {
    readKeys();
    charts.start();
    views.start();
    stop.push(
      more.start(),
      clock.start(),
      logged.start(),
      baseline.start(),
      effect(() => {
        chartBaseline.value = baselineId.value;
      }),
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
  /** Overview and keys; then the table knows its columns. */
  const readKeys = () => attempt(logged.read());
  const findElsewhere = () => {
    const known = new Set([
      ...pages.value.flatMap((page) => page.run_ids),
      ...drawnFacts.peek().map(({ run_id }) => run_id),
    ]);
    const missing = drawn.value.filter((id) => !known.has(id) && !elsewhere.peek().some(({ run_id }) => run_id === id));
    if (missing.length === 0 || pages.value.length === 0) return;
    host
      .runColumns({ filter: filterByIds(missing), offset: 0, limit: missing.length, fields: [] })
      .then((read) => {
        const found = toPage(read, []);
        const facts = found.run_ids.flatMap((_, at) => factsAt(found, at) ?? []);
        if (facts.length > 0) elsewhere.value = [...elsewhere.peek(), ...facts];
      })
      .catch(failed);
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: StoreChange | undefined;
  const told: Omit<ExperimentView, "act" | "actOnChart" | "retry" | "showChart"> = {
    async storeChanged(change) {
      pending = pending === undefined ? change : mergedChange(pending, change);
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
    const run_ids = change.everything ? undefined : change.run_ids;
    readAgain(run_ids);
    curve.changed(run_ids);
    logged.changed();
  };
  /** Which runs there are, and what these have logged; undefined: any may have. */
  const readAgain = (run_ids: string[] | undefined) => {
    rows.refresh();
    more.changed();
    charts.changed(run_ids);
    baseline.changed();
  };

  /** Asks for everything once more, be it of another experiment in the place of the first. */
  const retry = () => {
    // The other one has none of the runs that are shown: charts must not ask it for them.
    const isOther = [failure.peek(), rows.failure.peek()].some(isReplaced);
    batch(() => {
      if (isOther) {
        rows.clear();
        more.forget();
      }
      failure.value = undefined;
      rows.failure.value = undefined;
      problem.value = undefined;
      elsewhere.value = [];
    });
    readAgain(undefined);
    curve.forget();
    findElsewhere();
    readKeys();
    views.start();
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
  /** Folds or unfolds what is below a row; false where nothing is. */
  const fold = (row: number, open?: boolean): boolean => {
    const level = levelOf(row);
    if (level.expanded === undefined || level.expanded === open) return false;
    const place = placeAt(row);
    const group = groupAt(row);
    if (group !== undefined) arranged.foldGroup(group.id);
    else if (place !== undefined) arranged.foldRun(idAt(row) ?? "", place.columns.context[place.at] === 1);
    return true;
  };
  const levelOf = (row: number): { depth: number; expanded: boolean | undefined } => {
    const place = placeAt(row);
    if (place === undefined || row === STICKY) return { depth: 0, expanded: undefined };
    const { columns: page, at } = place;
    const group = page.groupAt.get(at);
    const depth = page.depths[at] ?? 0;
    if (group !== undefined) return { depth, expanded: !group.folded };
    const nests = arranged.nested.value && !arranged.isGrouped.value && (page.children[at] ?? 0) > 0;
    return {
      depth,
      expanded: nests ? arranged.isUnfolded(page.run_ids[at] ?? "", page.context[at] === 1) : undefined,
    };
  };
  /** The run of a row, and what is acted on there: it, or the checked runs if it is one. Without a row (-1) the checked runs. */
  const meant = (row: number): Meant => {
    const all = [...checked.peek()];
    if (row === -1) return { id: "", ids: all };
    // A group, or a row that is not loaded yet, stands for no run.
    const id = idAt(row) ?? "";
    if (id === "") return { id, ids: [] };
    return { id, ids: checked.peek().has(id) ? all : [id] };
  };

  const table = computed<TableArrangement>(() => ({
    filter: filter.value,
    ...columns.kept.value,
    ...arranged.kept.value,
  }));
  const applyTable = (next: TableArrangement) => {
    batch(() => {
      columns.apply(next);
      arranged.apply(next);
      applyFilter(next.filter);
    });
  };
  const remember = (text: string) => views.remember(text);
  const mayOr = surroundings.mayOr ?? true;
  const writing = filterModel({ draft, filter, keys: logged.all, mayOr, apply: applyFilter, remember });
  const views = viewsModel({
    ...{ host, table, apply: applyTable },
    failed: (error) => {
      problem.value = error;
    },
  });

  return {
    ...{ views, table, stepping, writing },
    ...{
      overview,
      keys,
      logged,
      failure,
      draft,
      filter,
      sash,
      beside,
      part,
      choosing,
      explaining,
      menu,
      scroll,
      focus,
    },
    ...{ chartScroll, smoothing, chartFilter, hovered, rows, columns, arranged, selected, checked, baseline, curve },
    ...{ scales, drawn, drawnSet, drawnIds, drawnFacts, told, start, retry, applyFilter, toggleDrawn, charts, attempt },
    ...{ placeAt, idAt, groupAt, fold, levelOf, meant, rowsQuery, problem },
    now: clock.now,
    varying: columns.varying,
    /** The store knows OR in filters. */
    mayOr,
    /** Rows can have others below them. */
    tree: computed(
      () => arranged.isGrouped.value || pages.value.some((page) => page.children.some((count) => count > 0)),
    ),
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
      ...table.value,
      sash: sash.value,
      part: part.value,
      ...(beside.value === undefined ? {} : { beside: beside.value }),
      scroll: scroll.value,
      focus: focus.value,
      chartScroll: chartScroll.value,
      drawn: drawnChoice.value,
      checked: [...checked.value].slice(0, 500),
      smoothing: smoothing.value,
      chartFilter: chartFilter.value,
      charts: charts.kept.value,
    })),
    dispose: () => {
      for (const end of stop.splice(0)) end();
      charts.dispose();
      more.dispose();
      curve.dispose();
      logged.dispose();
      clearTimeout(timer);
    },
  };
}
