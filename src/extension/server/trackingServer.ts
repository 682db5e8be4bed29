import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ServerDiscovery } from "../../protocol/discovery.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { setting } from "../platform/settings.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { discoveryFileOf, readDiscovery, renewLease } from "./discoveryFile.ts";

/** Renewed this often (ms); the server forgets a window that did not for three times as long. */
const LEASE = 30_000;
/** A server that has not told its port after this long (ms) did not start. */
const START_LIMIT = 15_000;

/** The detached tracking server of one store: found, or started, and kept alive while this window is open. */
export class TrackingServer extends Disposable {
  readonly #platform: Platform;
  readonly #store: StoreHandle;
  readonly #file: string;
  readonly #started = this.own(new vscode.EventEmitter<ServerDiscovery>());
  #starting: Promise<ServerDiscovery> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Tells where the server is, also when it moved. */
  readonly onStart = this.#started.event;

  constructor(platform: Platform, store: StoreHandle) {
    super();
    this.#platform = platform;
    this.#store = store;
    this.#file = discoveryFileOf(platform.context.globalStorageUri.fsPath, store.uri);
  }

  /** Port and token that the last server of this store had, and the next will have if it can. */
  lastKnown(): Promise<ServerDiscovery | undefined> {
    return readDiscovery(this.#file);
  }

  /** The running server, started if need be. Throws TEMPORARILY_UNAVAILABLE when it does not come up. */
  ensure(): Promise<ServerDiscovery> {
    this.#starting ??= this.#ensure().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #ensure(): Promise<ServerDiscovery> {
    const known = await readDiscovery(this.#file);
    const version: unknown = this.#platform.context.extension.packageJSON.version;
    const reusable = known !== undefined && known.version === version && (await renewLease(known));
    const discovery = reusable ? known : await this.#start(known);
    this.#keepLease();
    this.#started.fire(discovery);
    return discovery;
  }

  async #start(before: ServerDiscovery | undefined): Promise<ServerDiscovery> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    // A server takes its predecessor's port, unless the person wants another one.
    if (before !== undefined && this.#port !== 0 && before.port !== this.#port && !(await renewLease(before))) {
      await rm(this.#file, { force: true });
    }
    const logFile = this.#file.replace(/\.json$/, ".log");
    const log = await open(logFile, "w", 0o600);
    let exit: string | undefined;
    try {
      const child = spawn(process.execPath, this.#flags(), {
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
        env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
        windowsHide: true,
      });
      child.on("error", (error) => (exit = error.message));
      child.on("exit", (code) => (exit = `exit ${code ?? "by a signal"}`));
      child.unref();
    } finally {
      await log.close();
    }
    const end = Date.now() + START_LIMIT;
    while (Date.now() < end && (exit === undefined || exit === "exit 0")) {
      const discovery = await readDiscovery(this.#file);
      // The file of the server before this one may still lie there: only one that answers counts.
      const fresh = discovery !== undefined && (discovery.started_at !== before?.started_at || exit === "exit 0");
      if (fresh && (await renewLease(discovery))) return discovery;
      await wait(50);
    }
    throw await this.#failure(exit ?? `no answer within ${START_LIMIT} ms`, logFile);
  }

  /** 0 = any free one. */
  get #port(): number {
    return setting("flowdeck.server.port", 0, this.#store.folders[0]?.uri);
  }

  #flags(): string[] {
    const store = this.#store;
    const folder = dirname(store.status.path);
    return [
      this.#platform.program("server.js"),
      ...["--backend-store-uri", store.uri, "--discovery-file", this.#file],
      ...["--default-artifact-root", join(folder, "mlruns"), "--access", "token", "--host", "127.0.0.1"],
      ...(this.#port === 0 ? [] : ["--port", String(this.#port)]),
    ];
  }

  async #failure(why: string, logFile: string): Promise<MlflowError> {
    const said = (await readFile(logFile, "utf8").catch(() => "")).trim();
    this.#platform.log.error(`The tracking server of ${this.#store.uri} did not start (${why}): ${said}`);
    if (/taken by another program/.test(said)) {
      return new MlflowError(
        "RESOURCE_CONFLICT",
        `Port ${this.#port} is taken by another program, so tracking into ${this.#store.name} did not start.`,
      );
    }
    return new MlflowError(
      "TEMPORARILY_UNAVAILABLE",
      `Tracking into ${this.#store.name} did not start, so scripts cannot log here yet.`,
    );
  }

  #keepLease(): void {
    clearInterval(this.#timer);
    if (this.disposed) return;
    this.#timer = setInterval(() => this.#platform.background("lease of the tracking server", this.#renew()), LEASE);
  }

  async #renew(): Promise<void> {
    const discovery = await readDiscovery(this.#file);
    if (discovery !== undefined && (await renewLease(discovery))) return;
    if (!this.disposed) await this.ensure();
  }

  override dispose(): void {
    clearInterval(this.#timer);
    super.dispose();
  }
}
