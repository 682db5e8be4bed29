// The latest runs of projects in one store, kept as the store tells of changes. No vscode: tested with a real store.
import { RUN_TAG, tagOf, type Experiment, type Run } from "../../../mlflow/entities.ts";
import { filterByParent } from "../../../mlflow/filter/write.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import { SWEEP_TAG } from "../../../projects/sweep/state.ts";
import { WORKFLOW_TAG } from "../../../projects/workflow/state.ts";

/** What is asked of a store. */
export interface RunListStore {
  searchExperiments(query: { max_results: number }): Promise<{ items: readonly Pick<Experiment, "experiment_id">[] }>;
  searchRuns(query: {
    experiment_ids: string[];
    filter: string;
    order_by: string[];
    max_results: number;
    page_token?: string;
  }): Promise<{ items: readonly Run[]; next_page_token?: string }>;
  getRun(query: { run_id: string }): Promise<Run>;
}

/** Runs that are looked at, of all projects of a store; workflows and sweeps are looked for beside them. */
const LATEST = 200;
const GROUPS = 50;
/** More changed runs than these are searched for instead of being read one by one. */
const ONE_BY_ONE = 20;
/** Runs of others that are known to be none of ours. */
const MOST_FOREIGN = 10_000;
const LATEST_FIRST = ["attributes.start_time DESC"];

/** Top runs of projects, newest first, and the runs below those that somebody looks into. */
export class RunList {
  readonly #store: RunListStore;
  #runs = new Map<string, Run>();
  /** By parent: its runs, once they were asked for. */
  readonly #below = new Map<string, Map<string, Run>>();
  readonly #foreign = new Set<string>();
  #loading: Promise<void> | undefined;
  /** What was asked last: what is told meanwhile is taken behind it, for its answer may be older. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: RunListStore) {
    this.#store = store;
  }

  /** Reads it once. */
  async load(): Promise<void> {
    this.#loading ??= this.#inTurn(() => this.#search());
    try {
      await this.#loading;
    } catch (error) {
      this.#loading = undefined;
      throw error;
    }
  }

  /** Those of projects, newest first; empty before it was loaded. */
  get runs(): Run[] {
    return [...this.#runs.values()].toSorted((a, b) => startOf(b) - startOf(a));
  }

  run(run_id: string): Run | undefined {
    return this.#runs.get(run_id);
  }

  /** The runs below a run as far as they were read; undefined before. */
  below(run_id: string): Run[] | undefined {
    const runs = this.#below.get(run_id);
    return runs === undefined ? undefined : [...runs.values()];
  }

  async readBelow(run: Run): Promise<Run[]> {
    return this.below(run.info.run_id) ?? this.#inTurn(() => this.#searchBelow(run));
  }

  async #searchBelow({ info }: Run): Promise<Run[]> {
    const known = this.below(info.run_id);
    if (known !== undefined) return known;
    const filter = filterByParent(info.run_id);
    const found: Run[] = [];
    let page_token: string | undefined;
    do {
      const experiment_ids = [info.experiment_id];
      const query = { experiment_ids, filter, order_by: LATEST_FIRST, max_results: 1000 };
      const page = await this.#store.searchRuns({ ...query, ...(page_token === undefined ? {} : { page_token }) });
      found.push(...page.items);
      page_token = page.next_page_token || undefined;
    } while (page_token !== undefined);
    this.#below.set(info.run_id, new Map(found.map((run) => [run.info.run_id, run])));
    // Those of it that began while it was read may have been taken for foreign.
    this.#foreign.clear();
    return found;
  }

  /** Takes what the store tells. */
  async change(change: StoreChange): Promise<void> {
    if (this.#loading !== undefined) await this.#inTurn(() => this.#change(change));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done;
    // Who asked is told of what fails.
    done.catch(() => undefined);
    return done;
  }

  async #change({ everything, experiment_ids, run_ids }: StoreChange): Promise<void> {
    const touched = run_ids.filter((run_id) => !this.#foreign.has(run_id));
    // An experiment of which no run changed may have been deleted, with its runs.
    const isOther = run_ids.length === 0 && experiment_ids.length > 0;
    if (everything || isOther || touched.length > ONE_BY_ONE) return this.#readAgain();
    for (const run_id of touched) this.#take(run_id, await this.#read(run_id));
  }

  async #readAgain(): Promise<void> {
    const open = [...this.#below.keys()];
    this.#below.clear();
    this.#foreign.clear();
    this.#loading = this.#search();
    await this.load();
    for (const run_id of open) {
      const run = this.#runs.get(run_id);
      if (run !== undefined) await this.#searchBelow(run);
    }
  }

  /** Undefined for one that was removed. */
  #read(run_id: string): Promise<Run | undefined> {
    return this.#store.getRun({ run_id }).catch(() => undefined);
  }

  #take(run_id: string, run: Run | undefined): void {
    const isThere = run?.info.lifecycle_stage === "active";
    const parent = run === undefined ? undefined : tagOf(run, RUN_TAG.parentRunId);
    const siblings = this.#below.get(parent ?? "");
    if (siblings !== undefined && run !== undefined) {
      if (isThere) siblings.set(run_id, run);
      else siblings.delete(run_id);
    } else if (isThere && run !== undefined && (isTop(run) || this.#runs.has(run_id))) {
      this.#runs.set(run_id, run);
    } else {
      this.#runs.delete(run_id);
      // A deleted one may come back.
      if (run !== undefined && isThere && this.#foreign.size < MOST_FOREIGN) this.#foreign.add(run_id);
    }
  }

  async #search(): Promise<void> {
    const experiments = await this.#store.searchExperiments({ max_results: 1000 });
    const experiment_ids = experiments.items.map(({ experiment_id }) => experiment_id);
    if (experiment_ids.length === 0) {
      this.#runs = new Map();
      return;
    }
    const search = async (filter: string, max_results: number) =>
      (await this.#store.searchRuns({ experiment_ids, filter, order_by: LATEST_FIRST, max_results })).items;
    const ofProjects = `tags.\`${RUN_TAG.projectEntryPoint}\` LIKE '%'`;
    const found = await Promise.all([
      // Older servers know no IS NULL: the runs below others then take places among the latest.
      search(`${ofProjects} AND tags.\`${RUN_TAG.parentRunId}\` IS NULL`, LATEST).catch(() =>
        search(ofProjects, LATEST),
      ),
      search(`tags.\`${SWEEP_TAG.sweep}\` LIKE '%'`, GROUPS),
      search(`tags.\`${WORKFLOW_TAG.workflow}\` LIKE '%'`, GROUPS),
    ]);
    this.#runs = new Map(
      found
        .flat()
        .filter(isTop)
        .map((run) => [run.info.run_id, run]),
    );
  }
}

export function startOf({ info }: Run): number {
  return info.start_time ?? 0;
}

/** A run of a project that belongs to no other run. */
function isTop(run: Run): boolean {
  return tagOf(run, RUN_TAG.projectEntryPoint) !== undefined && !tagOf(run, RUN_TAG.parentRunId);
}
