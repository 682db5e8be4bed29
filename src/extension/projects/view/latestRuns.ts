import * as vscode from "vscode";
import { RUN_TAG, tagOf, type Run } from "../../../mlflow/entities.ts";
import { mergedChange, type StoreChange } from "../../../protocol/changes.ts";
import { runnerStateOf } from "../../../projects/workflow/control.ts";
import { WORKFLOW_TAG } from "../../../projects/workflow/state.ts";
import { coalesce } from "../../platform/coalesce.ts";
import { setContextKey } from "../../platform/contextKeys.ts";
import { Disposable } from "../../platform/disposable.ts";
import { holdsFile } from "../../platform/folders.ts";
import type { Platform } from "../../platform/platform.ts";
import type { StoreHandle, Stores } from "../../stores/stores.ts";
import { projectFolderOf } from "../../language/projectFolder.ts";
import type { StuckRuns } from "../../tracking/stuckRuns.ts";
import type { ProjectFiles } from "../projectFiles.ts";
import type { ProjectRuns } from "../projectRuns.ts";
import { RunList } from "./runList.ts";
import { groupOf, isResumable, latestFirst, type ShownRun } from "./runTexts.ts";
import type { WorkflowFiles } from "./workflowFiles.ts";

/** Changes of a store within this time (ms) are taken together. */
const COALESCE = 150;

/** A store, and the runs of projects in it. */
export interface KnownRuns {
  store: StoreHandle;
  list: RunList;
}

export interface LatestRunsParts {
  files: ProjectFiles;
  workflows: WorkflowFiles;
  stores: Stores;
  stuck: StuckRuns;
  runs: ProjectRuns;
}

/** The latest runs of the window's projects, with the workflows and sweeps among them; live. */
export class LatestRuns extends Disposable {
  readonly #platform: Platform;
  readonly #parts: LatestRunsParts;
  readonly #known = new Map<string, KnownRuns>();
  readonly #pending = new Map<string, StoreChange>();
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  readonly #apply;
  /** What the tags of a run tell, which is not read again while they are the same. */
  readonly #groups = new WeakMap<Run, ReturnType<typeof groupOf>>();
  #alive = new Set<string>();
  readonly #told = new Map<string, boolean>();

  readonly onChange = this.#changed.event;

  constructor(platform: Platform, parts: LatestRunsParts) {
    super();
    this.#platform = platform;
    this.#parts = parts;
    this.#apply = this.own(coalesce(platform, "runs of projects", COALESCE, () => this.#applyPending()));
    // Commands ask what there is before the view is looked at.
    const load = this.own(coalesce(platform, "runs of projects", COALESCE, () => this.#load()));
    this.own(parts.files.onChange(() => load.request()));
    this.own(parts.workflows.onChange(() => load.request()));
    this.own(parts.stores.onList(() => load.request()));
    this.own(parts.stores.onList(() => this.#apply.request()));
    this.own(parts.stuck.onChange(() => this.#apply.request()));
    this.own(parts.runs.onChange(() => this.#apply.request()));
    this.own(
      parts.stores.onChange(({ store, change }) => {
        if (!this.#known.has(store.uri)) return;
        const before = this.#pending.get(store.uri);
        this.#pending.set(store.uri, before === undefined ? change : mergedChange(before, change));
        this.#apply.request();
      }),
    );
  }

  /** The runs of the store that a file's folder logs to; undefined without one, and while it cannot be read. */
  async of(file: vscode.Uri): Promise<KnownRuns | undefined> {
    const store = await this.#parts.stores.of(file);
    return store === undefined ? undefined : this.ofStore(store);
  }

  async ofStore(store: StoreHandle): Promise<KnownRuns | undefined> {
    if (store.status.state !== "open") return undefined;
    const known = this.#known.get(store.uri);
    if (known !== undefined && known.store.remote === store.remote) {
      await known.list.load();
      return known;
    }
    const list = new RunList(store.remote);
    const made: KnownRuns = { store, list };
    this.#known.set(store.uri, made);
    await list.load();
    await this.#lookAtRunners();
    this.#tellKeys();
    return made;
  }

  /** Runs of the project in a folder, which may be named by its real path as well. */
  runsOf({ list }: KnownRuns, folders: readonly string[]): Run[] {
    return list.runs.filter((run) => folders.includes(projectFolderOf(tagOf(run, RUN_TAG.sourceName) ?? "") ?? ""));
  }

  /** The run of a workflow file that counts: one that goes on, else the latest. */
  workflowRun({ list }: KnownRuns, files: readonly string[]): Run | undefined {
    return latestFirst(list.runs.filter((run) => files.includes(tagOf(run, WORKFLOW_TAG.file) ?? "")))[0];
  }

  shown({ store, list }: KnownRuns, run: Run, changed: ShownRun["changed"] = []): ShownRun {
    const exitCode = this.#parts.runs.exitCodeOf(run.info.run_id);
    const below = list.below(run.info.run_id);
    const group = below === undefined ? (this.#groups.get(run) ?? groupOf(run)) : groupOf(run, below);
    if (below === undefined) this.#groups.set(run, group);
    const since = this.#parts.stuck.since({ uri: store.uri, ...run.info });
    return {
      run,
      ...group,
      changed,
      ...(since === undefined ? {} : { since }),
      ...(exitCode === undefined ? {} : { exitCode }),
    };
  }

  /** Whether a runner of this machine is at work on it, and can be asked to stop. */
  isStoppable({ run, sweep, workflow }: ShownRun): boolean {
    if (run.info.status !== "RUNNING") return false;
    const runner = (sweep ?? workflow)?.runner;
    return this.#alive.has(run.info.run_id) || (runner !== undefined && runnerStateOf(runner) === "alive");
  }

  /** All that are known, of all stores, latest first. */
  all(): { known: KnownRuns; shown: ShownRun }[] {
    return [...this.#known.values()].flatMap((known) =>
      known.list.runs.map((run) => ({ known, shown: this.shown(known, run) })),
    );
  }

  async #load(): Promise<void> {
    const { files, workflows, stores } = this.#parts;
    const flows = await workflows.files();
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const isOurs = (await files.has(folder)) || flows.some((file) => holdsFile([folder], file));
      const store = isOurs ? await stores.of(folder.uri) : undefined;
      if (store !== undefined) await this.ofStore(store);
    }
  }

  async #applyPending(): Promise<void> {
    const pending = [...this.#pending];
    this.#pending.clear();
    const open = new Map(this.#parts.stores.known.map((store) => [store.uri, store]));
    for (const uri of this.#known.keys()) if (!open.has(uri)) this.#known.delete(uri);
    for (const [uri, change] of pending) await this.#known.get(uri)?.list.change(change);
    await this.#lookAtRunners();
    this.#tellKeys();
    this.#changed.fire();
  }

  async #lookAtRunners(): Promise<void> {
    const runners = await this.#parts.runs.runners();
    this.#alive = new Set([...runners].flatMap(([run_id, state]) => (state === "alive" ? [run_id] : [])));
  }

  #tellKeys(): void {
    const all = this.all().map(({ shown }) => shown);
    const keys = [
      ["flowdeck.hasProjectRuns", all.length > 0],
      ["flowdeck.hasSweeps", all.some(({ sweep }) => sweep !== undefined)],
      ["flowdeck.hasResumable", all.some(isResumable)],
      ["flowdeck.hasStoppable", all.some((shown) => this.isStoppable(shown))],
    ] as const;
    for (const [name, value] of keys) {
      if (this.#told.get(name) === value) continue;
      this.#told.set(name, value);
      setContextKey(this.#platform, name, value);
    }
  }
}
