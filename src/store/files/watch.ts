import { type FSWatcher, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import type { StoreChange } from "../../protocol/changes.ts";
import { lookRegularly, type WatchListener } from "../listeners.ts";
import { askedLoggedModels } from "./loggedModelFolder.ts";
import { registeredModelsOf } from "./modelFolder.ts";
import type { StoredRun } from "./runFolder.ts";
import type { Item, Shelf } from "./shelf.ts";
import type { StoreFolder } from "./storeFolder.ts";

/** Folders given to the system to watch in one look: about 10 ms. */
const WATCHED_AT_ONCE = 250;

/** Notices changes of an `mlruns` folder, whoever makes them. Returns a function that stops. */
export function watchFolder(store: StoreFolder, listener: WatchListener): () => void {
  return lookRegularly(new FolderWatcher(store, listener));
}

class FolderWatcher {
  readonly #store: StoreFolder;
  readonly #listener: WatchListener;
  readonly #closer = new AbortController();
  readonly #watched = new Map<string, FSWatcher>();
  readonly #found = { experiments: new Set<string>(), runs: new Set<string>(), models: false };
  readonly #most = mostWatched();
  #state: string | undefined;
  #started = false;
  #busy = false;

  constructor(store: StoreFolder, listener: WatchListener) {
    this.#store = store;
    this.#listener = listener;
    store.listener = {
      experimentChanged: (id) => void this.#found.experiments.add(id),
      runChanged: (experiment_id, run_id) => {
        this.#found.experiments.add(experiment_id);
        this.#found.runs.add(run_id);
      },
      modelsChanged: () => {
        this.#found.models = true;
      },
    };
  }

  look(): void {
    if (this.#busy || this.#closer.signal.aborted) return;
    this.#busy = true;
    this.#step().then(
      () => {
        this.#busy = false;
      },
      (error: unknown) => {
        this.#busy = false;
        // Folders that vanish or are closed to us just now are looked at again in 200 ms.
        if (!(error instanceof Error && "code" in error) && !this.#closer.signal.aborted) throw error;
      },
    );
  }

  close(): void {
    this.#closer.abort();
    this.#store.listener = undefined;
    for (const watcher of this.#watched.values()) watcher.close();
  }

  async #step(): Promise<void> {
    const { signal } = this.#closer;
    const { state } = this.#store.status();
    const appeared = this.#started && state !== this.#state;
    this.#state = state;
    await this.#store.active.refresh(signal);
    await this.#store.deleted.refresh(signal);
    for (const [, shelf] of this.#store.asked) {
      if (!shelf.loaded) continue;
      await shelf.refresh(signal);
      this.#watchRuns(shelf);
    }
    await registeredModelsOf(this.#store).refresh(signal);
    for (const shelf of askedLoggedModels(this.#store)) if (shelf.loaded) await shelf.refresh(signal);
    if (signal.aborted) return;
    this.#tell(appeared);
    this.#started = true;
    this.#listener.looked();
  }

  #tell(everything: boolean): void {
    const { experiments, runs, models } = this.#found;
    const change: StoreChange = {
      everything,
      experiment_ids: everything ? [] : [...experiments],
      run_ids: everything ? [] : [...runs],
      models: everything || models,
    };
    experiments.clear();
    runs.clear();
    this.#found.models = false;
    if (everything || change.models || change.experiment_ids.length > 0 || change.run_ids.length > 0) {
      this.#listener.changed(change);
    }
  }

  /** Lets the system tell of runs that have ended: they are looked at closely only now and then. The newest come first. */
  #watchRuns(shelf: Shelf<StoredRun>): void {
    let fresh = 0;
    for (const [name, { value, stamps }] of newestFirst(shelf)) {
      if (value === undefined) continue;
      for (const [index, path] of stamps.paths.entries()) {
        if (stamps.sizes[index] !== -1 || !/^($|metrics|tags)/.test(path)) continue;
        const folder = join(shelf.folder, name, path);
        if (this.#watched.has(folder)) continue;
        if (this.#watched.size >= this.#most || ++fresh > WATCHED_AT_ONCE) return;
        this.#watch(folder, () => shelf.touch(name));
      }
    }
  }

  #watch(folder: string, changed: () => void): void {
    try {
      const watcher = watch(folder, { persistent: false }, changed);
      const forget = () => {
        watcher.close();
        this.#watched.delete(folder);
      };
      watcher.on("error", forget);
      this.#watched.set(folder, watcher);
    } catch {
      // No such folder, or no more watches: it is looked at in turn.
    }
  }
}

/** Newest runs first, where not all can be watched. */
function newestFirst({ items }: Shelf<StoredRun>): Iterable<[string, Item<StoredRun>]> {
  const start = ({ value }: Item<StoredRun>) => value?.run.info.start_time ?? 0;
  return items.size < 500 ? items : [...items].sort(([, a], [, b]) => start(b) - start(a));
}

/** How many folders may be watched; the others are only looked at in turn. Linux has one limit for all programs of a user. */
function mostWatched(): number {
  if (process.platform !== "linux") return 1_000;
  try {
    return Math.min(20_000, Number(readFileSync("/proc/sys/fs/inotify/max_user_watches", "utf8")) / 4);
  } catch {
    // No /proc: the least that Linux ever had.
    return 2_048;
  }
}
