import * as vscode from "vscode";
import type { LifecycleStage, RunStatus } from "../../mlflow/entities.ts";
import type { StoreChange } from "../../protocol/changes.ts";
import type { RunColumns } from "../../protocol/runs.ts";
import { coalesce } from "../platform/coalesce.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { lastSignOf, QUIET } from "./lastSign.ts";

/** ms between two looks at the runners of this machine, while runs are shown as running. */
const LOOK = 10_000;
/** ms for which the answer of a store is believed. */
const BELIEVED = 10 * 60_000;
/** Runs that are followed. */
const MOST = 2_000;

/** What a view knows of a run that it shows. */
export interface ShownRun {
  uri: string;
  run_id: string;
  experiment_id: string;
  status: RunStatus;
  lifecycle_stage: LifecycleStage;
  start_time?: number;
}

/** Whether the runner that made a run lives; no entry: no runner of this machine made it. */
export type Runners = ReadonlyMap<string, "alive" | "gone">;

interface Followed {
  run: ShownRun;
  /** When it was last heard of, in ms since the epoch, 0 where nothing tells; undefined: it may have a process. */
  since: number | undefined;
  /** When its store was asked; 0 = never. */
  askedAt: number;
}

/**
 * Runs that are RUNNING although no process is at work on them: their runner on this machine is gone, or nothing was heard
 * of them for 24 hours (`lastSignOf`). Only a remark: nobody's run is changed by it. Views ask while they draw and are
 * answered at once; what was found out later is told as a change.
 */
export class StuckRuns extends Disposable {
  readonly #stores: Stores;
  readonly #runners: () => Promise<Runners>;
  readonly #followed = new Map<string, Followed>();
  readonly #changed = this.own(new vscode.EventEmitter<{ store: StoreHandle; change: StoreChange }>());
  readonly #look;

  readonly onChange = this.#changed.event;

  constructor(platform: Platform, stores: Stores, runners: () => Promise<Runners>) {
    super();
    this.#stores = stores;
    this.#runners = runners;
    this.#look = this.own(coalesce(platform, "runs without a process", 50, () => this.#lookAtAll()));
    const timer = setInterval(() => this.#followed.size > 0 && this.#look.request(), LOOK);
    this.own({ dispose: () => clearInterval(timer) });
    this.own(
      stores.onChange(({ store, change }) => {
        for (const run_id of change.run_ids) {
          const followed = this.#followed.get(keyOf(store.uri, run_id));
          if (followed !== undefined) followed.askedAt = 0;
        }
        if (change.run_ids.length > 0 && this.#followed.size > 0) this.#look.request();
      }),
    );
  }

  /** Whether nothing is at work on it, as far as is known; a run that is not known yet is looked at. */
  has(run: ShownRun): boolean {
    return this.since(run) !== undefined;
  }

  /** Since when nothing is at work on it, as far as is known, in ms since the epoch; 0 where nothing tells the time. */
  since(run: ShownRun): number | undefined {
    const key = keyOf(run.uri, run.run_id);
    const followed = this.#followed.get(key);
    if (!goesOn(run)) {
      this.#followed.delete(key);
      return undefined;
    }
    if (followed !== undefined) {
      followed.run = run;
      return followed.since;
    }
    const [oldest] = this.#followed.keys();
    if (this.#followed.size >= MOST && oldest !== undefined) this.#followed.delete(oldest);
    this.#followed.set(key, { run, since: undefined, askedAt: 0 });
    this.#look.request();
    return undefined;
  }

  /** Looks at it now. */
  async isStuck(run: ShownRun): Promise<boolean> {
    if (!goesOn(run)) return false;
    return (await this.#find(run, await this.#runners())) !== undefined;
  }

  async #lookAtAll(): Promise<void> {
    const runners = await this.#runners();
    const found = new Map<string, ShownRun[]>();
    for (const followed of this.#followed.values()) {
      const { run, since, askedAt } = followed;
      const believed = Date.now() - askedAt < BELIEVED;
      // Before it is asked: what is logged meanwhile sets it back to 0.
      if (!believed) followed.askedAt = Date.now();
      const runner = runners.get(run.run_id);
      const isNews = runner !== undefined && (runner === "gone") !== (since !== undefined);
      if (believed && !isNews) continue;
      const now = await this.#find(run, runners).catch(() => since ?? (runner === "gone" ? 0 : undefined));
      if (now === since) continue;
      followed.since = now;
      found.set(run.uri, [...(found.get(run.uri) ?? []), run]);
    }
    for (const [uri, runs] of found) {
      const store = this.#stores.known.find((one) => one.uri === uri);
      if (store === undefined) continue;
      const experiment_ids = [...new Set(runs.map(({ experiment_id }) => experiment_id))];
      const change = { everything: false, experiment_ids, run_ids: runs.map(({ run_id }) => run_id), models: false };
      this.#changed.fire({ store, change });
    }
  }

  async #find({ uri, run_id, start_time = 0 }: ShownRun, runners: Runners): Promise<number | undefined> {
    const runner = runners.get(run_id);
    const now = Date.now();
    if (runner === "alive" || (runner === undefined && now - start_time < QUIET)) return undefined;
    const { remote } = await this.#stores.get(uri);
    const heard = await lastSignOf(remote, await remote.getRun({ run_id }), now);
    return runner === "gone" || now - heard >= QUIET ? heard : undefined;
  }
}

/** Those of a window of rows that have no process, as far as is known. */
export function stuckAmong(stuck: StuckRuns, uri: string, columns: RunColumns): string[] {
  return columns.run_ids.filter((run_id, i) => {
    // The row of a group is no run.
    if (run_id === "" || columns.statuses[i] !== "RUNNING") return false;
    const experiment_id = columns.experiment_ids[i] ?? "";
    const start_time = columns.start_times[i] ?? 0;
    const lifecycle_stage = columns.lifecycle_stages[i] ?? "active";
    const started = Number.isNaN(start_time) ? {} : { start_time };
    return stuck.has({ uri, run_id, experiment_id, status: "RUNNING", lifecycle_stage, ...started });
  });
}

/** Whether it is told to be at work: no other can be without a process. */
function goesOn({ status, lifecycle_stage }: ShownRun): boolean {
  return status === "RUNNING" && lifecycle_stage === "active";
}

function keyOf(uri: string, run_id: string): string {
  return `${uri} ${run_id}`;
}
