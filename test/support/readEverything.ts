// A program that opens the stores it is told of, asks them everything and says what was no answer. Lines of JSON both ways.
import { createInterface } from "node:readline";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";

export interface Told {
  /** What failed otherwise than with an MlflowError: where and with which stack. */
  faults: string[];
  /** Answers that were results, and that were MlflowErrors. */
  results: number;
  errors: number;
  /** The slowest read, in ms of CPU. */
  slowest: [name: string, milliseconds: number];
}

/** Stands in files outside of a store, which a link in it may lead to. */
export const SECRET = "canary-that-no-answer-has";

const NUMBERS = { max_results: 50 };
type Question = [name: string, query: object];

/** Every read of a store, with the ids that the store itself gives. */
function questions(ids: {
  run_ids: string[];
  experiment_ids: string[];
  models: string[];
  versions: string[];
  traces: string[];
}): Question[] {
  const { experiment_ids, traces } = ids;
  const run_ids = ids.run_ids.slice(0, 3);
  return [
    ...[...experiment_ids.slice(0, 3), "0", "99"].flatMap((experiment_id): Question[] => [
      ["getExperiment", { experiment_id }],
      ["runNodes", { experiment_id, ...NUMBERS }],
    ]),
    ["getExperimentByName", { experiment_name: "kept" }],
    ["searchExperiments", { ...NUMBERS, filter: "tags.team = 'blue'", order_by: ["name DESC"] }],
    [
      "searchRuns",
      {
        experiment_ids,
        ...NUMBERS,
        run_view_type: "ALL",
        order_by: ["metrics.loss DESC", "params.depth", "tags.team"],
      },
    ],
    [
      "searchRuns",
      {
        experiment_ids,
        ...NUMBERS,
        filter: "metrics.loss > 0.1 AND params.depth LIKE '3%' AND tags.team ILIKE 'BLUE'",
      },
    ],
    [
      "searchRuns",
      {
        experiment_ids,
        ...NUMBERS,
        filter: "start_time > 0 AND dataset.name = 'wine' AND status != 'FAILED'",
        order_by: ["status", "end_time"],
      },
    ],
    [
      "runColumns",
      {
        experiment_ids,
        offset: 0,
        limit: 50,
        fields: [
          { kind: "param", key: "depth" },
          { kind: "metric", key: "loss" },
        ],
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
        order: [{ field: { kind: "metric", key: "loss" }, ascending: true }],
        filter: "tags.team = 'blue'",
      },
    ],
    ["runKeys", { experiment_ids }],
    ["metricSeries", { run_ids, metric_key: "loss", points: 2 }],
    ...run_ids.flatMap((run_id): Question[] => [
      ["getRun", { run_id }],
      ["metricHistory", { run_id, metric_key: "loss" }],
      ["runNodes", { experiment_id: "1", parent_run_id: run_id, ...NUMBERS }],
      ["listArtifacts", { run_id }],
      ["localArtifactPath", { run_id, path: "a" }],
    ]),
    ["searchLoggedModels", { experiment_ids, ...NUMBERS }],
    [
      "searchLoggedModels",
      { experiment_ids, filter: "params.p = '1'", order_by: [{ field_name: "metrics.loss", ascending: true }] },
    ],
    ...ids.models.slice(0, 2).flatMap((model_id): Question[] => [["getLoggedModel", { model_id }]]),
    ["searchRegisteredModels", NUMBERS],
    [
      "searchRegisteredModels",
      { ...NUMBERS, filter: "name LIKE 'w%' AND tags.team = 'blue'", order_by: ["timestamp DESC"] },
    ],
    ["searchModelVersions", { ...NUMBERS, filter: "version_number > 0", order_by: ["version_number DESC"] }],
    ["getRegisteredModel", { name: "wine" }],
    ["getLatestVersions", { name: "wine" }],
    ["getModelVersionByAlias", { name: "wine", alias: "best" }],
    ...["1", ...ids.versions.slice(0, 2)].flatMap((version): Question[] => [
      ["getModelVersion", { name: "wine", version }],
      ["getModelVersionDownloadUri", { name: "wine", version }],
    ]),
    [
      "searchTraces",
      {
        experiment_ids,
        ...NUMBERS,
        filter: "tags.team = 'blue' AND name RLIKE 'c'",
        order_by: ["execution_time DESC"],
      },
    ],
    ["searchTraces", { experiment_ids, ...NUMBERS, filter: "feedback.good IS NOT NULL AND span.content LIKE '%a%'" }],
    ["countTraces", { experiment_ids, first: "status = 'OK'", second: "name = 'chat'" }],
    ["storedSpans", { trace_ids: ["tr-base", ...traces] }],
    ["getTraceInfos", { trace_ids: ["tr-base", ...traces] }],
    ["getTraceInfo", { trace_id: "tr-base" }],
    ["getAssessment", { trace_id: "tr-base", assessment_id: "a-base" }],
  ];
}

/** Asks a store everything. */
export async function readEverything(uri: string): Promise<Told> {
  const told: Told = { faults: [], results: 0, errors: 0, slowest: ["", 0] };
  const tell = (name: string, error: unknown) =>
    told.faults.push(`${name}: ${error instanceof Error ? error.stack : "?"}`);
  const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    const begun = process.cpuUsage();
    try {
      const result = await work();
      // What cannot be sent is no answer.
      structuredClone(result);
      if (JSON.stringify(result)?.includes(SECRET) === true) tell(name, new Error("What lies outside was read."));
      told.results += 1;
      return result;
    } catch (error) {
      if (!(error instanceof MlflowError)) tell(name, error);
      else if (error.error_code === "INTERNAL_ERROR") tell(name, error);
      told.errors += 1;
      return undefined;
    } finally {
      const { user, system } = process.cpuUsage(begun);
      const took = (user + system) / 1_000;
      if (took > told.slowest[1]) told.slowest = [name, took];
    }
  };
  const failed = (error: unknown) => tell("outside of any call", error);
  process.on("uncaughtException", failed);
  let store: Store | undefined;
  try {
    store = openStore(uri, { lockWait: 0 });
    const opened = store;
    await timed("status", () => void opened.status());
    await timed("onChange", () => void opened.onChange(() => undefined));
    const ask = (name: string, query: object) =>
      timed(name, () => {
        const method: unknown = Reflect.get(opened, name);
        return typeof method === "function" ? Reflect.apply(method, opened, [query]) : undefined;
      });
    const found = async (
      name: string,
      query: object,
      key: (item: Record<string, Record<string, unknown>>) => unknown,
    ) => {
      const page = await ask(name, query);
      // The border: pages of whatever the spoiled store holds.
      const items = (page as { items: Record<string, Record<string, unknown>>[] } | undefined)?.items ?? [];
      return items.map(key).filter((id) => typeof id === "string");
    };
    const experiment_ids = await found(
      "searchExperiments",
      { view_type: "ALL", ...NUMBERS },
      (item) => item["experiment_id"],
    );
    const scope = { experiment_ids: ["0", "1", ...experiment_ids], ...NUMBERS };
    const ids = {
      experiment_ids: scope.experiment_ids,
      run_ids: await found("searchRuns", { ...scope, run_view_type: "ALL" }, ({ info }) => info?.["run_id"]),
      models: await found("searchLoggedModels", scope, ({ info }) => info?.["model_id"]),
      versions: await found("searchModelVersions", NUMBERS, (item) => item["version"]),
      traces: await found("searchTraces", scope, (item) => item["trace_id"]),
    };
    for (const [name, query] of questions(ids)) await ask(name, query);
    // The watcher's own promises.
    await new Promise((next) => setImmediate(next));
  } catch (error) {
    tell("openStore", error);
  } finally {
    await timed("close", () => store?.close());
    process.off("uncaughtException", failed);
  }
  return told;
}

if (process.argv[2] === "--lines") {
  for await (const uri of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await readEverything(uri))}\n`);
  }
}
