import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import type { TraceStore } from "../../src/store/traceStore.ts";
import { metric } from "./contractCases.ts";

// Every write that a database takes, on a store that has something of everything: for the batteries of faults.

export type WholeStore = Store & TraceStore;

/** What the store holds before a write. */
export interface Base {
  experiment_id: string;
  deletedExperiment: string;
  run_id: string;
  otherRun: string;
  deletedRun: string;
  model_id: string;
}

/** The store of a database, which keeps traces. */
export function whole(store: Store): WholeStore {
  if (store.startTrace === undefined) throw new Error("Only databases keep traces.");
  // The border of an interface whose methods come together.
  return store as WholeStore;
}

const TRACE = {
  experiment_id: "0",
  request_time: 1_000,
  execution_duration: 20,
  state: "OK" as const,
  trace_metadata: { "mlflow.trace.session": "s", "mlflow.trace.tokenUsage": '{"input_tokens": 3}', model: "m" },
  tags: { "mlflow.traceName": "chat", team: "blue" },
};
const FEEDBACK = {
  assessment_name: "good",
  assessment_type: "feedback" as const,
  source_type: "HUMAN",
  value: "5.0",
  assessment_id: "a-base",
};
const DATASET = { name: "wine", digest: "abc", source_type: "local", source: "{}", schema: "{}" };

/** Makes a database at `path` with something of everything. */
export async function makeBase(path: string): Promise<Base> {
  const store = whole(openStore(storeUri(path)));
  try {
    const base = await fillBase(store);
    await store.startTrace({ ...TRACE, trace_id: "tr-base", assessments: [FEEDBACK] });
    await store.startRunningTrace({ experiment_id: "0", request_time: 1, trace_metadata: {}, tags: { k: "v" } });
    await store.linkTracesToRun({ trace_ids: ["tr-base"], run_id: base.run_id });
    return base;
  } finally {
    store.close();
  }
}

/** Makes an `mlruns` folder with something of everything, traces apart. */
export async function makeBaseFolder(folder: string): Promise<Base> {
  const store = openStore(storeUri(folder, "files"));
  try {
    return await fillBase(store);
  } finally {
    store.close();
  }
}

/** What a write needs of a store that keeps no traces: the writes of traces are not to be asked of it. */
export function withoutTraces(store: Store): WholeStore {
  // The border of an interface that is wider than what is used.
  return store as WholeStore;
}

async function fillBase(store: Store): Promise<Base> {
  const { experiment_id } = await store.createExperiment({ name: "kept", tags: [{ key: "team", value: "blue" }] });
  const gone = await store.createExperiment({ name: "gone" });
  const newRun = async (experiment: string, run_name: string) =>
    (await store.createRun({ experiment_id: experiment, run_name, start_time: 1 })).info.run_id;
  const run_id = await newRun(experiment_id, "first");
  const otherRun = await newRun(gone.experiment_id, "second");
  const deletedRun = await newRun(experiment_id, "third");
  await store.logBatch({
    run_id,
    metrics: [metric("loss", 1), metric("loss", 0.5, 1)],
    params: [{ key: "depth", value: "3" }],
    tags: [{ key: "team", value: "blue" }],
  });
  await store.logInputs({ run_id, datasets: [{ dataset: DATASET, tags: [] }], models: [] });
  await store.deleteRun({ run_id: deletedRun });
  await store.deleteExperiment({ experiment_id: gone.experiment_id });
  const model = await store.createLoggedModel({
    experiment_id,
    name: "tree",
    source_run_id: run_id,
    params: [{ key: "p", value: "1" }],
    tags: [{ key: "t", value: "1" }],
  });
  await store.createRegisteredModel({ name: "wine", tags: [{ key: "team", value: "blue" }] });
  for (const source of ["/a", "/b"]) {
    await store.createModelVersion({ name: "wine", source, run_id, tags: [{ key: "team", value: "blue" }] });
  }
  await store.transitionModelVersionStage({
    name: "wine",
    version: "1",
    stage: "Production",
    archive_existing_versions: false,
  });
  await store.setRegisteredModelAlias({ name: "wine", alias: "best", version: "1" });
  return {
    experiment_id,
    deletedExperiment: gone.experiment_id,
    run_id,
    otherRun,
    deletedRun,
    model_id: model.info.model_id,
  };
}

type Write = (store: WholeStore, base: Base) => Promise<unknown>;

const tags = [
  { key: "new", value: "1" },
  { key: "team", value: "red" },
];
const version = { name: "wine", version: "1" };

/** By the method that writes; each succeeds on a fresh base. */
export const WRITES: Readonly<Record<string, Write>> = {
  createExperiment: (store) => store.createExperiment({ name: "made", tags }),
  updateExperiment: (store, { experiment_id }) => store.updateExperiment({ experiment_id, new_name: "renamed" }),
  deleteExperiment: (store, { experiment_id }) => store.deleteExperiment({ experiment_id }),
  restoreExperiment: (store, { deletedExperiment }) => store.restoreExperiment({ experiment_id: deletedExperiment }),
  setExperimentTag: (store, { experiment_id }) => store.setExperimentTag({ experiment_id, key: "team", value: "red" }),
  deleteExperimentTag: (store, { experiment_id }) => store.deleteExperimentTag({ experiment_id, key: "team" }),

  createRun: (store, { experiment_id }) => store.createRun({ experiment_id, run_name: "made", start_time: 2, tags }),
  updateRun: (store, { run_id }) => store.updateRun({ run_id, status: "FINISHED", end_time: 9, run_name: "renamed" }),
  deleteRun: (store, { run_id }) => store.deleteRun({ run_id }),
  restoreRun: (store, { deletedRun }) => store.restoreRun({ run_id: deletedRun }),
  purge: (store, { deletedRun }) => store.purge({ experiment_ids: [], run_ids: [deletedRun], dry_run: false }),
  logBatch: (store, { run_id }) =>
    store.logBatch({
      run_id,
      metrics: [metric("loss", 0.1, 2), metric("acc", 0.9), metric("acc", Number.NaN, 1)],
      params: [
        { key: "width", value: "1" },
        { key: "depth", value: "3" },
      ],
      tags,
    }),
  setTag: (store, { run_id }) => store.setTag({ run_id, key: "mlflow.runName", value: "renamed" }),
  deleteTag: (store, { run_id }) => store.deleteTag({ run_id, key: "team" }),
  logInputs: (store, { run_id }) =>
    store.logInputs({
      run_id,
      datasets: [{ dataset: { ...DATASET, name: "more" }, tags: [{ key: "mlflow.data.context", value: "train" }] }],
      models: [{ model_id: "m-1" }],
    }),
  logOutputs: (store, { run_id }) => store.logOutputs({ run_id, models: [{ model_id: "m-2", step: 1 }] }),

  createLoggedModel: (store, { experiment_id, run_id }) =>
    store.createLoggedModel({ experiment_id, name: "made", source_run_id: run_id, params: tags, tags }),
  finalizeLoggedModel: (store, { model_id }) => store.finalizeLoggedModel({ model_id, status: "LOGGED_MODEL_READY" }),
  deleteLoggedModel: (store, { model_id }) => store.deleteLoggedModel({ model_id }),
  setLoggedModelTags: (store, { model_id }) => store.setLoggedModelTags({ model_id, tags }),
  deleteLoggedModelTag: (store, { model_id }) => store.deleteLoggedModelTag({ model_id, tag_key: "t" }),
  logLoggedModelParams: (store, { model_id }) => store.logLoggedModelParams({ model_id, params: tags }),

  createRegisteredModel: (store) => store.createRegisteredModel({ name: "made", tags, description: "d" }),
  updateRegisteredModel: (store) => store.updateRegisteredModel({ name: "wine", description: "new" }),
  renameRegisteredModel: (store) => store.renameRegisteredModel({ name: "wine", new_name: "renamed" }),
  deleteRegisteredModel: (store) => store.deleteRegisteredModel({ name: "wine" }),
  setRegisteredModelTag: (store) => store.setRegisteredModelTag({ name: "wine", key: "team", value: "red" }),
  deleteRegisteredModelTag: (store) => store.deleteRegisteredModelTag({ name: "wine", key: "team" }),
  setRegisteredModelAlias: (store) => store.setRegisteredModelAlias({ name: "wine", alias: "best", version: "2" }),
  deleteRegisteredModelAlias: (store) => store.deleteRegisteredModelAlias({ name: "wine", alias: "best" }),
  createModelVersion: (store, { run_id }) => store.createModelVersion({ name: "wine", source: "/c", run_id, tags }),
  updateModelVersion: (store) => store.updateModelVersion({ ...version, description: "new" }),
  transitionModelVersionStage: (store) =>
    store.transitionModelVersionStage({
      name: "wine",
      version: "2",
      stage: "Production",
      archive_existing_versions: true,
    }),
  deleteModelVersion: (store) => store.deleteModelVersion(version),
  setModelVersionTag: (store) => store.setModelVersionTag({ ...version, key: "team", value: "red" }),
  deleteModelVersionTag: (store) => store.deleteModelVersionTag({ ...version, key: "team" }),

  startTrace: (store) =>
    store.startTrace({ ...TRACE, trace_id: "tr-made", assessments: [{ ...FEEDBACK, assessment_id: "a-made" }] }),
  startRunningTrace: (store) =>
    store.startRunningTrace({ experiment_id: "0", request_time: 7, trace_metadata: { a: "b" }, tags: { c: "d" } }),
  endRunningTrace: (store) =>
    store.endRunningTrace({
      trace_id: "tr-base",
      end_time: 9_000,
      state: "OK",
      trace_metadata: { a: "b" },
      tags: { c: "d" },
    }),
  setTraceTag: (store) => store.setTraceTag({ trace_id: "tr-base", key: "team", value: "red" }),
  deleteTraceTag: (store) => store.deleteTraceTag({ trace_id: "tr-base", key: "team" }),
  deleteTraces: (store) => store.deleteTraces({ experiment_id: "0", trace_ids: ["tr-base"] }),
  linkTracesToRun: (store, { otherRun }) => store.linkTracesToRun({ trace_ids: ["tr-base"], run_id: otherRun }),
  linkPromptsToTrace: (store) =>
    store.linkPromptsToTrace({ trace_id: "tr-base", prompt_versions: [{ name: "p", version: "1" }] }),
  createAssessment: (store) =>
    store.createAssessment({ ...FEEDBACK, assessment_id: "a-new", trace_id: "tr-base", overrides: "a-base" }),
  updateAssessment: (store) =>
    store.updateAssessment({
      trace_id: "tr-base",
      assessment_id: "a-base",
      rationale: "because",
      metadata: { a: "b" },
    }),
  deleteAssessment: (store) => store.deleteAssessment({ trace_id: "tr-base", assessment_id: "a-base" }),
};

/** Methods that change nothing. */
export const READS = [
  ...["getExperiment", "getExperimentByName", "searchExperiments", "getRun", "searchRuns", "metricHistory"],
  ...[
    "getLoggedModel",
    "searchLoggedModels",
    "trash",
    "countTrashedModels",
    "runColumns",
    "runIds",
    "runValues",
    "runKeys",
    "runNodes",
    "metricSeries",
  ],
  ...["getRegisteredModel", "getLatestVersions", "getModelVersionByAlias", "getModelVersion"],
  ...["getModelVersionDownloadUri", "searchRegisteredModels", "searchModelVersions", "listArtifacts"],
  ...["readArtifact", "indexArtifact"],
  ...["localArtifactPath", "getTraceInfo", "getTraceInfos", "storedSpans", "searchTraces", "countTraces"],
  ...["getAssessment", "changedByOthers", "datasetSummaries", "isBefore"],
  ...["noteChanges", "printedHistory", "printedRest", "printedRuns", "printedSamples", "runTexts"],
  ...["printedModelVersions", "printedRegisteredModels", "textsOfModels", "textsOfVersions"],
  ...["moreOfVersions", "dropVersions", "versionRows", "versionMetrics", "runsOfLoggedModel"],
  ...["status", "onChange", "onStatus", "close"],
];
