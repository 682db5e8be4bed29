// Entry of the worker thread that answers searches and histories on a read-only connection.
import { parentPort, workerData } from "node:worker_threads";
import { type Port, serve } from "../protocol/rpc.ts";
import { openStore } from "../store/open.ts";
import { freeWhenIdle } from "./idleMemory.ts";
import type { ReadFrom } from "./readThread.ts";

const port = parentPort;
if (port === null) throw new Error("readWorker.ts runs as a worker thread.");
// The border: ReadThread is the only one to start this thread.
const { uri, artifactRoot } = workerData as ReadFrom;

const answered = freeWhenIdle();

const here: Port = {
  post(message) {
    port.postMessage(message, buffersOf(message));
    answered();
  },
  onMessage(listener) {
    port.on("message", listener);
    return () => port.off("message", listener);
  },
};

serve(here, openStore(uri, { artifactRoot, readonly: true }));

/** The bytes of a printed answer change hands without a copy, unless they lie among others. */
function buffersOf(message: unknown): ArrayBuffer[] {
  const value: unknown =
    typeof message === "object" && message !== null && "value" in message ? message.value : undefined;
  const bytes: unknown = typeof value === "object" && value !== null && "bytes" in value ? value.bytes : undefined;
  if (!(bytes instanceof Uint8Array) || !(bytes.buffer instanceof ArrayBuffer)) return [];
  return bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [];
}
