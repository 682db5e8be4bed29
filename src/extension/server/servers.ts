import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ServerDiscovery } from "../../protocol/discovery.ts";
import { coalesce } from "../platform/coalesce.ts";
import { setContextKey } from "../platform/contextKeys.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { whenTrusted } from "../platform/trust.ts";
import { unreadableText } from "../stores/readAcross.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { serverRemedy } from "./remedies.ts";
import { addressOf, clearTerminalEnvironment, setTerminalEnvironment } from "./terminalEnvironment.ts";
import { TrackingServer } from "./trackingServer.ts";

const ASKED = "flowdeck.server.asked";

/** The tracking servers of this window, one for each store that scripts may log to, and the terminals that know of them. */
export class Servers extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #hasProject: (folder: vscode.WorkspaceFolder) => Promise<boolean>;
  readonly #servers = new Map<string, TrackingServer>();
  /** Stores for which the person said "Start Tracking Here"; kept over a reload. */
  readonly #asked: Set<string>;
  /** Stores whose failed start was told. */
  readonly #told = new Set<string>();
  /** Stores that new terminals log to. */
  readonly #tracked = new Set<string>();
  readonly #review;

  constructor(platform: Platform, stores: Stores, hasProject: (folder: vscode.WorkspaceFolder) => Promise<boolean>) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.#hasProject = hasProject;
    this.#asked = new Set(platform.context.workspaceState.get<string[]>(ASKED, []));
    this.#review = this.own(coalesce(platform, "tracking servers", 100, () => this.#reviewAll()));
    this.own(whenTrusted(() => this.#review.request()));
    this.own(stores.onList(() => this.#review.request()));
  }

  /** Looks again at which folders want a server: an MLproject came or went. */
  review(): void {
    this.#review.request();
  }

  /** The server of a store because a person asked for it. Throws with the sentence when there cannot be one. */
  async start(store: StoreHandle): Promise<ServerDiscovery> {
    if (!vscode.workspace.isTrusted) {
      throw new MlflowError("PERMISSION_DENIED", "This workspace is not trusted, so nothing is started in it.");
    }
    const refused = refusalOf(store);
    if (refused !== undefined) throw new MlflowError("INVALID_STATE", refused);
    if (!this.#asked.has(store.uri)) {
      this.#asked.add(store.uri);
      await this.#platform.context.workspaceState.update(ASKED, [...this.#asked]);
    }
    return this.#serve(store);
  }

  /** The store whose server listens on this port of 127.0.0.1. */
  async storeAt(port: number): Promise<StoreHandle | undefined> {
    for (const store of await this.#stores.all()) {
      const known = await this.#serverOf(store).lastKnown();
      if (known?.port === port) return store;
    }
    return undefined;
  }

  /** Address of the store's server, or of its last one; undefined when it never had one. */
  async addressOf(store: StoreHandle): Promise<string | undefined> {
    const known = await this.#serverOf(store).lastKnown();
    return known === undefined ? undefined : addressOf(known);
  }

  #serverOf(store: StoreHandle): TrackingServer {
    const known = this.#servers.get(store.uri);
    if (known !== undefined) return known;
    const server = this.own(new TrackingServer(this.#platform, store));
    this.#servers.set(store.uri, server);
    this.own(server.onStart((discovery) => this.#tellTerminals(store.uri, discovery)));
    return server;
  }

  async #serve(store: StoreHandle): Promise<ServerDiscovery> {
    const server = this.#serverOf(store);
    // A terminal opened this moment gets what the next server will most likely have.
    const last = await server.lastKnown();
    if (last !== undefined) this.#tellTerminals(store.uri, last);
    try {
      return await server.ensure();
    } catch (error) {
      this.#clearTerminals(store);
      throw error;
    }
  }

  #tellTerminals(uri: string, discovery: ServerDiscovery): void {
    // The store may have been closed and opened again since its server started: its folders are those it has at this moment.
    const store = this.#stores.known.find((one) => one.uri === uri);
    if (store === undefined) return;
    for (const folder of store.folders) setTerminalEnvironment(this.#platform.context, folder, discovery, store.name);
    this.#tracked.add(uri);
    this.#tellTracking();
  }

  #clearTerminals(store: StoreHandle): void {
    for (const folder of store.folders) clearTerminalEnvironment(this.#platform.context, folder);
    this.#tracked.delete(store.uri);
    this.#tellTracking();
  }

  #tellTracking(): void {
    setContextKey(this.#platform, "flowdeck.tracking", this.#tracked.size > 0);
  }

  async #reviewAll(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const stores = await this.#stores.all();
    for (const [uri, server] of this.#servers) {
      if (stores.some((store) => store.uri === uri)) continue;
      // Its folder left the window: the server ends when no other window has it.
      server.dispose();
      this.#servers.delete(uri);
      this.#tracked.delete(uri);
      this.#tellTracking();
    }
    for (const store of stores) {
      const wanted = refusalOf(store) === undefined && (await this.#wanted(store));
      if (wanted) this.#platform.background(`tracking server of ${store.uri}`, this.#serveUnasked(store));
      else this.#clearTerminals(store);
    }
  }

  /** A folder with a store is tracked without asking; when that fails, it is said once, for scripts would log elsewhere. */
  async #serveUnasked(store: StoreHandle): Promise<void> {
    try {
      await this.#serve(store);
      this.#told.delete(store.uri);
    } catch (error) {
      if (this.#told.has(store.uri) || this.disposed) return;
      this.#told.add(store.uri);
      this.#platform.report(error, serverRemedy(error));
    }
  }

  async #wanted(store: StoreHandle): Promise<boolean> {
    if (store.folders.length === 0) return false;
    if (store.status.state === "open" || this.#asked.has(store.uri)) return true;
    for (const folder of store.folders) if (await this.#hasProject(folder)) return true;
    return false;
  }
}

/** Why scripts cannot log to a store through our server, in one sentence; undefined when they can. */
export function refusalOf(store: StoreHandle): string | undefined {
  const { kind, read_only, problem } = store.status;
  const unreadable = unreadableText(store);
  if (unreadable !== undefined) return unreadable;
  if (kind === "files") return "mlruns takes no new runs from Flowdeck; log to an mlflow.db instead.";
  if (read_only) return problem ?? `${store.name} is read-only, so nothing can be logged to it.`;
  return undefined;
}
