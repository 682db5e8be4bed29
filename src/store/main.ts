import { MlflowError } from "../mlflow/errors.ts";
import { type Port, serve, tell } from "../protocol/rpc.ts";
import type { StoreProcessHost, StoreProcessView } from "../protocol/stores.ts";
import { openStore } from "./open.ts";
import type { Store } from "./store.ts";

// Entry of the store process: serves the local stores to the extension host that forked it.

/** ms that a write waits for another program's lock; longer would keep every other view waiting. */
const LOCK_WAIT = 3_000;

interface Served {
  store: Store;
  stop(): void;
}

/** The channel to the host. Without a host there is nobody to serve. */
function parentPort(): Port {
  const end = () => process.exit(0);
  process.on("disconnect", end);
  const send = process.send?.bind(process);
  if (send === undefined) throw new Error("The store process is started by Flowdeck, with a channel to it.");
  return {
    // EPIPE and a closed channel both mean that the host has gone.
    post: (message) => void send(message, undefined, undefined, (error) => error && end()),
    onMessage: (listener) => {
      process.on("message", listener);
      return () => void process.off("message", listener);
    },
  };
}

/** `cacheFolder`: where to keep what was read of file stores; nowhere when absent. */
export function serveStores(port: Port, cacheFolder?: string): void {
  const host = tell<StoreProcessView>(port);
  const open = new Map<string, Served>();

  const serveStore = (uri: string): Served => {
    const store = openStore(uri, { lockWait: LOCK_WAIT, ...(cacheFolder === undefined ? {} : { cacheFolder }) });
    const { status: _status, onChange, onStatus, close, ...methods } = store;
    const stops = [
      serve(port, methods, uri),
      onChange((change) => host.storeChanged({ uri, change })),
      onStatus((now) => host.statusChanged(now)),
      close,
    ];
    return { store, stop: () => stops.forEach((stop) => stop()) };
  };
  const find = (uri: string): Served => {
    const found = open.get(uri);
    if (found === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `The store ${uri} is not open.`);
    return found;
  };

  serve<StoreProcessHost>(port, {
    open: async ({ uri }) => {
      const served = open.get(uri) ?? serveStore(uri);
      open.set(uri, served);
      return served.store.status();
    },
    status: async ({ uri }) => find(uri).store.status(),
    close: async ({ uri }) => {
      open.get(uri)?.stop();
      open.delete(uri);
    },
  });
}

serveStores(parentPort(), process.argv[2]);
