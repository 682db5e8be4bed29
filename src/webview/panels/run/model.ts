import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { RunHost, RunOverview, RunView } from "../../../protocol/panels/run.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { type ChartLine, linesByRun } from "../../ui/chart/lines.ts";
import type { Crosshair } from "../../ui/chart/hub.ts";
import { RunCache } from "../../ui/chart/runCache.ts";
import { Clock, type ClockParts } from "../../ui/clock.ts";
import { bestOf, byMeaning, directionOf } from "../../ui/metrics.ts";
import { ArtifactTree } from "./artifacts.ts";
import { metricsOf } from "./facts.ts";
import type { RunArrangement, Section } from "./savedView.ts";

/** Several changes within this many ms are one. */
const COALESCE = 100;
/** Artifacts are listed again at most this often, in ms, while the run logs. */
const ARTIFACTS_EVERY = 2000;
const POINTS = 800;

export type RunModel = ReturnType<typeof runModel>;

/** Everything the Run panel knows and decides; `view.tsx` draws it. */
export function runModel(host: Remote<RunHost>, run_id: string, saved: RunArrangement, time: ClockParts) {
  const overview = signal<RunOverview | undefined>(undefined);
  const failure = signal<unknown>(undefined);
  const problem = signal<unknown>(undefined);
  const freshAt = signal<number | undefined>(undefined);
  const section = signal<Section>(saved.section);
  const smoothing = signal(saved.smoothing);
  const scroll = signal(saved.scroll);
  const clock = new Clock(time);
  const hovered = signal<string | undefined>(undefined);
  const crosshair = signal<Crosshair | undefined>(undefined);
  const failed = (error: unknown) => {
    failure.value = error;
  };
  const series = new RunCache(
    async (metric_key) => linesByRun(await host.metricSeries({ metric_key, points: POINTS })),
    failed,
  );
  const artifacts = new ArtifactTree((path) => host.listArtifacts(path === "" ? {} : { path }), saved.unfolded);
  series.setRuns([run_id]);

  const running = computed(() => overview.value?.run.info.status === "RUNNING");
  const metrics = computed(() => (overview.value === undefined ? [] : metricsOf(overview.value)));
  /** Sections that this run has. */
  const sections = computed<Section[]>(() => {
    const children = overview.value?.children.length ?? 0;
    return ["overview", "metrics", "artifacts", ...(children > 0 ? (["children"] as const) : [])];
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
      const line = series.of(metricKey).value.get(run_id);
      const seen = overview.value;
      if (line === undefined || seen === undefined || line.values.length === 0) return [];
      return [{ run_id, name: seen.run.info.run_name, ordinal: seen.ordinal, running: running.value, line }];
    });
  /** Best value of a metric so far; undefined until its history is read. */
  const bestValue = (metricKey: string): number | undefined => {
    const line = series.of(metricKey).value.get(run_id);
    return line === undefined ? undefined : bestOf(line.values, directionOf(metricKey));
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
  };
  let stopClock: (() => void) | undefined;

  return {
    run_id,
    overview,
    failure,
    freshAt,
    section,
    shownSection,
    sections,
    smoothing,
    scroll,
    now: clock.now,
    hovered,
    crosshair,
    series,
    artifacts,
    running,
    metrics,
    charted,
    linesOf,
    bestValue,
    told,
    problem,
    attempt: (answer: Promise<unknown>) => {
      answer.catch((error: unknown) => {
        problem.value = error;
      });
    },
    start: () => {
      read();
      artifacts.refresh();
      stopClock = clock.start();
    },
    retry: () => {
      failure.value = undefined;
      read();
      series.changed(undefined);
      artifacts.refresh();
    },
    arrangement: computed<RunArrangement>(() => ({
      section: section.value,
      unfolded: [...artifacts.unfolded.value],
      smoothing: smoothing.value,
      scroll: scroll.value,
    })),
    dispose: () => {
      for (const each of [timer, artifactTimer]) clearTimeout(each);
      stopClock?.();
    },
  };
}
