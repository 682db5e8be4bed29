import type { ChangedRuns } from "../store/changedRuns.ts";
import type { MoreMethods, StoreMethods } from "../store/store.ts";

type Name = keyof StoreMethods | keyof MoreMethods;

/** Writes that touch one run, which they name. */
const OF_ONE_RUN = [
  "updateRun",
  "deleteRun",
  "restoreRun",
  "logBatch",
  "setTag",
  "deleteTag",
  "logInputs",
  "logOutputs",
] as const;

/** Methods after which no run reads differently. */
const OF_NO_RUN: ReadonlySet<Name> = new Set<Name>([
  "createExperiment",
  "getExperiment",
  "getExperimentByName",
  "searchExperiments",
  "updateExperiment",
  "setExperimentTag",
  "deleteExperimentTag",
  "getRun",
  "searchRuns",
  "metricHistory",
  "createLoggedModel",
  "getLoggedModel",
  "finalizeLoggedModel",
  "deleteLoggedModel",
  "setLoggedModelTags",
  "deleteLoggedModelTag",
  "logLoggedModelParams",
  "searchLoggedModels",
  "runColumns",
  "runKeys",
  "runNodes",
  "metricSeries",
  "isBefore",
  "datasetSummaries",
]);

/** Other methods, of the registry, of artifacts and traces, say by their names that they are about something else. */
const OF_SOMETHING_ELSE =
  /Model|Version|Alias|Artifact|Trace|Span|Assessment|^printed|^noteChanges$|^changedByOthers$|^read|^list/;

/** More runs than this are not told one by one. */
const MOST = 2_000;

/** Sees the writes that go through a store, for the thread that reads it on another connection. */
export class WrittenRuns {
  #others = true;
  readonly #run_ids = new Set<string>();

  /** `store` with each write noted when it has been answered, whatever the answer. */
  over<S extends StoreMethods & MoreMethods>(store: S): S {
    const seen: Partial<Record<string, unknown>> = {};
    for (const [name, method] of Object.entries(store)) {
      if (typeof method !== "function" || isOfNoRun(name)) continue;
      const isOfOne = OF_ONE_RUN.some((known) => known === name);
      seen[name] = async (...args: unknown[]) => {
        let answer: unknown;
        try {
          answer = await Reflect.apply(method, store, args);
          return answer;
        } finally {
          this.#note(isOfOne ? runIdIn(args[0]) : createdRun(name, answer));
        }
      };
    }
    return { ...store, ...seen };
  }

  /** What was written since it was asked last. */
  take(): ChangedRuns {
    const changes = { others: this.#others, run_ids: [...this.#run_ids] };
    this.#others = false;
    this.#run_ids.clear();
    return changes;
  }

  /** Anything may have changed. */
  noteOthers(): void {
    this.#others = true;
    this.#run_ids.clear();
  }

  #note(run_id: string | undefined): void {
    if (run_id === undefined || this.#run_ids.size >= MOST) this.noteOthers();
    else if (!this.#others) this.#run_ids.add(run_id);
  }
}

function isOfNoRun(name: string): boolean {
  return [...OF_NO_RUN].some((known) => known === name) || OF_SOMETHING_ELSE.test(name) || NOT_ASKED.has(name);
}

/** Of a store's lifetime. */
const NOT_ASKED: ReadonlySet<string> = new Set(["status", "onChange", "onStatus", "close"]);

function runIdIn(query: unknown): string | undefined {
  if (typeof query !== "object" || query === null || !("run_id" in query)) return undefined;
  return typeof query.run_id === "string" ? query.run_id : undefined;
}

function createdRun(name: string, answer: unknown): string | undefined {
  if (name !== "createRun" || typeof answer !== "object" || answer === null || !("info" in answer)) return undefined;
  return runIdIn(answer.info);
}
