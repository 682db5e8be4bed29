import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { StoreChange } from "../../../protocol/changes.ts";
import type {
  StepLog,
  WorkflowHost,
  WorkflowOverview,
  WorkflowStep,
  WorkflowSubject,
  WorkflowView,
} from "../../../protocol/panels/workflow.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { attempts } from "../../ui/attempts.ts";
import { Clock, type ClockParts } from "../../ui/clock.ts";
import { inTurn } from "../../ui/inTurn.ts";
import { afterFirst } from "../../ui/later.ts";
import { type Camera, fitted, panned, revealing, type Size, zoomed } from "./camera.ts";
import { type Layout, layoutOf, NODE_HEIGHT, NODE_WIDTH } from "./layout.ts";
import type { WorkflowArrangement } from "./savedView.ts";
import { sameSteps } from "./sameSteps.ts";
import { walk, type Direction } from "./walk.ts";

/** Several changes within this many ms are one. */
const COALESCE = 100;
/** What else is logged in the experiment is looked at no more often than this, in ms. */
const OTHERS_EVERY = 500;

export type WorkflowModel = ReturnType<typeof workflowModel>;

/** Everything the Workflow panel knows and decides; `view.tsx` draws it. */
export function workflowModel(
  host: Remote<WorkflowHost>,
  subject: WorkflowSubject,
  saved: WorkflowArrangement,
  time: ClockParts,
) {
  const overview = signal<WorkflowOverview | undefined>(undefined);
  const failure = signal<unknown>(undefined);
  const { problem, attempt } = attempts();
  const freshAt = signal<number | undefined>(undefined);
  const selected = signal(saved.selected);
  const metric = signal(saved.metric);
  /** The step that the keyboard is on. */
  const current = signal(saved.selected);
  /** The step whose reason is shown beside it. */
  const told = signal<string | undefined>(undefined);
  const room = signal<Size>({ width: 0, height: 0 });
  const moved = signal<Camera | undefined>(saved.zoom === 0 ? undefined : { zoom: saved.zoom, x: saved.x, y: saved.y });
  const clock = new Clock(time);
  const logs = new Map<string, Signal<StepLog | undefined>>();
  let seen = saved.seen;

  const steps = computed(() => new Map(overview.value?.steps.map((step) => [step.id, step])));
  /** What the layout depends on; the same text while only statuses change. */
  const shape = computed(() =>
    JSON.stringify([
      overview.value?.steps.map(({ id }) => id) ?? [],
      overview.value?.edges.map(({ from, to }) => ({ from, to })) ?? [],
    ]),
  );
  const layout = computed<Layout>(() => {
    const [ids, edges] = JSON.parse(shape.value) as [string[], { from: string; to: string }[]];
    return layoutOf({ ids, edges });
  });
  const camera = computed<Camera>(() => moved.value ?? fitted(layout.value, room.value));
  const shown = computed<WorkflowStep | undefined>(() => steps.value.get(selected.value));
  /** The step that Tab leads to. */
  const entrance = computed(() => {
    const at = current.value;
    return steps.value.has(at) ? at : overview.value?.steps[0]?.id;
  });

  const reveal = (id: string) => {
    const place = layout.peek().places.get(id);
    if (place === undefined || room.peek().width === 0) return;
    const box = { x: place.x, y: place.y, width: NODE_WIDTH, height: NODE_HEIGHT };
    const before = camera.peek();
    const next = revealing(before, box, room.peek());
    if (next.x !== before.x || next.y !== before.y) moved.value = next;
  };
  const goTo = (id: string) => {
    current.value = id;
    if (selected.peek() !== "") selected.value = id;
    reveal(id);
  };

  const take = (found: WorkflowOverview) => {
    overview.value = { ...found, steps: sameSteps(overview.peek()?.steps ?? [], found.steps) };
    failure.value = undefined;
    freshAt.value = time.now();
    if (seen) return;
    seen = true;
    // What went wrong is what a person opens it for.
    const failed = found.steps.find(({ status }) => status === "failed");
    if (failed === undefined) return;
    selected.value = failed.id;
    current.value = failed.id;
  };
  const read = inTurn(async () => {
    try {
      take(await host.overview({}));
    } catch (error) {
      failure.value = error;
    }
  });
  const readLog = (run_id: string, log: Signal<StepLog | undefined>) => {
    host.stepLog({ run_id }).then(
      (found) => {
        log.value = found;
      },
      (error: unknown) => {
        problem.value = error;
      },
    );
  };
  /** The end of what a run printed; it is kept when the run is over. */
  const logOf = (run_id: string): ReadonlySignal<StepLog | undefined> => {
    const known = logs.get(run_id);
    if (known !== undefined) return known;
    const log = signal<StepLog | undefined>(undefined);
    logs.set(run_id, log);
    readLog(run_id, log);
    return log;
  };

  /** Whether it is about the runs that are drawn. */
  const isOwn = ({ everything, run_ids }: StoreChange) => {
    const seen = overview.peek();
    if (everything || seen === undefined || run_ids.includes(subject.run_id)) return true;
    const drawn = new Set(seen.steps.flatMap(({ run }) => run?.run_id ?? []));
    return run_ids.some((id) => drawn.has(id));
  };
  const soon = afterFirst(COALESCE, read);
  const whenQuiet = afterFirst(OTHERS_EVERY, read);
  const view: WorkflowView = {
    async storeChanged(change) {
      for (const [run_id, log] of logs) if (change.everything || change.run_ids.includes(run_id)) readLog(run_id, log);
      if (isOwn(change)) soon();
      // A child that is not known yet, or one more run of the workflow, among whatever else is logged there.
      else if (change.experiment_ids.includes(overview.peek()?.experiment_id ?? "")) whenQuiet();
    },
  };
  let stopClock: (() => void) | undefined;

  return {
    subject,
    overview,
    failure,
    problem,
    freshAt,
    selected,
    metric,
    current,
    told,
    room,
    steps,
    layout,
    camera,
    shown,
    entrance,
    now: clock.now,
    view,
    attempt,
    logOf,
    reveal,
    can: (action: WorkflowOverview["can"][number]) => overview.value?.can.includes(action) === true,
    select: (id: string) => {
      selected.value = id;
      if (id !== "") current.value = id;
      // Its details say the same, and nothing lies over the steps below it.
      told.value = undefined;
    },
    /** Where an arrow key leads; undefined at the edge. */
    walk: (direction: Direction): string | undefined => {
      const from = entrance.peek();
      const next = from === undefined ? undefined : walk(from, direction, layout.peek(), overview.peek()?.edges ?? []);
      if (next !== undefined) goTo(next);
      return next;
    },
    goTo,
    zoom: (by: number, at?: { x: number; y: number }) => {
      const { width, height } = room.peek();
      moved.value = zoomed(camera.peek(), by, at ?? { x: width / 2, y: height / 2 });
    },
    pan: (x: number, y: number) => {
      moved.value = panned(camera.peek(), { x, y }, layout.peek(), room.peek());
    },
    fit: () => {
      moved.value = undefined;
    },
    start: () => {
      read();
      stopClock = clock.start();
    },
    retry: () => {
      failure.value = undefined;
      read();
    },
    arrangement: computed<WorkflowArrangement>(() => {
      const { zoom = 0, x = 0, y = 0 } = moved.value ?? {};
      return {
        selected: selected.value,
        metric: metric.value,
        seen: overview.value !== undefined || saved.seen,
        ...{ zoom, x: Math.round(x), y: Math.round(y) },
      };
    }),
    dispose: () => {
      soon.cancel();
      whenQuiet.cancel();
      stopClock?.();
    },
  };
}
