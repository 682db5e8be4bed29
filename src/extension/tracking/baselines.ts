import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";

const KEY = "flowdeck.tracking.baselines";

/** An experiment by its store and id. */
export interface ExperimentKey {
  uri: string;
  experiment_id: string;
}

/** The run that others of its experiment are compared with, kept for the workspace. */
export class Baselines extends Disposable {
  readonly #platform: Platform;
  readonly #changed = this.own(new vscode.EventEmitter<ExperimentKey>());

  readonly onChange = this.#changed.event;

  constructor(platform: Platform) {
    super();
    this.#platform = platform;
  }

  get(key: ExperimentKey): string | undefined {
    return this.#all()[textOf(key)];
  }

  /** Undefined: none from here on. */
  async set(key: ExperimentKey, run_id: string | undefined): Promise<void> {
    const { [textOf(key)]: _before, ...others } = this.#all();
    const next = run_id === undefined ? others : { ...others, [textOf(key)]: run_id };
    await this.#platform.context.workspaceState.update(KEY, next);
    this.#changed.fire(key);
  }

  #all(): Record<string, string> {
    return this.#platform.context.workspaceState.get<Record<string, string>>(KEY, {});
  }
}

function textOf({ uri, experiment_id }: ExperimentKey): string {
  return `${uri} ${experiment_id}`;
}
