// The child process that opens local stores: started when first asked, restarted when it dies, ended when it does not answer.
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import { connect, serve, type Connection, type Port } from "../../protocol/rpc.ts";
import type { StoreProcessHost, StoreProcessView, StoreStatus } from "../../protocol/stores.ts";
import type { StoreMethods } from "../../store/store.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";

/** ms after which a process is ended. */
export interface Patience {
  /** That it says nothing at all from its start on: a busy machine takes long to start it, and no shorter the next time. */
  start: number;
  /** That a request has no answer. */
  answer: number;
}

const PATIENCE: Patience = { start: 60_000, answer: 10_000 };
/** These walk over every folder of artifacts, or every cell of an experiment, and take as long as that takes; others are answered meanwhile. */
const UNHURRIED = ["trash", "purge", "runKeys"];
/** Waits before the process is started again (ms); one that lived longer than the last starts the row anew. */
const BACK_OFF = [100, 500, 2_000, 10_000, 30_000];

interface OpenStore {
  connection: Connection<StoreMethods>;
  opened: Promise<StoreStatus>;
}

interface Running {
  child: ChildProcess;
  port: Port;
  host: Connection<StoreProcessHost>;
  stores: Map<string, OpenStore>;
  startedAt: number;
  /** When it said its first word; undefined until then. */
  heardAt?: number;
}

/** What it needs of the platform. */
export interface StoreProcessPlatform extends Pick<Platform, "background" | "program"> {
  readonly context: { globalStorageUri: { fsPath: string } };
  readonly log: Pick<Platform["log"], "info" | "warn">;
}

export class StoreProcess extends Disposable {
  readonly #platform: StoreProcessPlatform;
  readonly #view: StoreProcessView;
  readonly #restarted: () => void;
  readonly #patience: Patience;
  /** Absent until first asked; after a death, the next process once its time has come. */
  #running: Promise<Running> | undefined;
  #child: ChildProcess | undefined;
  readonly #closing = new AbortController();
  #deaths = 0;

  /** `restarted` is called after a death, when a new process runs: views read again. */
  constructor(platform: StoreProcessPlatform, view: StoreProcessView, restarted: () => void, patience = PATIENCE) {
    super();
    this.#patience = patience;
    this.#platform = platform;
    this.#view = view;
    this.#restarted = restarted;
  }

  async open(uri: string): Promise<StoreStatus> {
    const running = await this.#process();
    return this.#answered(running, this.#patience.answer, () => openIn(running, uri).opened);
  }

  async close(uri: string): Promise<void> {
    if (this.#running === undefined || this.disposed) return;
    const running = await this.#running;
    running.stores.get(uri)?.connection.close("The store was closed.");
    running.stores.delete(uri);
    await this.#answered(running, this.#patience.answer, () => running.host.remote.close({ uri }));
  }

  /** Calls a method of a store, opening it first in a process that does not have it yet. */
  async call(uri: string, method: string, argument: unknown, signal?: AbortSignal): Promise<unknown> {
    const running = await this.#process();
    const limit = UNHURRIED.includes(method) ? undefined : this.#patience.answer;
    return this.#answered(running, limit, async () => {
      const store = openIn(running, uri);
      await store.opened;
      const remote: unknown = Reflect.get(store.connection.remote, method);
      if (typeof remote !== "function") throw new MlflowError("NOT_IMPLEMENTED", `${method} is not offered here.`);
      return Reflect.apply(remote, undefined, [argument, signal]);
    });
  }

  #process(): Promise<Running> {
    if (this.disposed) return Promise.reject(new MlflowError("CANCELLED", "The window is closing."));
    this.#running ??= Promise.resolve(this.#start());
    return this.#running;
  }

  async #answered<T>(running: Running, wait: number | undefined, ask: () => Promise<T>): Promise<T> {
    const askedAt = Date.now();
    let timer: NodeJS.Timeout | undefined;
    const review = (limit: number): void => {
      const { heardAt, startedAt } = running;
      const end = heardAt === undefined ? startedAt + this.#patience.start : Math.max(askedAt, heardAt) + limit;
      if (Date.now() < end) {
        timer = setTimeout(() => review(limit), Math.min(limit, end - Date.now()));
        return;
      }
      this.#platform.log.warn(`The store process did not answer within ${Date.now() - askedAt} ms and is ended.`);
      running.child.kill("SIGKILL");
    };
    if (wait !== undefined) review(wait);
    try {
      return await ask();
    } catch (error) {
      // An ended process cancels what it was asked: that is not the person's cancelling.
      if (this.#child !== running.child && asMlflowError(error).error_code === "CANCELLED" && !this.disposed) {
        const text = "The store did not answer and is being opened again.";
        throw new MlflowError("TEMPORARILY_UNAVAILABLE", text, { cause: error });
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #start(): Running {
    const cacheFolder = join(this.#platform.context.globalStorageUri.fsPath, "cache");
    const child = fork(this.#platform.program("store.js"), [cacheFolder], {
      execArgv: [],
      serialization: "advanced",
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const log = (text: unknown): void => this.#platform.log.info(`store process: ${String(text).trimEnd()}`);
    child.stdout?.on("data", log);
    child.stderr?.on("data", log);
    child.setMaxListeners(0);
    const port = portOf(child);
    const running: Running = {
      child,
      port,
      host: connect<StoreProcessHost>(port),
      stores: new Map(),
      startedAt: Date.now(),
    };
    child.once("message", () => {
      running.heardAt = Date.now();
    });
    serve<StoreProcessView>(port, this.#view);
    let gone = false;
    const ended = (why: string): void => {
      if (gone) return;
      gone = true;
      this.#ended(running, why);
    };
    child.on("error", (error) => ended(error.message));
    child.on("exit", (code, signal) => ended(`exit ${code ?? signal}`));
    this.#child = child;
    return running;
  }

  #ended(running: Running, why: string): void {
    this.#child = undefined;
    // A channel that broke leaves a process that nobody reaches any more.
    running.child.kill("SIGKILL");
    running.host.close("The store process ended.");
    for (const store of running.stores.values()) store.connection.close("The store process ended.");
    if (this.disposed) return;
    const last = BACK_OFF.length - 1;
    this.#deaths = Date.now() - running.startedAt > (BACK_OFF[last] ?? 0) ? 0 : this.#deaths + 1;
    const wait = BACK_OFF[Math.min(this.#deaths, last)] ?? 0;
    this.#platform.log.warn(`The store process ended (${why}) and is started again in ${wait} ms.`);
    const { signal } = this.#closing;
    this.#running = setTimeoutPromise(wait, undefined, { signal }).then(() => this.#start());
    const restarted = this.#running.then(this.#restarted, (error: unknown) => {
      // Who asks next starts it.
      this.#running = undefined;
      if (!this.disposed) throw error;
    });
    this.#platform.background("restart of the store process", restarted);
  }

  override dispose(): void {
    super.dispose();
    this.#closing.abort();
    this.#child?.kill();
  }
}

/** The store in this process; the first to ask opens it. */
function openIn(running: Running, uri: string): OpenStore {
  const known = running.stores.get(uri);
  if (known !== undefined) return known;
  const opened = running.host.remote.open({ uri });
  const store = { connection: connect<StoreMethods>(running.port, uri), opened };
  running.stores.set(uri, store);
  // A failed opening is tried again by the next who asks.
  opened.catch(() => running.stores.delete(uri));
  return store;
}

function portOf(child: ChildProcess): Port {
  return {
    post(message) {
      if (child.connected && typeof message === "object" && message !== null) child.send(message);
    },
    onMessage(listener) {
      child.on("message", listener);
      return () => child.off("message", listener);
    },
  };
}
