import { setImmediate, setTimeout } from "node:timers/promises";
import { MlflowError } from "../mlflow/errors.ts";

/** Between two statements of a long read: lets other requests pass. Throws CANCELLED when `signal` has aborted. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  throwIfAborted(signal);
}

/** Waits so many ms. Throws CANCELLED when `signal` aborts. */
export async function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch {
    // The timer throws only because the signal aborted.
    throwIfAborted(signal);
  }
}

/** Throws CANCELLED. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MlflowError("CANCELLED", "The request was cancelled.");
}

/** Does `work` for each item, letting other requests pass every 20 ms. */
export async function inTurns<T>(
  items: Iterable<T>,
  signal: AbortSignal | undefined,
  work: (item: T) => void,
): Promise<void> {
  let pausedAt = performance.now();
  for (const item of items) {
    work(item);
    if (performance.now() - pausedAt < 20) continue;
    await pause(signal);
    pausedAt = performance.now();
  }
}
