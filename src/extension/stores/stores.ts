import { basename, join } from "node:path";
import * as vscode from "vscode";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import { EVERYTHING, type StoreChange } from "../../protocol/changes.ts";
import type { Remote } from "../../protocol/rpc.ts";
import type { StoreStatus } from "../../protocol/stores.ts";
import type { StoreMethods } from "../../store/store.ts";
import { coalesce } from "../platform/coalesce.ts";
import { setContextKey } from "../platform/contextKeys.ts";
import { Disposable } from "../platform/disposable.ts";
import { holdsFile } from "../platform/folders.ts";
import { sentenceOf, type Platform } from "../platform/platform.ts";
import { onSetting, setting } from "../platform/settings.ts";
import { StoreProcess } from "./storeProcess.ts";
import { whichStore, type FoundStore } from "./whichStore.ts";

/** An open store and the workspace folders it belongs to. */
export interface StoreHandle {
  readonly uri: string;
  /** Short name, such as `mlflow.db`. */
  readonly name: string;
  /** More than one folder may name the same store. */
  readonly folders: readonly vscode.WorkspaceFolder[];
  /** The person wants to see it beside those of the folders. */
  readonly added: boolean;
  readonly status: StoreStatus;
  readonly remote: Remote<StoreMethods>;
}

/** The store as it is at this moment: it may have been closed and opened again since the last question. */
export type OpenStore = () => Promise<StoreHandle>;

const ADDED = "flowdeck.stores.added";

interface Entry {
  uri: string;
  name: string;
  folders: vscode.WorkspaceFolder[];
  added: boolean;
  status: StoreStatus;
  remote: Remote<StoreMethods>;
}

/** The stores of this window: one for each workspace folder, told apart by their real path. */
export class Stores extends Disposable {
  readonly #platform: Platform;
  readonly #process: StoreProcess;
  readonly #entries = new Map<string, Entry>();
  readonly #changed = this.own(new vscode.EventEmitter<{ store: StoreHandle; change: StoreChange }>());
  readonly #listed = this.own(new vscode.EventEmitter<void>());
  readonly #find;
  #ready: Promise<void> | undefined;
  #looking: Promise<void> = Promise.resolve();

  /** Something in a store changed. */
  readonly onChange = this.#changed.event;
  /** Stores were added or removed, or one has another status. */
  readonly onList = this.#listed.event;

  constructor(platform: Platform) {
    super();
    this.#platform = platform;
    this.#process = this.own(
      new StoreProcess(
        platform,
        {
          storeChanged: async ({ uri, change }) => this.#tell(uri, change),
          statusChanged: async (status) => this.#setStatus(status),
        },
        () => this.#reopen(),
      ),
    );
    this.#find = this.own(coalesce(platform, "looking for stores", 200, () => this.#look()));
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#find.request()));
    this.own(onSetting(["flowdeck.trackingUri"], () => this.#find.request()));
    const watcher = this.own(
      vscode.workspace.createFileSystemWatcher("**/{mlflow.db,mlruns/*/meta.yaml}", false, true, false),
    );
    this.own(
      this.onList(() => {
        const open = this.known.filter((store) => store.status.state === "open");
        setContextKey(platform, "flowdeck.hasRuns", open.length > 0);
        const writable = open.some((store) => !store.status.read_only);
        setContextKey(platform, "flowdeck.hasWritable", writable);
        setContextKey(
          platform,
          "flowdeck.hasAdded",
          this.known.some(({ added }) => added),
        );
      }),
    );
    const appeared = (uri: vscode.Uri): void => {
      if (this.#atRoot(uri)) this.#find.request();
    };
    this.own(watcher.onDidCreate(appeared));
    this.own(watcher.onDidDelete(appeared));
  }

  /** The stores, once the folders have been looked at. */
  async all(): Promise<StoreHandle[]> {
    this.#ready ??= this.#look();
    await this.#ready;
    return [...this.#entries.values()];
  }

  /** The stores known so far. */
  get known(): StoreHandle[] {
    return [...this.#entries.values()];
  }

  /** A store by its URI; also one that no folder has (a restored panel), which is then opened. */
  async get(uri: string): Promise<StoreHandle> {
    await this.all();
    const known = this.#entries.get(uri);
    if (known !== undefined) return known;
    const status = await this.#process.open(uri);
    return this.#entries.get(uri) ?? this.#add(uri, status);
  }

  /** The store of the folder that holds `file`. */
  async of(file: vscode.Uri): Promise<StoreHandle | undefined> {
    return (await this.all()).find((store) => holdsFile(store.folders, file));
  }

  /** Looks again which store a folder has: its setting was changed a moment ago. */
  async again(folder: vscode.WorkspaceFolder): Promise<StoreHandle> {
    await this.#look();
    const store = await this.of(folder.uri);
    if (store === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${folder.name} has no store.`);
    return store;
  }

  /** Shows one more store from here on, also after a reload. */
  async add({ uri, kind, path, exists }: FoundStore): Promise<void> {
    const others = this.#added.filter((one) => one.uri !== uri);
    await this.#platform.context.workspaceState.update(ADDED, [...others, { uri, kind, path, exists }]);
    await this.#look();
  }

  /** Shows a store that was added no longer; nothing in it changes. */
  async remove(uri: string): Promise<void> {
    const others = this.#added.filter((one) => one.uri !== uri);
    await this.#platform.context.workspaceState.update(ADDED, others);
    await this.#look();
  }

  get #added(): FoundStore[] {
    return this.#platform.context.workspaceState.get<FoundStore[]>(ADDED, []);
  }

  /** One look after the other: two at once would add what the other one found. */
  #look(): Promise<void> {
    const look = this.#looking.then(() => this.#lookOnce());
    // Who asked for a look is told of its failure; the next one is no worse for it.
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #lookOnce(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
    const wanted = await Promise.all(folders.map(async (folder) => ({ folder, found: await this.#found(folder) })));
    const added = this.#added;
    const statuses = new Map<string, StoreStatus>();
    for (const found of [...wanted.map((one) => one.found), ...added]) {
      const status = this.#entries.get(found.uri)?.status ?? statuses.get(found.uri) ?? (await this.#open(found));
      statuses.set(found.uri, status);
    }
    // Nothing is waited for from here on, so that nobody finds a store without its folders.
    for (const entry of this.#entries.values()) {
      const lost = (entry.folders.length > 0 || entry.added) && !statuses.has(entry.uri);
      entry.folders = [];
      entry.added = false;
      if (!lost) continue;
      this.#entries.delete(entry.uri);
      this.#platform.background("closing a store", this.#process.close(entry.uri));
    }
    for (const { folder, found } of wanted) {
      const status = statuses.get(found.uri);
      const entry = this.#entries.get(found.uri) ?? (status && this.#add(found.uri, status));
      entry?.folders.push(folder);
    }
    for (const { uri } of added) {
      const status = statuses.get(uri);
      const entry = this.#entries.get(uri) ?? (status && this.#add(uri, status));
      if (entry !== undefined) entry.added = true;
    }
    this.#listed.fire();
  }

  async #found(folder: vscode.WorkspaceFolder): Promise<FoundStore & { problem?: string }> {
    const trackingUri = setting("flowdeck.trackingUri", "", folder.uri);
    try {
      return await whichStore(folder.uri.fsPath, trackingUri);
    } catch (error) {
      return {
        uri: trackingUri,
        kind: "sqlite",
        path: join(folder.uri.fsPath, trackingUri),
        exists: false,
        problem: sentenceOf(error),
      };
    }
  }

  async #open(found: FoundStore & { problem?: string }): Promise<StoreStatus> {
    const { uri, kind, path } = found;
    const unreadable = { uri, kind, path, state: "unreadable", read_only: true } as const;
    if (found.problem !== undefined) return { ...unreadable, problem: found.problem };
    try {
      return await this.#process.open(uri);
    } catch (error) {
      this.#platform.log.warn(`opening ${uri}: ${asMlflowError(error).message}`);
      return { ...unreadable, problem: sentenceOf(error) };
    }
  }

  #add(uri: string, status: StoreStatus): Entry {
    const name = basename(status.path) || uri;
    const entry: Entry = { uri, name, folders: [], added: false, status, remote: this.#remote(uri) };
    this.#entries.set(uri, entry);
    return entry;
  }

  #remote(uri: string): Remote<StoreMethods> {
    const call = (method: string) => (argument: unknown, signal?: AbortSignal) =>
      this.#process.call(uri, method, argument, signal);
    // The border: methods are looked up by name at the other end, which answers NOT_IMPLEMENTED for an unknown one.
    return new Proxy({} as Remote<StoreMethods>, {
      get: (_target, method) => (typeof method === "string" && method !== "then" ? call(method) : undefined),
    });
  }

  #tell(uri: string, change: StoreChange): void {
    const store = this.#entries.get(uri);
    if (store !== undefined) this.#changed.fire({ store, change });
  }

  #setStatus(status: StoreStatus): void {
    const entry = this.#entries.get(status.uri);
    if (entry === undefined) return;
    entry.status = status;
    this.#listed.fire();
    this.#tell(status.uri, EVERYTHING);
  }

  #reopen(): void {
    for (const entry of this.#entries.values()) {
      const opened = this.#process.open(entry.uri).then((status) => this.#setStatus(status));
      this.#platform.background(`opening ${entry.uri} again`, opened);
    }
  }

  #atRoot(file: vscode.Uri): boolean {
    const path = vscode.workspace.asRelativePath(file, false);
    return path === "mlflow.db" || /^mlruns\/[^/]+\/meta\.yaml$/.test(path);
  }
}
