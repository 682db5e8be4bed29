import type { Comparator, EntityType, FilterSubject } from "./tree.ts";

const NUMERIC: readonly Comparator[] = [">", ">=", "!=", "=", "<", "<="];
const TEXT: readonly Comparator[] = ["!=", "=", "LIKE", "ILIKE"];
const TEXT_OR_NULL: readonly Comparator[] = [...TEXT, "IS NULL", "IS NOT NULL"];
const TEXT_OR_LIST: readonly Comparator[] = [...TEXT, "IN", "NOT IN"];

/** What a subject's filter and order_by may name (mlflow 3.17 `utils/search_utils.py` and the SQLAlchemy stores). */
export interface SubjectRules {
  /** Comparators by entity; an entity that is absent cannot be filtered. */
  comparators: Partial<Record<EntityType, readonly Comparator[]>>;
  attributes: readonly string[];
  numericAttributes: readonly string[];
  /** Attributes that take IN and NOT IN with a list; undefined = all of text. */
  listAttributes: readonly string[] | undefined;
  orderAttributes: readonly string[];
  /** Other spellings of an attribute. */
  aliases: Readonly<Record<string, string>>;
}

export const NUMERIC_COMPARATORS = NUMERIC;
export const DATASET_KEYS = ["name", "digest", "context"] as const;

const RUN_ATTRIBUTES = ["artifact_uri", "end_time", "run_id", "run_name", "start_time", "status", "user_id"];

export const SUBJECTS: Readonly<Record<FilterSubject, SubjectRules>> = {
  runs: {
    comparators: {
      attribute: TEXT_OR_LIST,
      metric: NUMERIC,
      parameter: TEXT_OR_NULL,
      tag: TEXT_OR_NULL,
      dataset: TEXT_OR_LIST,
    },
    attributes: [...RUN_ATTRIBUTES, "created", "Created", "run name", "Run name", "Run Name"],
    numericAttributes: ["start_time", "end_time", "created", "Created"],
    listAttributes: ["run_id"],
    orderAttributes: [...RUN_ATTRIBUTES, "created", "Created"],
    aliases: {
      created: "start_time",
      Created: "start_time",
      "run name": "run_name",
      "Run name": "run_name",
      "Run Name": "run_name",
    },
  },
  experiments: {
    comparators: { attribute: TEXT_OR_LIST, tag: TEXT_OR_NULL },
    attributes: ["name", "experiment_id", "creation_time", "last_update_time"],
    numericAttributes: ["creation_time", "last_update_time"],
    listAttributes: ["experiment_id"],
    orderAttributes: ["name", "experiment_id", "creation_time", "last_update_time"],
    aliases: {},
  },
  registeredModels: {
    comparators: { attribute: TEXT_OR_LIST, tag: TEXT },
    attributes: ["name"],
    numericAttributes: [],
    listAttributes: ["name"],
    orderAttributes: ["timestamp", "last_updated_timestamp", "name"],
    aliases: {},
  },
  modelVersions: {
    comparators: { attribute: TEXT_OR_LIST, tag: TEXT },
    attributes: ["name", "version_number", "run_id", "source_path"],
    numericAttributes: ["version_number"],
    listAttributes: ["name", "run_id"],
    orderAttributes: ["name", "version_number", "creation_timestamp", "last_updated_timestamp"],
    aliases: {},
  },
  loggedModels: {
    comparators: { attribute: TEXT_OR_LIST, metric: NUMERIC, parameter: TEXT_OR_LIST, tag: TEXT_OR_LIST },
    attributes: [
      "name",
      "model_id",
      "model_type",
      "status",
      "source_run_id",
      "experiment_id",
      "artifact_location",
      "creation_time",
      "creation_timestamp",
      "creation_timestamp_ms",
      "last_updated_timestamp",
      "last_updated_timestamp_ms",
    ],
    numericAttributes: ["creation_timestamp_ms", "last_updated_timestamp_ms"],
    listAttributes: undefined,
    orderAttributes: [],
    aliases: {
      creation_time: "creation_timestamp_ms",
      creation_timestamp: "creation_timestamp_ms",
      last_updated_timestamp: "last_updated_timestamp_ms",
    },
  },
};

const ENTITY_WORDS: Readonly<Record<string, EntityType>> = {
  metric: "metric",
  metrics: "metric",
  parameter: "parameter",
  parameters: "parameter",
  param: "parameter",
  params: "parameter",
  tag: "tag",
  tags: "tag",
  attribute: "attribute",
  attributes: "attribute",
  attr: "attribute",
  run: "attribute",
  dataset: "dataset",
  datasets: "dataset",
};

export function entityOf(word: string): EntityType | undefined {
  return Object.hasOwn(ENTITY_WORDS, word) ? ENTITY_WORDS[word] : undefined;
}

/** A Python set as MLflow prints it in messages (its order there is arbitrary, here it is the list's). */
export function pythonSet(values: readonly string[]): string {
  return `{${values.map((value) => `'${value}'`).join(", ")}}`;
}
