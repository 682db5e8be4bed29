import {
  LOGGED_MODEL_STATUSES,
  MODEL_STAGES,
  MODEL_VERSION_STATUSES,
  RUN_STATUSES,
  type DatasetInput,
  type Experiment,
  type FileInfo,
  type KeyValue,
  type LifecycleStage,
  type LoggedModel,
  type Metric,
  type ModelVersion,
  type Page,
  type RegisteredModel,
  type Run,
  type RunInfo,
} from "../../mlflow/entities.ts";

// The border between what a server answers and MLflow's things: absent lists are empty, absent texts are "".

export type Json = Readonly<Record<string, unknown>>;

export function readPage<T>(json: Json, key: string, read: (item: Json) => T): Page<T> {
  const token = text(json["next_page_token"]);
  return { items: objects(json[key]).map(read), ...present({ next_page_token: token === "" ? undefined : token }) };
}

export function readExperiment(json: Json): Experiment {
  return {
    experiment_id: text(json["experiment_id"]),
    name: text(json["name"]),
    artifact_location: text(json["artifact_location"]),
    lifecycle_stage: lifecycleStage(json["lifecycle_stage"]),
    tags: keyValues(json["tags"]),
    ...present({ creation_time: number(json["creation_time"]), last_update_time: number(json["last_update_time"]) }),
  };
}

export function readRun(json: Json): Run {
  const data = object(json["data"]);
  const inputs = object(json["inputs"]);
  const outputs = object(json["outputs"]);
  return {
    info: readRunInfo(object(json["info"])),
    data: {
      metrics: objects(data["metrics"]).map(readMetric),
      params: keyValues(data["params"]),
      tags: keyValues(data["tags"]),
    },
    inputs: {
      dataset_inputs: objects(inputs["dataset_inputs"]).map(readDatasetInput),
      model_inputs: objects(inputs["model_inputs"]).map((input) => ({ model_id: text(input["model_id"]) })),
    },
    outputs: {
      model_outputs: objects(outputs["model_outputs"]).map((output) => ({
        model_id: text(output["model_id"]),
        step: number(output["step"]) ?? 0,
      })),
    },
  };
}

export function readRunInfo(json: Json): RunInfo {
  const run_id = text(json["run_id"]);
  return {
    run_id,
    run_uuid: text(json["run_uuid"]) || run_id,
    run_name: text(json["run_name"]),
    experiment_id: text(json["experiment_id"]),
    user_id: text(json["user_id"]),
    status: oneOf(RUN_STATUSES, json["status"], "RUNNING"),
    artifact_uri: text(json["artifact_uri"]),
    lifecycle_stage: lifecycleStage(json["lifecycle_stage"]),
    ...present({ start_time: number(json["start_time"]), end_time: number(json["end_time"]) }),
  };
}

export function readMetric(json: Json): Metric {
  return {
    key: text(json["key"]),
    value: number(json["value"]) ?? 0,
    timestamp: number(json["timestamp"]) ?? 0,
    step: number(json["step"]) ?? 0,
    ...present({
      run_id: optionalText(json["run_id"]),
      model_id: optionalText(json["model_id"]),
      dataset_name: optionalText(json["dataset_name"]),
      dataset_digest: optionalText(json["dataset_digest"]),
    }),
  };
}

export function readFileInfo(json: Json): FileInfo {
  const file_size = number(json["file_size"]);
  return { path: text(json["path"]), is_dir: json["is_dir"] === true, ...present({ file_size }) };
}

export function readLoggedModel(json: Json): LoggedModel {
  const info = object(json["info"]);
  const data = object(json["data"]);
  return {
    info: {
      model_id: text(info["model_id"]),
      experiment_id: text(info["experiment_id"]),
      name: text(info["name"]),
      creation_timestamp_ms: number(info["creation_timestamp_ms"]) ?? 0,
      last_updated_timestamp_ms: number(info["last_updated_timestamp_ms"]) ?? 0,
      artifact_uri: text(info["artifact_uri"]),
      status: oneOf(LOGGED_MODEL_STATUSES, info["status"], "LOGGED_MODEL_STATUS_UNSPECIFIED"),
      tags: keyValues(info["tags"]),
      ...present({
        status_message: optionalText(info["status_message"]),
        model_type: optionalText(info["model_type"]),
        source_run_id: optionalText(info["source_run_id"]),
      }),
    },
    data: { params: keyValues(data["params"]), metrics: objects(data["metrics"]).map(readMetric) },
  };
}

export function readRegisteredModel(json: Json): RegisteredModel {
  return {
    name: text(json["name"]),
    creation_timestamp: number(json["creation_timestamp"]) ?? 0,
    last_updated_timestamp: number(json["last_updated_timestamp"]) ?? 0,
    latest_versions: objects(json["latest_versions"]).map(readModelVersion),
    tags: keyValues(json["tags"]),
    aliases: objects(json["aliases"]).map((alias) => ({
      alias: text(alias["alias"]),
      version: text(alias["version"]),
    })),
    ...present({ description: optionalText(json["description"]) }),
  };
}

export function readModelVersion(json: Json): ModelVersion {
  return {
    name: text(json["name"]),
    version: text(json["version"]),
    creation_timestamp: number(json["creation_timestamp"]) ?? 0,
    last_updated_timestamp: number(json["last_updated_timestamp"]) ?? 0,
    current_stage: oneOf(MODEL_STAGES, json["current_stage"], "None"),
    status: oneOf(MODEL_VERSION_STATUSES, json["status"], "READY"),
    tags: keyValues(json["tags"]),
    aliases: Array.isArray(json["aliases"]) ? json["aliases"].map(text) : [],
    ...present({
      user_id: optionalText(json["user_id"]),
      description: optionalText(json["description"]),
      source: optionalText(json["source"]),
      run_id: optionalText(json["run_id"]),
      status_message: optionalText(json["status_message"]),
      run_link: optionalText(json["run_link"]),
      model_id: optionalText(json["model_id"]),
    }),
  };
}

export function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** Ids are text on the wire, but some servers write versions as numbers. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function readDatasetInput(json: Json): DatasetInput {
  const dataset = object(json["dataset"]);
  return {
    tags: keyValues(json["tags"]),
    dataset: {
      name: text(dataset["name"]),
      digest: text(dataset["digest"]),
      source_type: text(dataset["source_type"]),
      source: text(dataset["source"]),
      ...present({ schema: optionalText(dataset["schema"]), profile: optionalText(dataset["profile"]) }),
    },
  };
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function keyValues(value: unknown): KeyValue[] {
  return objects(value).map((pair) => ({ key: text(pair["key"]), value: text(pair["value"]) }));
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** protobuf's JSON writes NaN, ±Infinity, and in some servers int64, as text. */
function number(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && value !== "" ? Number(value) : undefined;
}

function lifecycleStage(value: unknown): LifecycleStage {
  return value === "deleted" ? "deleted" : "active";
}

function oneOf<T extends string>(all: readonly T[], value: unknown, otherwise: T): T {
  return all.find((one) => one === value) ?? otherwise;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only the fields that have a value. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
