import { EVERYTHING, type StoreChange } from "../protocol/changes.ts";
import type { StoreStatus } from "../protocol/stores.ts";
import type { Store } from "./store.ts";

/** ms between two looks at a store. */
const INTERVAL = 200;

/** What somebody who watches a store is told. */
export interface WatchListener {
  changed(change: StoreChange): void;
  /** After each look, with or without a change, and after the first of several that failed. */
  looked(): void;
}

/** Looks again and again; returns a function that stops. */
export function lookRegularly(watcher: { look(): void; close(): void }): () => void {
  const timer = setInterval(() => watcher.look(), INTERVAL);
  timer.unref();
  watcher.look();
  return () => {
    clearInterval(timer);
    watcher.close();
  };
}

/**
 * The part of a store that tells of changes; it is watched, once for all, from the first listener on. `replaced` is for the store
 * itself, which may notice sooner than the watch.
 */
export function storeListeners(
  status: () => StoreStatus,
  watch: (listener: WatchListener) => () => void,
): Pick<Store, "onChange" | "onStatus" | "close"> & { replaced(): void } {
  const changeListeners = new Set<(change: StoreChange) => void>();
  const statusListeners = new Set<(status: StoreStatus) => void>();
  let stopWatching: (() => void) | undefined;
  let told = "";

  const tellStatus = () => {
    const current = status();
    const text = JSON.stringify(current);
    if (text === told) return;
    told = text;
    for (const listener of statusListeners) listener(current);
  };
  const tellChange = (change: StoreChange) => {
    for (const tell of changeListeners) tell(change);
  };
  const listen = <T>(listeners: Set<T>, listener: T) => {
    if (stopWatching === undefined) {
      told = JSON.stringify(status());
      stopWatching = watch({
        changed: tellChange,
        looked: tellStatus,
      });
    }
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    onChange: (listener) => listen(changeListeners, listener),
    onStatus: (listener) => listen(statusListeners, listener),
    close: () => stopWatching?.(),
    replaced: () => {
      if (stopWatching === undefined) return;
      tellStatus();
      tellChange(EVERYTHING);
    },
  };
}
