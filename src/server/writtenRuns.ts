import type { ChangedRuns } from "../store/changedRuns.ts";
import type { MoreMethods, StoreMethods } from "../store/store.ts";

/** One run is named by the question, a new one by the answer. */
type Touched = "ofOneRun" | "ofNewRun" | "ofManyRuns" | "ofNoRun" | "ofRegistry";

/** Which runs may read differently after a method was called, or whether the model registry may. */
const TOUCHES: Readonly<Record<keyof StoreMethods | keyof MoreMethods, Touched>> = {
  createExperiment: "ofNoRun",
  getExperiment: "ofNoRun",
  getExperimentByName: "ofNoRun",
  searchExperiments: "ofNoRun",
  updateExperiment: "ofNoRun",
  deleteExperiment: "ofManyRuns",
  restoreExperiment: "ofManyRuns",
  setExperimentTag: "ofNoRun",
  deleteExperimentTag: "ofNoRun",
  createRun: "ofNewRun",
  getRun: "ofNoRun",
  updateRun: "ofOneRun",
  deleteRun: "ofOneRun",
  restoreRun: "ofOneRun",
  searchRuns: "ofNoRun",
  logBatch: "ofOneRun",
  setTag: "ofOneRun",
  deleteTag: "ofOneRun",
  logInputs: "ofOneRun",
  logOutputs: "ofOneRun",
  metricHistory: "ofNoRun",
  createLoggedModel: "ofNoRun",
  getLoggedModel: "ofNoRun",
  finalizeLoggedModel: "ofNoRun",
  deleteLoggedModel: "ofNoRun",
  setLoggedModelTags: "ofNoRun",
  deleteLoggedModelTag: "ofNoRun",
  logLoggedModelParams: "ofNoRun",
  searchLoggedModels: "ofNoRun",
  runsOfLoggedModel: "ofNoRun",
  trash: "ofNoRun",
  countTrashedModels: "ofNoRun",
  purge: "ofManyRuns",
  runColumns: "ofNoRun",
  runIds: "ofNoRun",
  runValues: "ofNoRun",
  runKeys: "ofNoRun",
  runNodes: "ofNoRun",
  metricSeries: "ofNoRun",
  createRegisteredModel: "ofRegistry",
  getRegisteredModel: "ofNoRun",
  updateRegisteredModel: "ofRegistry",
  renameRegisteredModel: "ofRegistry",
  deleteRegisteredModel: "ofRegistry",
  searchRegisteredModels: "ofNoRun",
  getLatestVersions: "ofNoRun",
  setRegisteredModelTag: "ofRegistry",
  deleteRegisteredModelTag: "ofRegistry",
  setRegisteredModelAlias: "ofRegistry",
  deleteRegisteredModelAlias: "ofRegistry",
  getModelVersionByAlias: "ofNoRun",
  createModelVersion: "ofRegistry",
  getModelVersion: "ofNoRun",
  getModelVersionDownloadUri: "ofNoRun",
  updateModelVersion: "ofRegistry",
  transitionModelVersionStage: "ofRegistry",
  deleteModelVersion: "ofRegistry",
  searchModelVersions: "ofNoRun",
  versionRows: "ofNoRun",
  versionMetrics: "ofNoRun",
  setModelVersionTag: "ofRegistry",
  deleteModelVersionTag: "ofRegistry",
  listArtifacts: "ofNoRun",
  localArtifactPath: "ofNoRun",
  readArtifact: "ofNoRun",
  indexArtifact: "ofNoRun",
  startTrace: "ofNoRun",
  startRunningTrace: "ofNoRun",
  endRunningTrace: "ofNoRun",
  getTraceInfo: "ofNoRun",
  getTraceInfos: "ofNoRun",
  storedSpans: "ofNoRun",
  searchTraces: "ofNoRun",
  countTraces: "ofNoRun",
  setTraceTag: "ofNoRun",
  deleteTraceTag: "ofNoRun",
  deleteTraces: "ofNoRun",
  linkTracesToRun: "ofNoRun",
  linkPromptsToTrace: "ofNoRun",
  createAssessment: "ofNoRun",
  getAssessment: "ofNoRun",
  updateAssessment: "ofNoRun",
  deleteAssessment: "ofNoRun",
  printedRuns: "ofNoRun",
  printedHistory: "ofNoRun",
  printedSamples: "ofNoRun",
  printedRegisteredModels: "ofNoRun",
  printedModelVersions: "ofNoRun",
  printedRest: "ofNoRun",
  noteChanges: "ofNoRun",
  changedByOthers: "ofNoRun",
  datasetSummaries: "ofNoRun",
  isBefore: "ofNoRun",
};

/** More runs than this are not told one by one. */
const MOST = 2_000;

/** Sees the writes that go through a store, for the thread that reads it on another connection. */
export class WrittenRuns {
  #others = true;
  #registry = true;
  readonly #run_ids = new Set<string>();

  /** `store` with each write noted when it has been answered, whatever the answer. */
  over<S extends StoreMethods & MoreMethods>(store: S): S {
    const seen: Partial<Record<string, unknown>> = {};
    for (const [name, touched] of Object.entries(TOUCHES)) {
      const method: unknown = Reflect.get(store, name);
      if (typeof method !== "function" || touched === "ofNoRun") continue;
      seen[name] = async (...args: unknown[]) => {
        let answer: unknown;
        try {
          answer = await Reflect.apply(method, store, args);
          return answer;
        } finally {
          if (touched === "ofRegistry") this.#registry = true;
          else this.#note(touchedRun(touched, args[0], answer));
        }
      };
    }
    return { ...store, ...seen };
  }

  /** What was written since it was asked last. */
  take(): ChangedRuns {
    const registry = this.#registry ? { registry: true as const } : {};
    const changes = { others: this.#others, run_ids: [...this.#run_ids], ...registry };
    this.#others = false;
    this.#registry = false;
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

function runIdIn(query: unknown): string | undefined {
  if (typeof query !== "object" || query === null || !("run_id" in query)) return undefined;
  return typeof query.run_id === "string" ? query.run_id : undefined;
}

/** The one run that was touched; undefined for others. */
function touchedRun(touched: Touched, query: unknown, answer: unknown): string | undefined {
  if (touched === "ofOneRun") return runIdIn(query);
  const isNew = touched === "ofNewRun" && typeof answer === "object" && answer !== null && "info" in answer;
  return isNew ? runIdIn(answer.info) : undefined;
}
