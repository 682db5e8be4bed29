import { asMlflowError, errorCodeOf, MlflowError, placeOf } from "../mlflow/errors.ts";

// Calls over a message port: a child process, or a webview. Both ends share an interface whose methods take one argument
// and return a promise; nothing else names a message.

/** One end of a message channel. `onMessage` returns a function that stops listening. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
}

/** A served object: methods of one argument that return a promise. */
// biome-ignore format: one line reads better.
export type Remote<T> = { [K in keyof T]: T[K] extends (argument: infer A) => Promise<infer R> ? (argument: A, signal?: AbortSignal) => Promise<R> : never };

/** A served object that is only told things: nothing comes back, nothing is waited for. */
export type Told<T> = { [K in keyof T]: T[K] extends (argument: infer A) => unknown ? (argument: A) => void : never };

export interface Connection<T> {
  remote: Remote<T>;
  /** Rejects what is pending with CANCELLED and `reason`, and every later call. */
  close(reason: string): void;
}

interface CallMessage {
  rpc: "call";
  channel: string;
  /** Absent: nobody waits for the answer. */
  id?: number;
  method: string;
  argument: unknown;
}

interface AnswerMessage {
  rpc: "answer";
  channel: string;
  id: number;
  value?: unknown;
  error?: { error_code: string; message: string; place?: { start: number; end: number } };
}

interface CancelMessage {
  rpc: "cancel";
  channel: string;
  id: number;
}

type RpcMessage = CallMessage | AnswerMessage | CancelMessage;

interface Pending {
  resolve(value: unknown): void;
  reject(error: MlflowError): void;
}

/** The object that the other end serves on `channel`. */
export function connect<T extends object>(port: Port, channel = ""): Connection<T> {
  const pending = new Map<number, Pending>();
  // A page takes the place of another at the same port: what answers the one before is not for this one.
  let nextId = Math.floor(Math.random() * 2 ** 48);
  let closed: MlflowError | undefined;
  const stop = port.onMessage((raw) => {
    const message = readMessage(raw);
    if (message?.rpc !== "answer" || message.channel !== channel) return;
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (message.error === undefined) call?.resolve(message.value);
    else call?.reject(toError(message.error));
  });
  const call = (method: string, argument: unknown, signal?: AbortSignal) =>
    new Promise<unknown>((resolve, reject) => {
      if (closed !== undefined) return reject(closed);
      if (signal?.aborted) return reject(cancelled());
      const id = nextId++;
      const onAbort = () => {
        pending.delete(id);
        port.post({ rpc: "cancel", channel, id } satisfies RpcMessage);
        reject(cancelled());
      };
      const settled = () => signal?.removeEventListener("abort", onAbort);
      pending.set(id, {
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
      });
      signal?.addEventListener("abort", onAbort, { once: true });
      port.post({ rpc: "call", channel, id, method, argument } satisfies RpcMessage);
    });
  return {
    remote: methodProxy<Remote<T>>(call),
    close(reason) {
      closed = new MlflowError("CANCELLED", reason);
      stop();
      for (const waiting of pending.values()) waiting.reject(closed);
      pending.clear();
    },
  };
}

/** The other end's object on `channel`, told without waiting. */
export function tell<T extends object>(port: Port, channel = ""): Told<T> {
  return methodProxy<Told<T>>((method, argument) => {
    port.post({ rpc: "call", channel, method, argument } satisfies RpcMessage);
  });
}

/** Answers calls on `channel` with `implementation`; returns a function that stops. A cancelled call's signal aborts. */
export function serve<T extends object>(port: Port, implementation: T, channel = ""): () => void {
  const running = new Map<number, AbortController>();
  return port.onMessage((raw) => {
    const message = readMessage(raw);
    if (message === undefined || message.channel !== channel) return;
    if (message.rpc === "cancel") running.get(message.id)?.abort();
    if (message.rpc !== "call") return;
    const { id } = message;
    const controller = new AbortController();
    if (id !== undefined) running.set(id, controller);
    const answer = (outcome: Pick<AnswerMessage, "value" | "error">) => {
      if (id === undefined) return;
      running.delete(id);
      if (!controller.signal.aborted) port.post({ rpc: "answer", channel, id, ...outcome } satisfies RpcMessage);
    };
    invoke(implementation, message, controller.signal).then(
      (value) => answer({ value }),
      (error: unknown) => {
        const { error_code, message: text } = asMlflowError(error);
        const place = placeOf(error);
        answer({ error: { error_code, message: text, ...(place === undefined ? {} : { place }) } });
      },
    );
  });
}

async function invoke(implementation: object, call: CallMessage, signal: AbortSignal): Promise<unknown> {
  const method: unknown = Reflect.get(implementation, call.method);
  const own = Object.hasOwn(Object.prototype, call.method) ? undefined : method;
  if (typeof own !== "function") throw new MlflowError("NOT_IMPLEMENTED", `${call.method} is not offered here.`);
  return Reflect.apply(own, implementation, [call.argument, signal]);
}

/** A filter's error keeps its place: `placeOf` tells it at this end too. */
function toError({ error_code, message, place }: NonNullable<AnswerMessage["error"]>): MlflowError {
  return new MlflowError(errorCodeOf(error_code), message, place === undefined ? {} : { cause: place });
}

/** Any property is a method that ends in `call`; `then` stays absent, so that the proxy is no thenable. */
function methodProxy<P extends object>(call: (method: string, argument: unknown, signal?: AbortSignal) => unknown): P {
  return new Proxy<P>({} as P, {
    get: (_target, method) =>
      typeof method === "string" && method !== "then"
        ? (argument: unknown, signal?: AbortSignal) => call(method, argument, signal)
        : undefined,
  });
}

/** The border: other traffic on the same port is not ours and is passed over. */
function readMessage(raw: unknown): RpcMessage | undefined {
  if (typeof raw !== "object" || raw === null || !("rpc" in raw)) return undefined;
  return raw as RpcMessage;
}

function cancelled(): MlflowError {
  return new MlflowError("CANCELLED", "The request was cancelled.");
}
