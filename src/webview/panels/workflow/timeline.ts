import type { StepTry, WorkflowOverview, WorkflowStep } from "../../../protocol/panels/workflow.ts";
import { formatDuration } from "../../ui/format.ts";
import { durationOf, LOST_SIGN } from "./words.ts";

// When each step ran, as bars. No drawing: tested as tables. Places are shares of the whole width, 0 to 1.

export interface Bar {
  from: number;
  to: number;
  status: StepTry["status"] | "cached";
}

export interface TimelineRow {
  id: string;
  name: string;
  bars: Bar[];
  /** What stands behind the last bar. */
  text: string;
  /** Where it ends; for a step without a bar, where the others are. */
  end: number;
  /** It will not start: a dashed box stands for it. */
  isBlocked: boolean;
}

export interface Timeline {
  title: string;
  rows: TimelineRow[];
  ticks: { at: number; text: string }[];
  /** While it goes on. */
  now?: number;
  /** Where nothing ran for long, as before it was resumed: left out. */
  breaks: { at: number; text: string }[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** ms between two ticks. */
const STEPS = [
  ...[10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 4, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 60, 180].map((count) => count * DAY),
];
const MOST_TICKS = 5;
/** A pause is left out when it is at least this long, in ms, and this much of the time in which something ran. */
const LONG_PAUSE = MINUTE;
const LARGE_SHARE = 0.25;
/** A tick so near to "now" has no room for its words. */
const BESIDE_NOW = 0.07;

interface Pause {
  from: number;
  to: number;
}

export function timelineOf(overview: WorkflowOverview, now: number): Timeline {
  const { steps, status, maxParallel } = overview;
  const isOpen = status === "RUNNING" && overview.stuck !== true;
  const tries = steps.filter((step) => step.status !== "cached").flatMap((step) => step.tries);
  const endOf = (one: StepTry) => one.ended_at ?? (isOpen ? now : one.started_at);
  const first = Math.min(overview.started_at, ...tries.map(({ started_at }) => started_at));
  const last = Math.max(first, ...(isOpen ? [now] : [overview.ended_at ?? first]), ...tries.map(endOf));
  const busy = tries.map((one) => ({ from: one.started_at, to: endOf(one) }));
  const pauses = pausesOf([{ from: first, to: first }, ...busy, { from: last, to: last }]);
  const elapsed = (time: number) =>
    time - first - pauses.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(time, to) - from), 0);
  const total = elapsed(last);
  const step = STEPS.find((one) => total / one <= MOST_TICKS) ?? STEPS.at(-1) ?? DAY;
  const width = Math.max(step, Math.ceil((total * (isOpen ? 1.02 : 1)) / step) * step);
  const share = (time: number) => elapsed(time) / width;
  const nowAt = isOpen ? share(now) : undefined;
  const ticks = Array.from({ length: Math.round(width / step) + 1 }, (_, i) => ({
    at: (i * step) / width,
    text: tickText(i * step, step),
  }));
  const breaks = pauses.map(({ from, to }) => ({ at: share(from), text: `${formatDuration(to - from)} later` }));
  const rows = steps.map((one): TimelineRow => {
    const bars = barsOf(one, (time) => share(time), endOf);
    const isBlocked = one.status === "blocked";
    const end = bars.at(-1)?.to ?? (one.status === "waiting" || isBlocked ? share(last) : 0);
    return { id: one.id, name: one.name, bars, text: rowText(one, overview, now), end, isBlocked };
  });
  const length = total === 0 && !isOpen ? "" : `${formatDuration(total)}${isOpen ? " so far" : ""}`;
  const beside = maxParallel === undefined ? "" : `${maxParallel} at a time`;
  return {
    title: [length, beside].filter(Boolean).join(" · "),
    rows,
    ticks: ticks.map(({ at, text }) => ({
      at,
      text: nowAt !== undefined && Math.abs(at - nowAt) < BESIDE_NOW ? "" : text,
    })),
    breaks,
    ...(nowAt === undefined ? {} : { now: nowAt }),
  };
}

function barsOf(step: WorkflowStep, share: (time: number) => number, endOf: (one: StepTry) => number): Bar[] {
  if (step.status === "cached") return [{ from: 0, to: 0, status: "cached" }];
  return step.tries.map((one) => ({ from: share(one.started_at), to: share(endOf(one)), status: one.status }));
}

/** Times at which nothing ran for so long that the rest could not be told apart. */
function pausesOf(busy: Pause[]): Pause[] {
  const sorted = busy.toSorted((a, b) => a.from - b.from);
  const gaps: Pause[] = [];
  let worked = 0;
  let until = sorted[0]?.from ?? 0;
  for (const { from, to } of sorted) {
    if (from > until) gaps.push({ from: until, to: from });
    worked += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return gaps.filter(({ from, to }) => to - from >= Math.max(LONG_PAUSE, worked * LARGE_SHARE));
}

function rowText(step: WorkflowStep, overview: WorkflowOverview, now: number): string {
  const isStuck = overview.stuck === true;
  if (isStuck && step.status === "running") return LOST_SIGN.words;
  const took = durationOf(step, now, isStuck);
  const { length } = step.tries;
  switch (step.status) {
    case "cached":
      return "cached";
    case "blocked":
      return "blocked";
    case "waiting":
      return overview.status === "RUNNING" ? "waiting" : "did not start";
    case "killed":
      return took === "" ? "killed" : `${took}, killed`;
    case "failed":
    case "finished":
    case "running":
      return length > 1 ? `${took}, ${length === 2 ? "retried once" : `${length} tries`}` : took || step.status;
    default:
      return step.status satisfies never;
  }
}

/** `0 m`, `30 s`, `1 m 30 s`: in the unit of the ticks. */
function tickText(ms: number, step: number): string {
  if (step < SECOND) return `${ms} ms`;
  if (step < MINUTE) return ms < MINUTE ? `${ms / SECOND} s` : withRest(ms, MINUTE, "m", SECOND, "s");
  if (step < HOUR) return ms < HOUR ? `${ms / MINUTE} m` : withRest(ms, HOUR, "h", MINUTE, "m");
  return step < DAY ? `${ms / HOUR} h` : `${ms / DAY} d`;
}

function withRest(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = (ms % large) / small;
  const whole = `${Math.floor(ms / large)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}
