import fc from "fast-check";
import type { Call } from "./call.ts";
import { METRIC_KEYS, PARAM_KEYS, RUNS, TAG_KEYS, TEXTS } from "./contents.ts";
import { filter, orderBy, type Vocabulary } from "./filters.ts";

const attribute = ["", "", "attributes", "attribute", "attr", "run"];

const WORDS: Vocabulary = {
  entities: [
    { words: ["metrics", "metrics", "metric"], keys: METRIC_KEYS, takes: ["number", "number"] },
    { words: ["params", "param", "parameters", "parameter"], keys: PARAM_KEYS, takes: ["text", "null"] },
    { words: ["tags", "tag"], keys: TAG_KEYS, takes: ["text", "null"] },
    {
      words: attribute,
      keys: ["status", "run_name", "user_id", "artifact_uri", "Run Name", "run name"],
      takes: ["text"],
    },
    { words: attribute, keys: ["start_time", "end_time", "created", "Created"], takes: ["number"] },
    { words: attribute, keys: ["run_id"], takes: ["text", "list"] },
    { words: ["dataset", "datasets"], keys: ["name", "digest", "context"], takes: ["text", "list"] },
  ],
  texts: [
    ...TEXTS,
    "FINISHED",
    "RUNNING",
    "finished",
    "wine",
    "train",
    "d1",
    "<run3>",
    "<run4>",
    "<run99>",
    "%a%",
    "a_b",
  ],
};

/** What runs can be ordered by, and what they cannot. */
const ORDERS: Vocabulary = {
  texts: [],
  entities: [
    { words: ["metrics", "metric"], keys: METRIC_KEYS, takes: [] },
    { words: ["metrics", "params", "tags"], keys: [...METRIC_KEYS, ...PARAM_KEYS, ...TAG_KEYS], takes: [] },
    {
      words: attribute,
      keys: ["status", "start_time", "end_time", "run_id", "run_name", "user_id", "created", "artifact_uri"],
      takes: [],
    },
    { words: attribute, keys: ["start_time", "run_id"], takes: [] },
    { words: ["", "attributes", "dataset"], keys: ["name", "Run Name", "experiment_id", "lifecycle_stage"], takes: [] },
  ],
};

const experiments = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(["1", "2", "3"], ["1"], ["3", "1"]) },
  fc.constantFrom(["0"], [], ["1", "1"], ["99"], ["x"], [""], [" 1"], ["01"]),
);

/** A search of runs. */
export const searchRuns: fc.Arbitrary<Call> = fc
  .record({
    experiment_ids: experiments,
    filter: fc.option(filter(WORDS), { nil: undefined, freq: 6 }),
    order_by: fc.option(orderBy(ORDERS), { nil: undefined, freq: 2 }),
    max_results: fc.option(fc.constantFrom(1, 2, 5, RUNS, 1000, 50_000), { nil: undefined }),
    run_view_type: fc.option(fc.constantFrom("ACTIVE_ONLY", "DELETED_ONLY", "ALL"), { nil: undefined }),
  })
  .map((body) => ({ method: "POST", path: "/api/2.0/mlflow/runs/search", body }));
