import * as vscode from "vscode";
import { KeptFilter } from "../platform/keptFilter.ts";
import type { Platform } from "../platform/platform.ts";
import type { ExperimentKey } from "./baselines.ts";

const METRICS = "flowdeck.tracking.metrics";

/** What the Experiments view shows of runs, as the person chose it; kept for the workspace. */
export class Look extends KeptFilter {
  readonly #measured = this.own(new vscode.EventEmitter<ExperimentKey>());

  /** Another metric stands behind the runs of an experiment. */
  readonly onMetric = this.#measured.event;

  constructor(platform: Platform) {
    super(platform, "flowdeck.tracking");
  }

  /** The metric behind the runs of an experiment; undefined: the one that each run logged first. */
  metricOf(key: ExperimentKey): string | undefined {
    return this.state.get<Record<string, string>>(METRICS, {})[textOf(key)];
  }

  async setMetric(key: ExperimentKey, metric: string | undefined): Promise<void> {
    const { [textOf(key)]: _before, ...others } = this.state.get<Record<string, string>>(METRICS, {});
    await this.state.update(METRICS, metric === undefined ? others : { ...others, [textOf(key)]: metric });
    this.#measured.fire(key);
  }
}

function textOf({ uri, experiment_id }: ExperimentKey): string {
  return `${uri} ${experiment_id}`;
}
