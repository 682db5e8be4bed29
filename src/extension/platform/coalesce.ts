import type { Disposes } from "./disposable.ts";
import type { Platform } from "./platform.ts";

export interface Coalesced extends Disposes {
  request(): void;
}

/** Gathers calls: `run` happens once, `delay` ms after the first of them, and never twice at the same time. */
export function coalesce(platform: Platform, what: string, delay: number, run: () => Promise<void>): Coalesced {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;
  let disposed = false;
  const start = async (): Promise<void> => {
    timer = undefined;
    running = true;
    try {
      await run();
    } finally {
      running = false;
      if (again) request();
    }
  };
  const request = (): void => {
    if (disposed || timer !== undefined) return;
    again = running;
    if (!running) timer = setTimeout(() => platform.background(what, start()), delay);
  };
  return {
    request,
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
