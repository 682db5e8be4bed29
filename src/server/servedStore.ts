import { setTimeout as pause } from "node:timers/promises";
import { MlflowError } from "../mlflow/errors.ts";
import { openStore } from "../store/open.ts";
import type { Store, StoreMethods } from "../store/store.ts";
import type { ServerOptions } from "./options.ts";
import { ReadThread } from "./readThread.ts";

/** The store as the server asks it: long reads on a thread of their own, and no write that stops the server while it waits. */
export interface ServedStore {
  /** The store that writes. */
  store: Store;
  methods: StoreMethods;
  close(): Promise<void>;
}

/** ms until a locked store is asked again, and for how long, as MLflow's own server waits. */
const RETRY_MS = 50;
const PATIENCE_MS = 20_000;

/** Which store is served, and how a new one is made. */
type ServedFrom = Pick<ServerOptions, "backendStoreUri" | "artifactRoot" | "schemaRelease">;

export function openServedStore(from: ServedFrom, patience = PATIENCE_MS): ServedStore {
  const { backendStoreUri: uri, artifactRoot, schemaRelease } = from;
  const made = schemaRelease === undefined ? {} : { schemaRelease };
  const store = openStore(uri, { artifactRoot, lockWait: patience, ...made });
  const reads = new ReadThread({ uri, artifactRoot });
  return {
    store,
    // A file store answers from what it has in memory; another thread would read every file again.
    methods: patient(store.status().kind === "files" ? store : reads.over(store), patience),
    async close() {
      await reads.close();
      store.close();
    },
  };
}

/** What a lock refuses was not begun: each method is asked again until it is answered or `patience` (ms) is over. */
function patient(store: StoreMethods, patience: number): StoreMethods {
  const known = new Map<string | symbol, unknown>();
  return new Proxy(store, {
    get(target, name) {
      if (known.has(name)) return known.get(name);
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      const asked = async (...args: unknown[]) => {
        const end = Date.now() + patience;
        for (;;) {
          try {
            return await Reflect.apply(method, target, args);
          } catch (error) {
            const locked = error instanceof MlflowError && error.error_code === "TEMPORARILY_UNAVAILABLE";
            if (!locked || Date.now() >= end) throw error;
          }
          await pause(RETRY_MS);
        }
      };
      known.set(name, asked);
      return asked;
    },
  });
}
