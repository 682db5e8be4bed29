import { type Signal, signal } from "@preact/signals";

/** What a person asked for and failed. */
export interface Attempts {
  /** Why the last one failed; undefined: none did, or it was read. */
  problem: Signal<unknown>;
  /** Lets go on what was asked for; that it fails is told by `problem`. */
  attempt(work: Promise<unknown>): void;
}

export function attempts(): Attempts {
  const problem = signal<unknown>(undefined);
  return {
    problem,
    attempt(work) {
      work.catch((error: unknown) => {
        problem.value = error;
      });
    },
  };
}
