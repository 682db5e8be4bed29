import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { RunHost, RunOverview, RunSubject, RunView } from "../../../protocol/panels/run.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { attempts } from "../../ui/attempts.ts";
import { type ChartLine, linesByRun } from "../../ui/chart/lines.ts";
import type { Crosshair } from "../../ui/chart/hub.ts";
import { RunCache } from "../../ui/chart/runCache.ts";
import { Clock, type ClockParts } from "../../ui/clock.ts";
import { bestOf, byMeaning, directionOf } from "../../ui/metrics.ts";
import { metricsOf } from "./facts.ts";
import { OpenArtifact } from "./openArtifact.ts";
import { type RunArrangement, type Section, sectionNamed, SECTIONS } from "./savedView.ts";

/** Several changes within this many ms are one. */
const COALESCE = 100;
/** Artifacts are listed again at most this often, in ms, while the run logs. */
const ARTIFACTS_EVERY = 1000;
const POINTS = 800;

export type RunModel = ReturnType<typeof runModel>;

/** What every metric of a run is told with. */
export interface MetricExtremes {
  best: number;
  min: number;
  max: number;
}

/** Everything the Run panel knows and decides; `view.tsx` draws it. */
export function runModel(host: Remote<RunHost>, subject: RunSubject, saved: RunArrangement, time: ClockParts) {
  const { run_id } = subject;
  const overview = signal<RunOverview | undefined>(undefined);
  const failure = signal<unknown>(undefined);
  const { problem, attempt } = attempts();
  const freshAt = signal<number | undefined>(undefined);
  const section = signal<Section>(saved.section);
  const smoothing = signal(saved.smoothing);
  const axis = signal(saved.axis);
  const scroll = signal(saved.scroll);
  const search = signal<Record<string, string>>(saved.search);
  const naming = signal(false);
  const clock = new Clock(time);
  const hovered = signal<string | undefined>(undefined);
  const crosshair = signal<Crosshair | undefined>(undefined);
  const failed = (error: unknown) => {
    failure.value = error;
  };
  const series = new RunCache(
    async (metric_key, run_ids) => linesByRun(await host.metricSeries({ run_ids, metric_key, points: POINTS })),
    failed,
  );
  const artifacts = new OpenArtifact(host, saved, attempt);

  const running = computed(() => overview.value?.run.info.status === "RUNNING" && overview.value.since === undefined);
  const baseline = computed(() => overview.value?.baseline);
  const metrics = computed(() => (overview.value === undefined ? [] : metricsOf(overview.value)));
  const hasSystem = computed(() => metrics.value.some(({ key }) => key.startsWith("system/")));
  const setRuns = effect(() => {
    const other = baseline.value?.run_id;
    series.setRuns(other === undefined ? [run_id] : [run_id, other]);
  });
  /** Sections that this run has. */
  const sections = computed<Section[]>(() => {
    const has: Partial<Record<Section, boolean>> = {
      system: hasSystem.value,
      children: (overview.value?.children.length ?? 0) > 0,
    };
    return SECTIONS.filter((one) => has[one] ?? true);
  });
  const shownSection = computed<Section>(() => (sections.value.includes(section.value) ? section.value : "overview"));
  /** Metrics with more than one point, as far as is known; system metrics last. */
  const charted = computed(() => {
    const stepped = metrics.value.filter(({ key, step }) => {
      const total = series.of(key).value.get(run_id)?.total;
      return total === undefined ? step > 0 : total > 1;
    });
    return byMeaning(
      stepped.map(({ key }) => key),
      new Set(),
    );
  });

  const linesOf = (metricKey: string): ReadonlySignal<ChartLine[]> =>
    computed(() => {
      const seen = overview.value;
      const known = series.of(metricKey).value;
      if (seen === undefined) return [];
      const own = { run_id, name: seen.run.info.run_name, ordinal: seen.ordinal, running: running.value };
      const other = seen.baseline;
      const lines: ChartLine[] = [];
      for (const each of [other === undefined ? undefined : { ...other, name: other.run_name, baseline: true }, own]) {
        const line = each && known.get(each.run_id);
        if (each === undefined || line === undefined || line.values.length === 0) continue;
        const { timestamps } = line;
        const first = timestamps[0] ?? 0;
        const xs = axis.value === "step" ? {} : { xs: timestamps.map((at) => at - first) };
        const of = { run_id: each.run_id, name: each.name, ordinal: each.ordinal, line, ...xs };
        lines.push({
          ...of,
          running: "running" in each && each.running,
          ...("baseline" in each ? { baseline: true } : {}),
        });
      }
      return lines;
    });
  const extremes = new WeakMap<Float64Array, MetricExtremes>();
  /** Best, least and greatest value of a metric so far; undefined until its history is read, or without a finite value. */
  const extremesOf = (metricKey: string): MetricExtremes | undefined => {
    const values = series.of(metricKey).value.get(run_id)?.values;
    if (values === undefined) return undefined;
    const known = extremes.get(values);
    if (known !== undefined) return known;
    const [min, max] = [bestOf(values, "lower"), bestOf(values, "higher")];
    if (min === undefined || max === undefined) return undefined;
    const found = { min, max, best: directionOf(metricKey) === "lower" ? min : max };
    extremes.set(values, found);
    return found;
  };

  const read = () => {
    host
      .overview({})
      .then((found) => {
        overview.value = found;
        failure.value = undefined;
        freshAt.value = time.now();
      })
      .catch(failed);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let artifactTimer: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    read();
    series.changed(undefined);
    artifactTimer ??= setTimeout(() => {
      artifactTimer = undefined;
      artifacts.refresh();
    }, ARTIFACTS_EVERY);
  };
  const concerns = (change: StoreChange) =>
    change.everything ||
    // A logged model's files are among the run's, and which run it is of is not told.
    change.models ||
    change.run_ids.includes(run_id) ||
    change.run_ids.includes(baseline.peek()?.run_id ?? "") ||
    change.run_ids.some((id) => overview.peek()?.children.some((child) => child.run_id === id)) ||
    // A child that is not known yet.
    (change.run_ids.length === 0 && change.experiment_ids.includes(overview.peek()?.run.info.experiment_id ?? ""));
  const told: RunView = {
    async storeChanged(change) {
      if (!concerns(change)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh();
      }, COALESCE);
    },
    async showSection({ section: words }) {
      section.value = sectionNamed(words) ?? section.value;
    },
    async editName() {
      naming.value = true;
    },
  };
  let stopClock: (() => void) | undefined;
  let stopLooking: (() => void) | undefined;
  /** A file may grow without a word to the store: while the run goes on and is seen, its files are looked at. */
  const lookAtFiles = () =>
    effect(() => {
      if (!running.value || !time.visible.value) return undefined;
      const looking = setInterval(() => artifacts.refresh(), ARTIFACTS_EVERY);
      return () => clearInterval(looking);
    });

  return {
    subject,
    run_id,
    overview,
    failure,
    freshAt,
    section,
    shownSection,
    sections,
    smoothing,
    axis,
    scroll,
    search,
    naming,
    now: clock.now,
    hovered,
    crosshair,
    series,
    artifacts,
    running,
    baseline,
    metrics,
    charted,
    linesOf,
    extremesOf,
    told,
    problem,
    attempt,
    can: (action: RunOverview["can"][number]) => overview.value?.can.includes(action) === true,
    start: () => {
      read();
      artifacts.refresh();
      stopClock = clock.start();
      stopLooking = lookAtFiles();
    },
    retry: () => {
      failure.value = undefined;
      read();
      series.changed(undefined);
      artifacts.refresh();
    },
    arrangement: computed<RunArrangement>(() => ({
      section: section.value,
      smoothing: smoothing.value,
      axis: axis.value,
      scroll: scroll.value,
      ...artifacts.arrangement.value,
      search: { ...search.value, artifacts: artifacts.tree.search.value },
    })),
    dispose: () => {
      for (const each of [timer, artifactTimer]) clearTimeout(each);
      stopClock?.();
      stopLooking?.();
      setRuns();
    },
  };
}
