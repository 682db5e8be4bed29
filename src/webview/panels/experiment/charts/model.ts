import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ExperimentHost, ParamChart } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import type { RunOrder } from "../../../../protocol/runs.ts";
import { type Brush, without } from "../../../ui/chart/brush.ts";
import type { Crosshair } from "../../../ui/chart/hub.ts";
import type { Zoom } from "../../../ui/chart/zoom.ts";
import { byMeaning } from "../../../ui/metrics.ts";
import type { OpenMenu } from "../../../ui/menu.tsx";
import type { RunFacts } from "../drawn.ts";
import type { KeyNames } from "../page.ts";
import { chartData } from "./data.ts";
import { imageList } from "./imageList.ts";
import {
  type ChartSettings,
  type ChartsArrangement,
  type ChartSpec,
  chartsOf,
  matchingCharts,
  moved,
  sectionsOf,
  type XChoice,
} from "./specs.ts";

/** What the charts go by of the panel around them. */
export interface ChartsParts {
  host: Pick<Remote<ExperimentHost>, "metricSeries" | "runValues" | "listArtifacts">;
  saved: ChartsArrangement;
  /** Of all charts, 0 to 0.99. */
  smoothing: Signal<number>;
  /** Regular expression of metric names. */
  pattern: Signal<string>;
  keys: ReadonlySignal<KeyNames | undefined>;
  /** Drawn runs in the order of the table. */
  facts: ReadonlySignal<RunFacts[]>;
  /** Rows of the table. */
  filter: ReadonlySignal<string>;
  order: ReadonlySignal<RunOrder[]>;
  hovered: Signal<string | undefined>;
  /** Run that differences are taken from; undefined = the first drawn one. */
  baseline: Signal<string | undefined>;
  failed(error: unknown): void;
}

export type ChartsModel = ReturnType<typeof chartsModel>;

/** Which charts there are, how each is set, and what it shows. */
export function chartsModel(parts: ChartsParts) {
  const { saved, keys, hovered, smoothing } = parts;
  const arrangement = signal<ChartsArrangement>(saved);
  const brush = signal<Brush>(saved.brush);
  const zooms = new Map<string, Signal<Zoom>>();
  const zoomed = signal(0);
  const crosshair = signal<Crosshair | undefined>(undefined);
  /** The chart that fills the panel. */
  const full = signal<string | undefined>(undefined);
  /** The chart whose dialog is open; `fresh` = it is not there yet. */
  const editing = signal<{ spec: ChartSpec; fresh: boolean } | undefined>(undefined);
  /** The chart whose data is shown as a table. */
  const tabled = signal<string | undefined>(undefined);
  /** The chart that has, or last had, the focus or the pointer. */
  const current = signal<string | undefined>(undefined);
  const menu = signal<OpenMenu | undefined>(undefined);
  const hub = { hovered, crosshair, smoothing };

  const stepped = computed(() => new Set(keys.value?.stepped ?? []));
  const metricKeys = computed(() => byMeaning(keys.value?.metrics ?? [], stepped.value));
  const specs = computed(() => chartsOf(metricKeys.value, stepped.value, arrangement.value));
  const shown = computed(() => matchingCharts(specs.value, parts.pattern.value));
  const sections = computed(() => sectionsOf(shown.value));
  /** Charts in the order in which they stand on screen. */
  const inOrder = computed(() => sections.value.flatMap(({ charts }) => charts));
  const specOf = (id: string) => specs.value.find((spec) => spec.id === id);

  const freshSpec = (): ChartSpec => ({
    id: `chart.${Date.now().toString(36)}`,
    kind: "scatter",
    metrics: [],
    fields: [],
  });

  const change = (next: Partial<ChartsArrangement>) => {
    arrangement.value = { ...arrangement.peek(), ...next };
  };
  const zoomOf = (id: string): Signal<Zoom> => {
    const known = zooms.get(id);
    if (known !== undefined) return known;
    const zoom = signal<Zoom>(saved.zooms[id] ?? {});
    zooms.set(id, zoom);
    stop.push(
      zoom.subscribe(() => {
        zoomed.value = zoomed.peek() + 1;
      }),
    );
    return zoom;
  };
  const stop: (() => void)[] = [];
  /** A computed a chart, so that a setting of one draws no other. */
  const settings = new Map<string, ReadonlySignal<ChartSettings>>();
  const ownOf = (id: string): ReadonlySignal<ChartSettings> => {
    const known = settings.get(id);
    if (known !== undefined) return known;
    let before: ChartSettings = {};
    const own = computed(() => {
      const now = arrangement.value.settings[id] ?? {};
      if (JSON.stringify(now) !== JSON.stringify(before)) before = now;
      return before;
    });
    settings.set(id, own);
    return own;
  };
  const xOf = (id: string): XChoice => ownOf(id).value.x ?? arrangement.value.x;

  const data = chartData({
    ...parts,
    xOf,
    zoomOf,
    meanOf: (id) => ownOf(id).value.mean ?? true,
    group: computed(() => arrangement.value.group),
    stepped,
  });

  const images = imageList(parts.host, parts.facts, parts.failed);

  const set = (id: string, next: ChartSettings) => {
    const { settings: all } = arrangement.peek();
    // A setting that is undefined is as all charts' again, and is not kept.
    const kept = Object.entries({ ...all[id], ...next }).filter(([, value]) => value !== undefined);
    change({ settings: { ...all, [id]: Object.fromEntries(kept) } });
  };
  const add = (spec: ChartSpec) => {
    const { added } = arrangement.peek();
    const at = added.findIndex(({ id }) => id === spec.id);
    change({ added: at < 0 ? [spec, ...added] : added.with(at, spec) });
  };
  /** Writes a chart down as the person set it; one that the panel had becomes theirs. */
  const keep = (spec: ChartSpec) => {
    const { removed, order } = arrangement.peek();
    if (arrangement.peek().added.some(({ id }) => id === spec.id)) return add(spec);
    const own = specs.peek().find(({ id }) => id === spec.id);
    if (own === undefined) return add(spec);
    const id = `chart.${Date.now().toString(36)}`;
    const ids = inOrder.peek().map((other) => (other.id === spec.id ? id : other.id));
    batch(() => {
      const { settings: all } = arrangement.peek();
      change({
        removed: [...removed, spec.id],
        order: order.length > 0 ? order.map((other) => (other === spec.id ? id : other)) : ids,
      });
      change({ settings: { ...all, [id]: all[spec.id] ?? {} } });
      add({ ...spec, id });
    });
  };
  const remove = (id: string) => {
    const { added, removed } = arrangement.peek();
    const own = id.startsWith("metrics.");
    change({ added: added.filter((spec) => spec.id !== id), removed: own ? [...removed, id] : removed });
    if (full.peek() === id) full.value = undefined;
  };
  const move = (id: string, target: number) => {
    change({
      order: moved(
        inOrder.peek().map((spec) => spec.id),
        id,
        target,
      ),
    });
  };
  const moveBy = (id: string, by: number) => {
    const ids = inOrder.peek().map((spec) => spec.id);
    const at = ids.indexOf(id);
    if (at >= 0) move(id, at + by);
  };
  const fold = (name: string) => {
    const { folded } = arrangement.peek();
    change({ folded: folded.includes(name) ? folded.filter((other) => other !== name) : [...folded, name] });
  };

  return {
    hub,
    arrangement,
    specs,
    shown,
    sections,
    inOrder,
    specOf,
    stepped,
    metricKeys,
    brush,
    full,
    editing,
    tabled,
    menu,
    current,
    pattern: parts.pattern,
    smoothing,
    keys,
    facts: parts.facts,
    baseline: parts.baseline,
    data,
    images,
    /** Runs with new points or files; undefined = any. */
    changed: (run_ids: string[] | undefined) => {
      data.changed(run_ids);
      images.changed(run_ids);
    },
    change,
    zoomOf,
    ownOf,
    xOf,
    set,
    keep,
    remove,
    move,
    moveBy,
    fold,
    /** Shows a param against a metric in full size. */
    showParam: ({ param, metric }: ParamChart) => {
      const fields = [`params.${param}`, `metrics.${metric}`];
      const isLike = (spec: ChartSpec) => spec.kind === "scatter" && spec.fields.join("\n") === fields.join("\n");
      const spec = specs.peek().find(isLike) ?? { ...freshSpec(), fields };
      if (specOf(spec.id) === undefined) add(spec);
      full.value = spec.id;
    },
    /** Opens the dialog of a new chart. */
    addChart: () => {
      editing.value = { spec: freshSpec(), fresh: true };
    },
    unbrush: (id: string) => {
      brush.value = without(brush.peek(), id);
    },
    /** What is kept of it all. */
    kept: computed<ChartsArrangement>(() => {
      const live = zoomed.value >= 0 ? [...zooms] : [];
      const open = live.flatMap(([id, zoom]) => {
        const { x, y } = zoom.peek();
        return x === undefined && y === undefined ? [] : [[id, { x, y }] as const];
      });
      const closed = Object.entries(saved.zooms).filter(([id]) => !zooms.has(id));
      return { ...arrangement.value, zooms: Object.fromEntries([...closed, ...open]), brush: brush.value };
    }),
    start: () => {
      stop.push(effect(data.follow), effect(images.follow));
    },
    dispose: () => {
      for (const end of stop.splice(0)) end();
      data.dispose();
    },
  };
}
