import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { asMlflowError, MlflowError } from "../mlflow/errors.ts";
import { connect, type Connection, type Port, tell } from "../protocol/rpc.ts";
import type { RunWitness } from "../store/printedReads.ts";
import type { MoreMethods, Store, StoreMethods } from "../store/store.ts";
import { storePath } from "../store/open.ts";
import { askerIsGone } from "./asker.ts";
import { freeWhenIdle } from "./idleMemory.ts";
import { WrittenRuns } from "./writtenRuns.ts";

/** A read that takes longer is given up with its thread, which ends when SQLite's statement does: nothing interrupts one. */
const READ_LIMIT_MS = 60_000;

/** V8 would let what is thrown away after each answer grow to 48 MB before it looks for it. */
const LIMITS = { maxYoungGenerationSizeMb: 6 };

/** Reads that can take long; everything else is one row and is answered by the store that writes. */
const LONG_READS = [
  "searchRuns",
  "searchExperiments",
  "searchLoggedModels",
  "searchRegisteredModels",
  "searchModelVersions",
  "metricHistory",
  "searchTraces",
  "countTraces",
  "printedRuns",
  "printedHistory",
  "printedRegisteredModels",
  "printedModelVersions",
  "printedSamples",
  "printedRest",
  "datasetSummaries",
] as const satisfies readonly (keyof StoreMethods | keyof MoreMethods)[];

/** Reads of what the thread keeps in memory: it is told first what of it has changed. */
const OF_KEPT: readonly (typeof LONG_READS)[number][] = [
  "searchRuns",
  "printedRuns",
  "printedRegisteredModels",
  "printedModelVersions",
];

/** The store that the thread reads; `artifactRoot` as the writing store has it. */
export interface ReadFrom {
  uri: string;
  artifactRoot: string;
}

/** Bytes of a database that is read without the thread: starting one takes longer, and 15 MB, than any search of so little. */
const SMALL = 2 * 1024 * 1024;

interface Running {
  worker: Worker;
  port: Port;
  connection: Connection<StoreMethods>;
}

/** The thread of readWorker.ts, asked one thing after another; started when first asked, and again when it died. */
export class ReadThread {
  readonly #from: ReadFrom;
  readonly #limit: number;
  #running: Running | undefined;
  /** What is asked now and waits before; each has its time limit for itself alone. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** What follows parts that were answered without the thread, which knows nothing of it. */
  readonly #begunHere = new Set<string>();
  readonly #ending = new Set<Promise<unknown>>();
  readonly #written = new WrittenRuns();
  #changedByOthers: () => boolean = () => true;
  readonly #answered = freeWhenIdle();

  constructor(from: ReadFrom, limit = READ_LIMIT_MS) {
    this.#from = from;
    this.#limit = limit;
  }

  /** `store` with its long reads answered by the thread. */
  over<S extends Store>(store: S): S {
    this.#changedByOthers = () => store.changedByOthers?.() ?? true;
    const offered = LONG_READS.filter((name) => name in store);
    const reads = Object.fromEntries(offered.map((name) => [name, this.#reader(store, name)]));
    return { ...this.#written.over(store), ...reads };
  }

  /** Resolves when no thread is left. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running) this.#end(this.#running, "The server is stopping.");
    await Promise.all(this.#ending);
  }

  #end(running: Running, reason: string): void {
    if (this.#running === running) this.#running = undefined;
    running.connection.close(reason);
    const ending = running.worker.terminate().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #reader(store: Store, name: (typeof LONG_READS)[number]): (query: unknown) => Promise<unknown> {
    const direct: unknown = Reflect.get(store, name);
    return async (query) => {
      const more = moreIn(query);
      const isHere = more === undefined ? this.#running === undefined && this.#isSmall() : this.#begunHere.has(more);
      if (typeof direct === "function" && isHere) {
        const answer: unknown = await Reflect.apply(direct, store, [query]);
        const rest = moreIn(answer);
        if (rest !== undefined) this.#begunHere.add(rest);
        else if (more !== undefined) this.#begunHere.delete(more);
        return answer;
      }
      // What is left of an answer is let go of by asking for it.
      const isGone = more === undefined ? askerIsGone() : () => false;
      const answer = this.#last.then(() => {
        if (isGone()) throw new MlflowError("CANCELLED", "Nobody waits for the answer any more.");
        // A file that was replaced is let go of by the store that writes before the thread opens the new one.
        store.status();
        return this.#ask(name, query);
      });
      // Who asked hears of a failure; the next one has its turn.
      this.#last = answer.catch(() => undefined);
      try {
        return await answer;
      } finally {
        this.#answered();
      }
    };
  }

  /** Whether the database, with what is still in its log, is small. */
  #isSmall(): boolean {
    const path = storePath(this.#from.uri);
    try {
      const sizes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
      return sizes.every((size) => size <= SMALL);
    } catch (error) {
      // A folder that may not be entered: the search itself says so.
      if (error instanceof Error && "code" in error) return false;
      throw error;
    }
  }

  async #ask(name: (typeof LONG_READS)[number], query: unknown, again = true): Promise<unknown> {
    if (this.#closed) throw new MlflowError("CANCELLED", "The server is stopping.");
    const running = (this.#running ??= this.#start());
    const { connection } = running;
    if (OF_KEPT.includes(name)) this.#tellChanges(running.port);
    const limit = AbortSignal.timeout(this.#limit);
    const method: unknown = Reflect.get(connection.remote, name);
    if (typeof method !== "function") throw new MlflowError("NOT_IMPLEMENTED", `${name} is not offered here.`);
    try {
      return await Reflect.apply(method, connection.remote, [query, limit]);
    } catch (error) {
      if (limit.aborted) {
        this.#end(running, "A search took too long.");
        throw new MlflowError("DEADLINE_EXCEEDED", "The search took too long; narrow it down.", { cause: error });
      }
      if (this.#running === running) throw error;
      // Its thread ended under it: that may have been of no doing of this one's.
      if (again) return this.#ask(name, query, false);
      // Not one to be asked for again, as what a lock refuses is.
      throw new MlflowError("DEADLINE_EXCEEDED", asMlflowError(error).message, { cause: error });
    }
  }

  /** What was written before a search is asked for is found by it: messages arrive in the order in which they were sent. */
  #tellChanges(port: Port): void {
    if (this.#othersHaveWritten()) this.#written.noteOthers();
    const changes = this.#written.take();
    if (changes.others || changes.run_ids.length > 0 || changes.registry) tell<RunWitness>(port).noteChanges(changes);
  }

  #othersHaveWritten(): boolean {
    try {
      return this.#changedByOthers();
    } catch {
      // The search itself says what is wrong with the file.
      return true;
    }
  }

  #start(): Running {
    // Beside this file in the sources, beside the bundle in dist/.
    const name = import.meta.url.endsWith(".ts") ? "./readWorker.ts" : "./readWorker.js";
    const worker = new Worker(new URL(name, import.meta.url), { workerData: this.#from, resourceLimits: LIMITS });
    const port = portOf(worker);
    const connection = connect<StoreMethods>(port);
    const running = { worker, port, connection };
    this.#written.noteOthers();
    const ended = (reason: string) => {
      if (this.#running === running) this.#running = undefined;
      connection.close(reason);
    };
    worker.on("error", (error) => ended(`Reading the store failed: ${error.message}`));
    worker.on("exit", () => ended("The reading thread has ended."));
    return running;
  }
}

/** What a part says of the next one, or a question for it. */
function moreIn(value: unknown): string | undefined {
  const more: unknown = typeof value === "object" && value !== null && "more" in value ? value.more : undefined;
  return typeof more === "string" ? more : undefined;
}

function portOf(worker: Worker): Port {
  return {
    post: (message) => worker.postMessage(message),
    onMessage(listener) {
      worker.on("message", listener);
      return () => worker.off("message", listener);
    },
  };
}
