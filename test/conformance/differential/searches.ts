// Searches of everything but runs.
import fc from "fast-check";
import type { Call } from "./call.ts";
import { TEXTS } from "./contents.ts";
import { MODELS } from "./contentsModels.ts";
import { asQuery, filter, orderBy, type Vocabulary } from "./filters.ts";

const sizes = fc.option(fc.constantFrom(1, 2, 3, 100, 1000), { nil: undefined });
const maybe = <T>(value: fc.Arbitrary<T>, freq = 4) => fc.option(value, { nil: undefined, freq });

/** Search words, where order_by takes fewer of them. */
function search(words: Vocabulary, orders: Vocabulary["entities"]) {
  return {
    filter: maybe(filter(words), 8),
    order_by: maybe(orderBy({ texts: [], entities: orders }), 2),
    max_results: sizes,
  };
}

const tag = { words: ["tags", "tag"], keys: ["team", "a b", "mlflow.note.content"], takes: ["text"] as const };

const EXPERIMENT_ORDERS = ["name", "experiment_id", "creation_time", "last_update_time"];

export const searchExperiments: fc.Arbitrary<Call> = fc
  .record({
    ...search(
      {
        entities: [
          { words: ["", "attribute"], keys: ["name"], takes: ["text"] },
          { words: ["", "attribute"], keys: ["creation_time", "last_update_time"], takes: ["number"] },
          { ...tag, takes: ["text", "null"] },
        ],
        texts: [...TEXTS, "first", "Second", "Default", "%e%"],
      },
      [{ words: ["", "attribute"], keys: EXPERIMENT_ORDERS, takes: [] }],
    ),
    max_results: fc.constantFrom(1, 2, 100, 1000, 0, 50_001),
    view_type: maybe(fc.constantFrom("ACTIVE_ONLY", "DELETED_ONLY", "ALL")),
  })
  .map((body) => ({ method: "POST", path: "/api/2.0/mlflow/experiments/search", body }));

export const searchRegisteredModels: fc.Arbitrary<Call> = fc
  .record(
    search(
      {
        entities: [
          { words: ["", "attribute"], keys: ["name"], takes: ["text", "text", "list"] },
          { ...tag, takes: ["text"] },
        ],
        texts: [...TEXTS, ...MODELS],
      },
      [{ words: ["", "", "attribute"], keys: ["name", "timestamp", "last_updated_timestamp"], takes: [] }],
    ),
  )
  .map((fields) => ({ method: "GET", path: "/api/2.0/mlflow/registered-models/search", query: asQuery(fields) }));

export const searchModelVersions: fc.Arbitrary<Call> = fc
  .record(
    search(
      {
        entities: [
          { words: ["", "attribute"], keys: ["name", "run_id"], takes: ["text", "list"] },
          { words: ["", "attribute"], keys: ["source_path"], takes: ["text"] },
          { words: ["", "attribute"], keys: ["version_number"], takes: ["number"] },
          { ...tag, takes: ["text"] },
        ],
        texts: [...TEXTS, ...MODELS, "<run0>", "<run3>", "%model"],
      },
      [
        {
          words: ["", "attribute"],
          keys: ["name", "version_number", "creation_timestamp", "last_updated_timestamp"],
          takes: [],
        },
      ],
    ),
  )
  .map((fields) => ({ method: "GET", path: "/api/2.0/mlflow/model-versions/search", query: asQuery(fields) }));

const loggedModelOrder = fc.record(
  {
    field_name: fc.constantFrom(
      "metrics.acc",
      "metrics.loss",
      "name",
      "creation_time",
      "creation_timestamp",
      "model_type",
      "status",
      "params.lr",
      "x",
      "source_run_id",
    ),
    ascending: maybe(fc.boolean()),
    dataset_name: maybe(fc.constantFrom("wine", "none", ""), 2),
    dataset_digest: maybe(fc.constantFrom("d0", "d1", ""), 2),
  },
  { requiredKeys: ["field_name"] },
);
const loggedModelDataset = fc.record(
  { dataset_name: fc.constantFrom("wine", "none", ""), dataset_digest: fc.constantFrom("d0", "d1", "x", "") },
  { requiredKeys: [] },
);

export const searchLoggedModels: fc.Arbitrary<Call> = fc
  .record({
    experiment_ids: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(["1", "2"], ["1"], ["2", "1"]) },
      fc.constantFrom([], ["9"], ["x"]),
    ),
    filter: maybe(
      filter({
        entities: [
          {
            words: ["", "attributes"],
            keys: ["name", "model_type", "status", "source_run_id", "model_id"],
            takes: ["text", "list"],
          },
          {
            words: ["", "attributes"],
            keys: ["creation_timestamp", "creation_time", "last_updated_timestamp_ms"],
            takes: ["number"],
          },
          { words: ["metrics"], keys: ["acc", "loss"], takes: ["number"] },
          { words: ["params"], keys: ["lr"], takes: ["text", "list"] },
          { words: ["tags"], keys: ["team"], takes: ["text", "list"] },
        ],
        texts: [...TEXTS, "net", "Net", "agent", "<run0>", "<model1>", "READY", "LOGGED_MODEL_READY"],
      }),
      8,
    ),
    datasets: maybe(fc.array(loggedModelDataset, { maxLength: 2 }), 1),
    order_by: maybe(fc.array(loggedModelOrder, { maxLength: 2 }), 2),
    max_results: sizes,
  })
  .map((body) => ({ method: "POST", path: "/api/2.0/mlflow/logged-models/search", body }));

const traces = search(
  {
    entities: [
      {
        words: ["", "attributes", "trace"],
        keys: ["status", "name", "request_id", "client_request_id", "run_id"],
        takes: ["text", "list"],
      },
      {
        words: ["", "attribute"],
        keys: ["timestamp_ms", "timestamp", "execution_time_ms", "execution_time", "end_time"],
        takes: ["number"],
      },
      { ...tag, takes: ["text", "null"] },
      { words: ["request_metadata", "metadata"], keys: ["team", "mlflow.sourceRun"], takes: ["text", "null"] },
      { words: ["feedback", "expectation"], keys: ["a", "b"], takes: ["text", "null"] },
    ],
    texts: [...TEXTS, "OK", "ERROR", "ask", "c4", "<run0>", "yes", "true", "x"],
  },
  [
    {
      words: ["", "attributes"],
      keys: ["timestamp_ms", "timestamp", "execution_time", "status", "request_id", "name", "experiment_id"],
      takes: [],
    },
    { words: ["tags", "metadata"], keys: ["team"], takes: [] },
  ],
);

/** Searches of both APIs. */
export const searchTraces: fc.Arbitrary<Call> = fc
  .tuple(fc.record(traces), fc.constantFrom(["1", "2"], ["1"], ["2"], ["9"], []), fc.boolean())
  .map(([fields, experiments, old]): Call => {
    if (old)
      return {
        method: "GET",
        path: "/api/2.0/mlflow/traces",
        query: asQuery({ experiment_ids: experiments, ...fields }),
      };
    const locations = experiments.map((experiment_id) => ({
      type: "MLFLOW_EXPERIMENT",
      mlflow_experiment: { experiment_id },
    }));
    return { method: "POST", path: "/api/3.0/mlflow/traces/search", body: { locations, ...fields } };
  });
