import type { Needs } from "./plan.ts";

/** `done`: what waits for it may start. `failed`: it will not. `stopped`: nothing more starts. */
export type Outcome = "done" | "failed" | "stopped";

export interface Schedule {
  needs: Needs;
  maxParallel: number;
  /** When it aborts nothing more starts; what runs is waited for. */
  stop: AbortSignal;
  /** Never throws. */
  run(name: string): Promise<Outcome>;
  /** Told of each that will not start, and of the one it waits for that failed or is itself blocked. */
  blocked?(name: string, by: string): void;
}

/** Runs everything once what it waits for is done, `maxParallel` at a time, in the order of `needs` where several could start. */
export async function runSchedule(schedule: Schedule): Promise<void> {
  const { needs, maxParallel, stop } = schedule;
  const waiting = new Set(needs.keys());
  const done = new Set<string>();
  const lost = new Set<string>();
  const running = new Map<string, Promise<void>>();
  let stopped = false;

  const start = (name: string) => {
    waiting.delete(name);
    const over = async () => {
      const outcome = await schedule.run(name);
      running.delete(name);
      if (outcome === "done") done.add(name);
      if (outcome === "failed") lost.add(name);
      if (outcome === "stopped") stopped = true;
    };
    running.set(name, over());
  };

  for (;;) {
    for (const name of waiting) {
      const by = needs.get(name)?.find((other) => lost.has(other));
      if (by === undefined) continue;
      waiting.delete(name);
      lost.add(name);
      schedule.blocked?.(name, by);
    }
    for (const name of waiting) {
      if (stopped || stop.aborted || running.size >= maxParallel) break;
      if (needs.get(name)?.every((other) => done.has(other)) === true) start(name);
    }
    if (running.size === 0) {
      const isOver =
        stopped || stop.aborted || ![...waiting].some((name) => needs.get(name)?.some((one) => lost.has(one)));
      if (isOver) return;
      continue;
    }
    await Promise.race(running.values());
  }
}
