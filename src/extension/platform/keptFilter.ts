import * as vscode from "vscode";
import { Disposable } from "./disposable.ts";
import type { Platform } from "./platform.ts";

/** Filters that are offered again. */
const REMEMBERED = 20;

/** The filter of a view, as the person chose it, and those of before; kept for the workspace. */
export class KeptFilter extends Disposable {
  protected readonly state: vscode.Memento;
  readonly #filterKey: string;
  readonly #historyKey: string;
  readonly #filtered = this.own(new vscode.EventEmitter<void>());

  readonly onFilter = this.#filtered.event;

  /** `room`: what the keys begin with, `flowdeck.models`. */
  constructor(platform: Platform, room: string) {
    super();
    this.state = platform.context.workspaceState;
    this.#filterKey = `${room}.filter`;
    this.#historyKey = `${room}.filters`;
  }

  /** In MLflow's grammar; undefined: everything is shown. */
  get filter(): string | undefined {
    return this.state.get<string>(this.#filterKey);
  }

  /** Filters of before, the last one first. */
  get history(): string[] {
    return this.state.get<string[]>(this.#historyKey, []);
  }

  async setFilter(filter: string | undefined): Promise<void> {
    await this.state.update(this.#filterKey, filter);
    if (filter !== undefined) {
      const others = this.history.filter((one) => one !== filter);
      await this.state.update(this.#historyKey, [filter, ...others].slice(0, REMEMBERED));
    }
    this.#filtered.fire();
  }
}
