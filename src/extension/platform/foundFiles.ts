import * as vscode from "vscode";
import { coalesce } from "./coalesce.ts";
import { type ContextKeys, setContextKey } from "./contextKeys.ts";
import { Disposable } from "./disposable.ts";
import type { Platform } from "./platform.ts";

const NOT_IN = "**/{node_modules,.venv,venv,.git,mlruns,site-packages}/**";
/** More files than this of one workspace are not listed. */
const LIMIT = 200;

/** What is looked for. */
export interface Wanted {
  /** For the log. */
  name: string;
  pattern: string;
  /** Says whether there is one. */
  key: keyof ContextKeys & `flowdeck.has${string}`;
}

/** The files of the workspace that a pattern names: searched once, and again when some come or go. */
export class FoundFiles extends Disposable {
  readonly #platform: Platform;
  readonly #wanted: Wanted;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  #found: Promise<vscode.Uri[]> | undefined;

  /** One came, went, or holds something else. */
  readonly onChange = this.#changed.event;

  constructor(platform: Platform, wanted: Wanted) {
    super();
    this.#platform = platform;
    this.#wanted = wanted;
    const tell = this.own(
      coalesce(platform, wanted.name, 200, async () => {
        await this.all();
        this.#changed.fire();
      }),
    );
    const again = (): void => {
      this.#found = undefined;
      tell.request();
    };
    const watcher = this.own(vscode.workspace.createFileSystemWatcher(wanted.pattern));
    this.own(watcher.onDidCreate(again));
    this.own(watcher.onDidDelete(again));
    this.own(watcher.onDidChange(() => tell.request()));
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(again));
    // Whatever is on screen, commands ask at once whether there is one.
    tell.request();
  }

  async all(): Promise<vscode.Uri[]> {
    this.#found ??= Promise.resolve(vscode.workspace.findFiles(this.#wanted.pattern, NOT_IN, LIMIT));
    // A search that failed is made again by who asks next.
    this.#found.catch(() => (this.#found = undefined));
    const files = (await this.#found).filter((file) => file.scheme === "file");
    setContextKey(this.#platform, this.#wanted.key, files.length > 0);
    return files;
  }
}
