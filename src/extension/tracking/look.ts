import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { ExperimentKey } from "./baselines.ts";

const FILTER = "flowdeck.tracking.filter";
const HISTORY = "flowdeck.tracking.filters";
const METRICS = "flowdeck.tracking.metrics";
/** Filters that are offered again. */
const REMEMBERED = 20;

/** What the Experiments view shows of runs, as the person chose it; kept for the workspace. */
export class Look extends Disposable {
  readonly #state: vscode.Memento;
  readonly #filtered = this.own(new vscode.EventEmitter<void>());
  readonly #measured = this.own(new vscode.EventEmitter<ExperimentKey>());

  readonly onFilter = this.#filtered.event;
  /** Another metric stands behind the runs of an experiment. */
  readonly onMetric = this.#measured.event;

  constructor(platform: Platform) {
    super();
    this.#state = platform.context.workspaceState;
  }

  /** In MLflow's grammar; undefined: every run is shown. */
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

  /** The metric behind the runs of an experiment; undefined: the one that each run logged first. */
  metricOf(key: ExperimentKey): string | undefined {
    return this.#state.get<Record<string, string>>(METRICS, {})[textOf(key)];
  }

  async setMetric(key: ExperimentKey, metric: string | undefined): Promise<void> {
    const { [textOf(key)]: _before, ...others } = this.#state.get<Record<string, string>>(METRICS, {});
    await this.#state.update(METRICS, metric === undefined ? others : { ...others, [textOf(key)]: metric });
    this.#measured.fire(key);
  }
}

function textOf({ uri, experiment_id }: ExperimentKey): string {
  return `${uri} ${experiment_id}`;
}
