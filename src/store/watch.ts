import { statSync } from "node:fs";
import { EVERYTHING, type StoreChange } from "../protocol/changes.ts";
import { lookRegularly, type WatchListener } from "./listeners.ts";
import { pause } from "./chain.ts";
import { openConnection, SqlError } from "./sqlite/connection.ts";
import { refuseDisguises } from "./sqlite/disguises.ts";
import { ChangeFinder } from "./sqlite/changes.ts";

/** Looking at every run may take this share of the time, and rests at least this many ms. */
const SHARE = 1 / 20;
const REST = 400;

/**
 * Notices changes of a database, whoever makes them: SQLite's `data_version` says that a transaction of another
 * connection was committed (this one makes none), the finder says what it touched. Returns a function that stops.
 */
export function watchDatabase(path: string, listener: WatchListener): () => void {
  return lookRegularly(new Watcher(path, listener));
}

class Watcher {
  readonly #path: string;
  readonly #listener: WatchListener;
  #identity: string | undefined;
  #finder: ChangeFinder | undefined;
  #started = false;
  #busy = false;
  #failed = false;
  /** A look failed: of what was committed meanwhile the notes of a new finder know nothing. */
  #missed = false;
  #closed = false;
  #closer = new AbortController();
  /** A commit was seen that the whole-table look has not covered yet. */
  #uncovered = false;
  #coverAfter = 0;

  constructor(path: string, listener: WatchListener) {
    this.#path = path;
    this.#listener = listener;
  }

  look(): void {
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    this.#step().then(
      () => {
        this.#busy = false;
        this.#failed = false;
      },
      (error: unknown) => {
        this.#busy = false;
        this.#release();
        if (this.#closed) return;
        // A file that is locked, replaced or damaged just now is looked at again in 200 ms.
        if (!(error instanceof SqlError)) throw error;
        this.#missed = true;
        if (!this.#failed) this.#listener.looked();
        this.#failed = true;
      },
    );
  }

  close(): void {
    this.#closed = true;
    this.#closer.abort();
    this.#release();
  }

  async #step(): Promise<void> {
    const identity = identityOf(this.#path);
    if (identity !== this.#identity) this.#replaced(identity);
    else if (this.#finder?.upgraded() === true) this.#replaced(identity);
    this.#started = true;
    const finder = this.#finder ?? this.#open();
    if (finder !== undefined) {
      if (this.#missed) {
        this.#missed = false;
        this.#emit(EVERYTHING);
      }
      if (finder.committed()) {
        this.#uncovered = true;
        this.#emit(finder.findTails());
      }
      if (this.#uncovered && performance.now() >= this.#coverAfter) await this.#cover(finder);
    }
    if (!this.#closed) this.#listener.looked();
  }

  /** Compares every run with what it was: finds what was changed in place. */
  async #cover(finder: ChangeFinder): Promise<void> {
    this.#uncovered = false;
    let cost = 0;
    let started = performance.now();
    const change = await finder.findInPlace(async () => {
      cost += performance.now() - started;
      await pause(this.#closer.signal);
      started = performance.now();
    });
    cost += performance.now() - started;
    this.#coverAfter = performance.now() + Math.max(REST, cost / SHARE);
    this.#emit(change);
  }

  #replaced(identity: string | undefined): void {
    this.#release();
    this.#identity = identity;
    // Lets go of the file before, whose log SQLite would take for this one's.
    this.#listener.looked();
    if (this.#started) this.#emit(EVERYTHING);
  }

  #open(): ChangeFinder | undefined {
    if (this.#identity === undefined) return undefined;
    const connection = openConnection(this.#path, { readonly: true, busyTimeout: 0 });
    try {
      refuseDisguises(connection);
      this.#finder = new ChangeFinder(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    // What was there when the watch began is no change.
    this.#uncovered = true;
    return this.#finder;
  }

  #emit(change: StoreChange): void {
    const { everything, experiment_ids, run_ids, models } = change;
    if (this.#closed || !(everything || models || experiment_ids.length > 0 || run_ids.length > 0)) return;
    this.#listener.changed(change);
  }

  #release(): void {
    this.#finder?.close();
    this.#finder = undefined;
  }
}

function identityOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined || stats.size === 0 ? undefined : `${stats.dev}:${stats.ino}`;
  } catch (error) {
    // A folder that may not be entered hides the file as if it were missing.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
