// What can be asked of a store that has what makeBase made, or what was left of it.

/** Ids to ask for. */
export interface Found {
  run_ids: string[];
  experiment_ids: string[];
  models: string[];
  versions: string[];
  traces: string[];
}

/** A method of a store with its argument. */
export type Question = [name: string, query: object];

export const PAGE = { max_results: 50 };

/** Methods that answer JSON in parts. */
export const PRINTED: ReadonlySet<string> = new Set([
  ...["printedRuns", "printedHistory", "printedSamples", "printedRegisteredModels", "printedModelVersions"],
]);

const RUNS = {
  ...PAGE,
  run_view_type: "ALL",
  order_by: ["metrics.loss DESC", "params.depth", "tags.team"],
};
const SOME_RUNS = {
  ...PAGE,
  filter: "metrics.loss > 0.1 AND params.depth LIKE '3%' AND tags.team ILIKE 'BLUE'",
};
const LOSS = { field: { kind: "metric", key: "loss" }, ascending: true };
const DEPTH = { field: { kind: "param", key: "depth" }, ascending: false };
const MODELS = {
  ...PAGE,
  filter: "name LIKE 'w%' AND tags.team = 'blue'",
  order_by: ["timestamp DESC"],
};
const VERSIONS = { ...PAGE, filter: "version_number > 0", order_by: ["version_number DESC"] };

/** Every read of a store, with the ids given. */
export function questions(ids: Found): Question[] {
  return [...ofRuns(ids), ...ofModels(ids), ...ofTraces(ids)];
}

function ofRuns({ experiment_ids, run_ids: all }: Found): Question[] {
  const run_ids = all.slice(0, 3);
  return [
    ...[...experiment_ids.slice(0, 3), "0", "99"].flatMap((experiment_id): Question[] => [
      ["getExperiment", { experiment_id }],
      ["runNodes", { experiment_id, ...PAGE }],
    ]),
    ["getExperimentByName", { experiment_name: "kept" }],
    ["searchExperiments", { ...PAGE, filter: "tags.team = 'blue'", order_by: ["name DESC"] }],
    ["searchRuns", { experiment_ids, ...RUNS }],
    ["searchRuns", { experiment_ids, ...SOME_RUNS }],
    [
      "searchRuns",
      {
        experiment_ids,
        ...PAGE,
        filter: "start_time > 0 AND dataset.name = 'wine' AND status != 'FAILED'",
        order_by: ["status", "end_time"],
      },
    ],
    ["printedRuns", { experiment_ids, ...RUNS }],
    ["printedRuns", { experiment_ids, ...SOME_RUNS }],
    [
      "runColumns",
      {
        experiment_ids,
        offset: 0,
        limit: 50,
        fields: [DEPTH.field, LOSS.field],
        run_view_type: "ALL",
      },
    ],
    [
      "runColumns",
      {
        experiment_ids,
        offset: 0,
        limit: 50,
        fields: [],
        order: [LOSS],
        filter: "tags.team = 'blue'",
      },
    ],
    ["runIds", { experiment_ids, filter: "params.depth = '3'", order: [DEPTH] }],
    ["runValues", { experiment_ids, limit: 50, fields: [DEPTH.field, LOSS.field], group_by: [DEPTH.field] }],
    ["runKeys", { experiment_ids }],
    ["metricSeries", { run_ids, metric_key: "loss", points: 2 }],
    ["printedSamples", { run_ids, metric_key: "loss", max_results: 2 }],
    ["printedSamples", { run_ids, metric_key: "loss", max_results: 10, start_step: 0, end_step: 5 }],
    ["datasetSummaries", { experiment_ids, ...PAGE }],
    ["isBefore", { release: "3.6.0" }],
    ["changedByOthers", {}],
    ...run_ids.flatMap((run_id): Question[] => [
      ["getRun", { run_id }],
      ["metricHistory", { run_id, metric_key: "loss" }],
      ["printedHistory", { run_id, metric_key: "loss", max_results: 1 }],
      ["runNodes", { experiment_id: "1", parent_run_id: run_id, ...PAGE }],
      ["listArtifacts", { run_id }],
      ["localArtifactPath", { run_id, path: "a" }],
    ]),
  ];
}

function ofModels({ experiment_ids, models, versions }: Found): Question[] {
  return [
    ["searchLoggedModels", { experiment_ids, ...PAGE }],
    [
      "searchLoggedModels",
      { experiment_ids, filter: "params.p = '1'", order_by: [{ field_name: "metrics.loss", ascending: true }] },
    ],
    ...models.slice(0, 2).flatMap((model_id): Question[] => [["getLoggedModel", { model_id }]]),
    ["searchRegisteredModels", PAGE],
    ["searchRegisteredModels", MODELS],
    ["printedRegisteredModels", PAGE],
    ["printedRegisteredModels", MODELS],
    ["searchModelVersions", VERSIONS],
    ["printedModelVersions", PAGE],
    ["printedModelVersions", { ...VERSIONS, max_results: 1 }],
    ["getRegisteredModel", { name: "wine" }],
    ["getLatestVersions", { name: "wine" }],
    ["getModelVersionByAlias", { name: "wine", alias: "best" }],
    ...["1", ...versions.slice(0, 2)].flatMap((version): Question[] => [
      ["getModelVersion", { name: "wine", version }],
      ["getModelVersionDownloadUri", { name: "wine", version }],
    ]),
  ];
}

function ofTraces({ experiment_ids, traces }: Found): Question[] {
  const trace_ids = ["tr-base", ...traces];
  return [
    [
      "searchTraces",
      {
        experiment_ids,
        ...PAGE,
        filter: "tags.team = 'blue' AND name RLIKE 'c'",
        order_by: ["execution_time DESC"],
      },
    ],
    ["searchTraces", { experiment_ids, ...PAGE, filter: "feedback.good IS NOT NULL AND span.content LIKE '%a%'" }],
    ["countTraces", { experiment_ids, first: "status = 'OK'", second: "name = 'chat'" }],
    ["storedSpans", { trace_ids }],
    ["getTraceInfos", { trace_ids }],
    ["getTraceInfo", { trace_id: "tr-base" }],
    ["getAssessment", { trace_id: "tr-base", assessment_id: "a-base" }],
  ];
}
