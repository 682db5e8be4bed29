import { AsyncLocalStorage } from "node:async_hooks";

// Whether anybody still waits for what is being done. What has to wait for its turn may find that its client has gone away.

const asking = new AsyncLocalStorage<() => boolean>();

/** Does `work`, in which `askerIsGone` asks `isGone`. */
export function askedBy<T>(isGone: () => boolean, work: () => T): T {
  return asking.run(isGone, work);
}

/** The question for whom this is done, to be asked later; where nobody asked it is done in any case. */
export function askerIsGone(): () => boolean {
  return asking.getStore() ?? (() => false);
}
