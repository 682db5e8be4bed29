import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";

const FILTER = "flowdeck.models.filter";
const HISTORY = "flowdeck.models.filters";
/** Filters that are offered again. */
const REMEMBERED = 20;

/** What the Models view shows, as the person chose it; kept for the workspace. */
export class ModelsLook extends Disposable {
  readonly #state: vscode.Memento;
  readonly #filtered = this.own(new vscode.EventEmitter<void>());

  readonly onFilter = this.#filtered.event;

  constructor(platform: Platform) {
    super();
    this.#state = platform.context.workspaceState;
  }

  /** In MLflow's grammar for registered models; undefined: every model is shown. */
  get filter(): string | undefined {
    return this.#state.get<string>(FILTER);
  }

  /** Filters of before, the last one first. */
  get history(): string[] {
    return this.#state.get<string[]>(HISTORY, []);
  }

  async setFilter(filter: string | undefined): Promise<void> {
    await this.#state.update(FILTER, filter);
    if (filter !== undefined) {
      const others = this.history.filter((one) => one !== filter);
      await this.#state.update(HISTORY, [filter, ...others].slice(0, REMEMBERED));
    }
    this.#filtered.fire();
  }
}
