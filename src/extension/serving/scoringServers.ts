import { mkdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { ScoringServer, ServeRequest, ServeState } from "../../protocol/serving.ts";
import { coalesce } from "../platform/coalesce.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { whenTrusted } from "../platform/trust.ts";
import { watchFolder } from "../platform/watchFolder.ts";
import type { Stores } from "../stores/stores.ts";
import type { OtherServers } from "./findServing.ts";
import type { HeldServer } from "./heldServer.ts";

/** ms between two looks at the state files where they cannot be watched. */
const POLL = 5_000;

/** A server whose state became another one. */
export interface ServerTurn {
  server: ScoringServer;
  before: ScoringServer["state"] | undefined;
  /** This window started it. */
  own: boolean;
}

/**
 * The scoring servers of this window's stores, the one started last at the end. Each is held by a connection to its program, so that
 * it goes on as long as a window has it; those of other windows on the same store are found by their state files.
 */
export class ScoringServers extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #held = new Map<string, HeldServer>();
  readonly #own = new Set<string>();
  #others: OtherServers | undefined;
  /** The start that was asked for last. */
  #last: Promise<unknown> = Promise.resolve();
  /** By id: the state that was told last. */
  readonly #told = new Map<string, ScoringServer["state"]>();
  readonly #changed = this.own(new vscode.EventEmitter<undefined>());
  readonly #turned = this.own(new vscode.EventEmitter<ServerTurn>());

  /** One began, ended, or what is told of it changed. */
  readonly onChange: vscode.Event<undefined> = this.#changed.event;
  /** One came into another state. */
  readonly onTurn: vscode.Event<ServerTurn> = this.#turned.event;
  /** Where the state files and logs lie. */
  readonly folder: string;

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.folder = join(platform.context.globalStorageUri.fsPath, "serving");
    this.own(whenTrusted(() => this.#begin()));
  }

  list(): readonly ScoringServer[] {
    return [...this.#held.values()].map(({ server }) => server).toSorted((one, other) => one.started - other.started);
  }

  find(id: string): ScoringServer | undefined {
    return this.#held.get(id)?.server;
  }

  /** How one was started; undefined when it is gone. */
  stateOf(id: string): ServeState | undefined {
    return this.#held.get(id)?.state;
  }

  /**
   * Starts one; it is starting when this resolves. What is asked for together starts one after the other, so that each sees the
   * port of the one before it; where `isWanted` is true of one by then, that one is it. @throws MlflowError.
   */
  start(
    requestFor: () => Promise<ServeRequest>,
    isWanted: (server: ScoringServer) => boolean = () => false,
  ): Promise<ScoringServer> {
    const started = this.#last.then(async () => this.list().find(isWanted) ?? this.#start(await requestFor()));
    // Whoever asked for it is told; the next one starts all the same.
    this.#last = started.catch(() => undefined);
    return started;
  }

  async #start(request: ServeRequest): Promise<ScoringServer> {
    const { launchServing } = await import("./launch.ts");
    this.#own.add(request.id);
    const state = await launchServing(this.#platform.program("serve.js"), request);
    await this.#hold(state);
    return state.server;
  }

  /** Ends one with all that it started; one that failed is forgotten. */
  async stop(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held === undefined) return;
    await held.stop();
    await this.#forget(id);
  }

  keep(id: string, keep: boolean): void {
    this.#held.get(id)?.keep(keep);
  }

  #begin(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const looking = this.own(coalesce(this.#platform, "scoring servers", 100, () => this.#look()));
    const look = (): void => looking.request();
    // Logs lie there, too.
    const lookAt = (name?: string): void => (name === undefined || name.endsWith(".json") ? look() : undefined);
    this.own(watchFolder(this.#platform, this.folder, POLL, lookAt));
    this.own(this.#stores.onList(look));
    look();
  }

  /** Holds what other windows, and this one before it was reloaded, have started for the stores of this window. */
  async #look(): Promise<void> {
    const names = await readdir(this.folder).catch(() => undefined);
    if (names === undefined) return;
    const ids = names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : []));
    // Another window took them off its list.
    for (const [id, { server }] of this.#held) if (server.state === "failed" && !ids.includes(id)) this.#drop(id);
    const unknown = ids.filter((id) => !this.#held.has(id) && !this.#own.has(id));
    if (unknown.length === 0) return;
    const uris = new Set((await this.#stores.all()).map(({ uri }) => uri));
    this.#others ??= new (await import("./findServing.ts")).OtherServers(this.folder);
    for (const state of this.#others.find(unknown, uris)) await this.#hold(state);
  }

  async #hold(state: ServeState): Promise<void> {
    const { id } = state.server;
    const { HeldServer: Held } = await import("./heldServer.ts");
    if (this.disposed || this.#held.has(id)) return;
    const held = this.own(
      new Held(this.folder, state, {
        onChange: () => this.#tell(id),
        onGone: () => this.#drop(id),
      }),
    );
    this.#held.set(id, held);
    this.#tell(id);
  }

  #tell(id: string): void {
    const server = this.find(id);
    if (server === undefined) return;
    const before = this.#told.get(id);
    this.#told.set(id, server.state);
    this.#changed.fire(undefined);
    if (before !== server.state) this.#turned.fire({ server, before, own: this.#own.has(id) });
  }

  #drop(id: string): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    this.#told.delete(id);
    this.disown(held);
    held.dispose();
    this.#changed.fire(undefined);
  }

  async #forget(id: string): Promise<void> {
    const { removeServer } = await import("../../models/serving/stateFile.ts");
    removeServer(this.folder, id);
    this.#drop(id);
  }
}
