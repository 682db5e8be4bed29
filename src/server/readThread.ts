import { Worker } from "node:worker_threads";
import { MlflowError } from "../mlflow/errors.ts";
import { connect, type Connection, type Port } from "../protocol/rpc.ts";
import type { StoreMethods } from "../store/store.ts";

/** A read that takes longer is ended with its thread: SQLite's statements cannot be interrupted from outside. */
const READ_LIMIT_MS = 60_000;

/** Reads that can take long; everything else is one row and is answered by the store that writes. */
const LONG_READS = [
  "searchRuns",
  "searchExperiments",
  "searchLoggedModels",
  "searchRegisteredModels",
  "searchModelVersions",
  "metricHistory",
] as const satisfies readonly (keyof StoreMethods)[];

/** The thread of readWorker.ts; started when first asked, and again when it died. */
export class ReadThread {
  readonly #uri: string;
  readonly #limit: number;
  #running: { worker: Worker; connection: Connection<StoreMethods> } | undefined;

  constructor(uri: string, limit = READ_LIMIT_MS) {
    this.#uri = uri;
    this.#limit = limit;
  }

  /** `store` with its long reads answered by the thread. */
  over(store: StoreMethods): StoreMethods {
    const reads = Object.fromEntries(LONG_READS.map((name) => [name, (query: unknown) => this.#ask(name, query)]));
    return { ...store, ...reads };
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.connection.close("The server is stopping.");
    await running?.worker.terminate();
  }

  async #ask(name: (typeof LONG_READS)[number], query: unknown): Promise<unknown> {
    const { connection } = (this.#running ??= this.#start());
    const limit = AbortSignal.timeout(this.#limit);
    const method: unknown = Reflect.get(connection.remote, name);
    if (typeof method !== "function") throw new MlflowError("NOT_IMPLEMENTED", `${name} is not offered here.`);
    try {
      return await Reflect.apply(method, connection.remote, [query, limit]);
    } catch (error) {
      if (!limit.aborted) throw error;
      await this.close();
      throw new MlflowError("DEADLINE_EXCEEDED", "The search took too long; narrow it down.", { cause: error });
    }
  }

  #start(): { worker: Worker; connection: Connection<StoreMethods> } {
    // Beside this file in the sources, beside the bundle in dist/.
    const name = import.meta.url.endsWith(".ts") ? "./readWorker.ts" : "./readWorker.js";
    const worker = new Worker(new URL(name, import.meta.url), { workerData: this.#uri });
    const connection = connect<StoreMethods>(portOf(worker));
    const running = { worker, connection };
    const ended = (reason: string) => {
      if (this.#running === running) this.#running = undefined;
      connection.close(reason);
    };
    worker.on("error", (error) => ended(`Reading the store failed: ${error.message}`));
    worker.on("exit", () => ended("The reading thread has ended."));
    return running;
  }
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
