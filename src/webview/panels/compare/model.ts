import { batch, computed, effect, signal } from "@preact/signals";
import {
  type ComparedKey,
  type CompareHost,
  type CompareValues,
  type CompareView,
  type Comparison,
  COMPARE_ACTIONS,
  type TextRow,
} from "../../../protocol/panels/compare.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { attempts } from "../../ui/attempts.ts";
import type { Crosshair } from "../../ui/chart/hub.ts";
import { type ChartLine, linesByRun } from "../../ui/chart/lines.ts";
import { RunCache } from "../../ui/chart/runCache.ts";
import { inTurn } from "../../ui/inTurn.ts";
import type { OpenMenu } from "../../ui/menu.tsx";
import { ValuesCache } from "../../ui/chart/valuesCache.ts";
import { comparisonCsv, markdownOf } from "./copyTable.ts";
import { type Section, sectionsOf } from "./differences.ts";
import { fieldChoices } from "./fieldChoices.ts";
import type { CompareArrangement } from "./savedView.ts";
import type { ValueTable } from "../../ui/chart/values.ts";
import { brushFilterOf, type ValuesQuestion } from "./valueTables.ts";

/** Several changes within this many ms are one. */
const COALESCE = 100;
/** Environments are read again at most this often, in ms, while runs log. */
const ENVIRONMENTS_EVERY = 5000;
/** Artifacts are looked at again at most this often, in ms, while runs log. */
const ARTIFACTS_EVERY = 1000;
const POINTS = 800;

export type CompareModel = ReturnType<typeof compareModel>;

/** Names a run of the panel: ids alone are not enough where a store was copied. */
export function keyOf({ uri, run_id }: ComparedKey): string {
  return `${run_id} ${uri}`;
}

function namesOf(runs: readonly ComparedKey[]): string {
  return runs.map(keyOf).join("\n");
}

/** Everything the Compare panel knows and decides; `view.tsx` draws it. */
export function compareModel(
  host: Remote<CompareHost>,
  saved: CompareArrangement,
  /** What is arranged is kept before another tab hides the page. */
  keep: () => void = () => undefined,
) {
  const comparison = signal<Comparison | undefined>(undefined);
  /** Packages by run, and which runs these are. */
  const environment = signal<{ of: string; rows: TextRow[] }>({ of: "", rows: [] });
  const failure = signal<unknown>(undefined);
  const { problem, attempt } = attempts();
  const arrangement = signal(saved);
  const change = (part: Partial<CompareArrangement>) => {
    arrangement.value = { ...arrangement.peek(), ...part };
  };
  const hovered = signal<string | undefined>(undefined);
  const crosshair = signal<Crosshair | undefined>(undefined);
  const menu = signal<OpenMenu | undefined>(undefined);
  /** The chart that fills the panel. */
  const full = signal<"parallel" | "side" | undefined>(undefined);
  /** What was told to screen readers last. */
  const said = signal("");
  /** Rises when artifacts may have changed. */
  const version = signal(0);
  const brush = signal(saved.brush);
  const sash = signal(saved.sash);
  const beside = signal(saved.beside);
  const smoothing = computed(() => arrangement.value.smoothing);
  const failed = (error: unknown) => {
    failure.value = error;
  };

  const runs = computed(() => comparison.value?.runs ?? []);
  const baselineAt = computed(() => {
    const { baseline } = arrangement.value;
    const at = baseline === undefined ? -1 : runs.value.findIndex((run) => keyOf(run) === keyOf(baseline));
    return Math.max(0, at);
  });
  /** Places of the runs in the table's columns: the baseline first. */
  const order = computed(() => [
    ...(runs.value.length === 0 ? [] : [baselineAt.value]),
    ...runs.value.flatMap((_, i) => (i === baselineAt.value ? [] : [i])),
  ]);
  const columns = computed(() => order.value.flatMap((place) => runs.value[place] ?? []));
  const stepped = computed(() => new Set(comparison.value?.stepped));
  const sections = computed<Section[]>(() => {
    if (comparison.value === undefined) return [];
    const { differencesOnly } = arrangement.value;
    const [own, steps] = [order.value, stepped.value];
    return sectionsOf({
      ...comparison.value,
      order: own,
      environment: environment.value.of === namesOf(runs.value) ? environment.value.rows : [],
      differencesOnly,
      stepped: steps,
    });
  });
  const choices = computed(() => fieldChoices(comparison.value ?? { params: [], metrics: [], stepped: [] }));
  const keys = computed(() => runs.value.map(keyOf));
  const compared = computed<ReadonlySet<string>>(() => new Set(keys.value));
  /** Runs of the experiments that are not compared. */
  const others = computed(() => {
    const all = (comparison.value?.experiments ?? []).reduce((sum, experiment) => sum + experiment.runs, 0);
    return Math.max(0, all - runs.value.filter(({ lifecycle_stage }) => lifecycle_stage === "active").length);
  });

  const values = new ValuesCache<CompareValues>(async (question, abort) => {
    // The border to the cache's keys, which are texts.
    const { fields, others: context } = JSON.parse(question) as ValuesQuestion;
    return host.values({ fields, others: context }, abort);
  }, failed);
  const series = new RunCache(async (metric_key, wanted) => {
    const found = new Map<string, ChartLine["line"]>();
    const stores = Map.groupBy(
      runs.peek().filter((run) => wanted.includes(keyOf(run))),
      ({ uri }) => uri,
    );
    for (const [uri, own] of stores) {
      const answer = await host.metricSeries({
        uri,
        metric_key,
        points: POINTS,
        run_ids: own.map(({ run_id }) => run_id),
      });
      for (const [run_id, line] of linesByRun(answer)) found.set(keyOf({ uri, run_id }), line);
    }
    return found;
  }, failed);
  const setRuns = effect(() => series.setRuns(keys.value));
  const linesOf = (metric_key: string): ChartLine[] => {
    const known = series.of(metric_key).value;
    return runs.value.flatMap((run): ChartLine[] => {
      const line = known.get(keyOf(run));
      if (line === undefined || line.values.length === 0) return [];
      return [
        { run_id: keyOf(run), name: run.run_name, ordinal: run.ordinal, running: run.status === "RUNNING", line },
      ];
    });
  };

  let environmentsAt = 0;
  const readEnvironments = inTurn(async () => {
    const of = namesOf(runs.peek());
    if (of === environment.peek().of && Date.now() - environmentsAt < ENVIRONMENTS_EVERY) return;
    environmentsAt = Date.now();
    try {
      environment.value = { of, rows: await host.environments({}) };
    } catch (error) {
      failed(error);
    }
  });
  const read = inTurn(async () => {
    try {
      const found = await host.comparison({});
      batch(() => {
        const before = comparison.peek();
        // Of a store that was removed nothing is left to show but what was read before.
        const keeps = found.runs.length === 0 && before !== undefined && before.runs.length > 0;
        comparison.value = keeps ? { ...before, lost: found.lost } : found;
        failure.value = undefined;
      });
      readEnvironments();
    } catch (error) {
      failed(error);
    }
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    read();
    values.changed();
    series.changed(undefined);
  };
  let artifactTimer: ReturnType<typeof setTimeout> | undefined;
  const lookAtArtifacts = () => {
    artifactTimer ??= setTimeout(() => {
      artifactTimer = undefined;
      version.value += 1;
    }, ARTIFACTS_EVERY);
  };
  /** A logged model's files are among its run's, and which run that is is not told. */
  const concernsArtifacts = (uri: string, { everything, models, run_ids }: StoreChange) =>
    everything || models || runs.peek().some((run) => run.uri === uri && run_ids.includes(run.run_id));

  const filterTable = () => {
    const ranges = brush.peek();
    const table = lastTable;
    if (table === undefined || Object.keys(ranges).length === 0) {
      problem.value = new Error("No axis is brushed. Drag along an axis of the parallel coordinates first.");
      return;
    }
    keep();
    attempt(host.filterTable({ filter: brushFilterOf(table(), ranges) }));
  };
  /** The table of the parallel coordinates, as it is drawn. */
  let lastTable: (() => ValueTable) | undefined;

  const copyTable = (as: "markdown" | "csv") => {
    const text =
      as === "markdown" ? markdownOf(columns.peek(), sections.peek()) : comparisonCsv(columns.peek(), sections.peek());
    attempt(host.copy({ text }));
    said.value = as === "markdown" ? "Copied as Markdown" : "Copied as CSV";
  };
  const openAsDiff = (right?: ComparedKey) => {
    const [left] = columns.peek();
    if (left === undefined) return;
    const key = ({ uri, run_id }: ComparedKey): ComparedKey => ({ uri, run_id });
    attempt(host.openAsDiff({ left: key(left), ...(right === undefined ? {} : { right: key(right) }) }));
  };
  const toggleDifferences = () => {
    const differencesOnly = !arrangement.peek().differencesOnly;
    change({ differencesOnly });
    said.value = differencesOnly ? "Differences only" : "All rows";
  };
  const setBaseline = ({ uri, run_id }: ComparedKey) => change({ baseline: { uri, run_id } });
  const told: CompareView = {
    async storeChanged({ uri, change: seen }) {
      if (concernsArtifacts(uri, seen)) lookAtArtifacts();
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh();
      }, COALESCE);
    },
    async act({ action }) {
      if (!COMPARE_ACTIONS.includes(action)) return;
      if (action === "differences") toggleDifferences();
      else if (action === "filterTable") filterTable();
      else if (action === "openAsDiff") openAsDiff();
      else copyTable(action);
    },
    setBaseline: async (run) => setBaseline(run),
  };

  return {
    comparison,
    failure,
    problem,
    arrangement,
    change,
    hovered,
    crosshair,
    menu,
    full,
    said,
    version,
    brush,
    sash,
    beside,
    hub: { hovered, crosshair, smoothing },
    runs,
    columns,
    sections,
    choices,
    compared,
    others,
    values,
    series,
    linesOf,
    told,
    attempt,
    filterTable,
    copyTable,
    openAsDiff,
    toggleDifferences,
    setBaseline,
    fold: (name: string) => {
      const { folded } = arrangement.peek();
      change({ folded: folded.includes(name) ? folded.filter((other) => other !== name) : [...folded, name] });
    },
    /** Told by the parallel coordinates, for the search that its brush stands for. */
    drawnTable: (table: () => ValueTable) => {
      lastTable = table;
    },
    remove: (gone: ComparedKey[]) =>
      attempt(host.removeRuns({ runs: gone.map(({ uri, run_id }) => ({ uri, run_id })) })),
    start: read,
    retry: () => {
      failure.value = undefined;
      refresh();
      version.value += 1;
    },
    kept: computed<CompareArrangement>(() => ({
      ...arrangement.value,
      brush: brush.value,
      sash: sash.value,
      beside: beside.value,
    })),
    dispose: () => {
      for (const each of [timer, artifactTimer]) clearTimeout(each);
      setRuns();
      values.dispose();
    },
  };
}
