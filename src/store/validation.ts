import { posix } from "node:path";
import { MODEL_STAGES, type DatasetInput, type KeyValue, type Metric, type ModelStage } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { pythonText } from "../mlflow/pythonText.ts";

// What MLflow 3.17 refuses before it writes (utils/validation.py), with its codes and wording. Lengths are in code points.

const MAX_KEY = 250;
const MAX_RESULTS = 50_000;

/** Most characters of values that have had other limits in other releases of mlflow. */
export interface ValueLimits {
  param: number;
  tag: number;
  experimentTag: number;
  registryTag: number;
  datasetSchema: number;
  /** Longer params and tags are cut; else they are refused. */
  cuts: boolean;
}

/** Those of mlflow 3.17. */
export const VALUE_LIMITS: ValueLimits = {
  param: 6_000,
  tag: 8_000,
  experimentTag: 20_000,
  registryTag: 100_000,
  datasetSchema: 1_048_575,
  cuts: true,
};

export function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/** MLflow's sentence about one bad value; values are shown as compact JSON. */
export function invalidValue(path: string, value: unknown, reason?: string): MlflowError {
  const shown = `Invalid value ${JSON.stringify(value)} for parameter '${path}' supplied`;
  return invalid(reason === undefined ? `${shown}.` : `${shown}: ${reason}`);
}

export function missingValue(path: string): MlflowError {
  return invalid(`Missing value for required parameter '${path}'.`);
}

/** Names that were found good: a run logs the same few again and again. */
const goodNames = new Set<string>();
const GOOD_NAMES_KEPT = 5_000;

/** Throws unless `name` can name a param, metric or tag. */
function checkName(name: string, path: string): void {
  if (goodNames.has(name)) return;
  checkLetters(name, path);
  checkPath(name, path);
  if (name.length > MAX_KEY) return;
  if (goodNames.size >= GOOD_NAMES_KEPT) goodNames.clear();
  goodNames.add(name);
}

function checkLetters(name: string, path: string): void {
  const windows = process.platform === "win32";
  const allowed = windows ? /^[/\p{L}\p{N}_.\- ]*$/u : /^[/\p{L}\p{N}_.\- :]*$/u;
  if (allowed.test(name)) return;
  const colon = windows ? "" : ", colon(:)";
  throw invalidValue(
    path,
    name,
    `Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( )${colon} and slashes (/).`,
  );
}

function checkPath(name: string, path: string): void {
  const normal = pythonNormalPath(name);
  if (normal === name && normal !== "." && !normal.startsWith("..") && !normal.startsWith("/")) return;
  throw invalidValue(
    path,
    name,
    `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to ${pythonText(normal)}`,
  );
}

/** Python's normpath drops a trailing slash, Node's keeps it. */
function pythonNormalPath(name: string): string {
  const normal = posix.normalize(name);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

function lengthOf(text: string): number {
  if (text.length <= 250) return text.length;
  return [...text].length;
}

export function checkLength(what: string, limit: number, text: string): void {
  if (lengthOf(text) > limit) throw invalid(`'${what}' exceeds the maximum length of ${limit} characters`);
}

/** MLflow cuts long param and tag values unless MLFLOW_TRUNCATE_LONG_VALUES says otherwise. */
function cutToLength(what: string, limit: number, text: string, { cuts }: ValueLimits): string {
  if (text.length <= limit) return text;
  const wanted = process.env["MLFLOW_TRUNCATE_LONG_VALUES"]?.toLowerCase();
  if (!cuts || wanted === "false" || wanted === "0") checkLength(what, limit, text);
  return [...text].slice(0, limit).join("");
}

const joined = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

function checkMetric(metric: Metric, index: number): void {
  const { key, value, timestamp, step } = metric;
  if (goodNames.has(key) && timestamp >= 0 && Number.isFinite(timestamp) && Number.isFinite(step)) return;
  const path = `metrics[${index}]`;
  checkName(key, joined(path, "name"));
  if (!Number.isFinite(timestamp) || timestamp < 0) {
    throw invalidValue(
      joined(path, "timestamp"),
      timestamp,
      `metric '${key}' (value=${value}). Timestamp must be a nonnegative long (64-bit integer) `,
    );
  }
  if (!Number.isFinite(step)) {
    throw invalidValue(
      joined(path, "step"),
      step,
      `metric '${key}' (value=${value}). Step must be a valid long (64-bit integer).`,
    );
  }
  checkLength("Metric name", MAX_KEY, key);
}

/** The param as it is stored: a long value is cut. */
export function checkParam(param: KeyValue, path: string, limits = VALUE_LIMITS): KeyValue {
  checkName(param.key, joined(path, "key"));
  checkLength("Param key", MAX_KEY, param.key);
  return { key: param.key, value: cutToLength("Param value", limits.param, param.value, limits) };
}

/** The run tag as it is stored: a long value is cut. */
export function checkTag(tag: KeyValue, path = "", limits = VALUE_LIMITS): KeyValue {
  checkName(tag.key, joined(path, "key"));
  checkLength(joined(path, "key"), MAX_KEY, tag.key);
  return { key: tag.key, value: cutToLength(joined(path, "value"), limits.tag, tag.value, limits) };
}

export function checkExperimentTag(tag: KeyValue, limits = VALUE_LIMITS): void {
  checkName(tag.key, "key");
  checkLength("key", MAX_KEY, tag.key);
  checkLength("value", limits.experimentTag, tag.value);
}

/** For tags of registered models and model versions. */
export function checkRegistryTag(tag: KeyValue, limits = VALUE_LIMITS): void {
  checkName(tag.key, "key");
  checkLength("key", MAX_KEY, tag.key);
  if (tag.key === "mlflow.prompt.text" && lengthOf(tag.value) > limits.registryTag) {
    throw invalid(`Prompt text exceeds max length of ${limits.registryTag} characters.`);
  }
  checkLength("value", limits.registryTag, tag.value);
}

export function checkTagKey(key: string): void {
  checkName(key, "key");
}

/** Checks a whole batch; answers params and tags as they are stored. */
export function checkBatch(batch: { metrics: Metric[]; params: KeyValue[]; tags: KeyValue[] }, limits = VALUE_LIMITS) {
  batch.metrics.forEach(checkMetric);
  const params = batch.params.map((param, index) => checkParam(param, `params[${index}]`, limits));
  const tags = batch.tags.map((tag, index) => checkTag(tag, `tags[${index}]`, limits));
  checkCount("metrics", 1_000, batch.metrics.length);
  checkCount("params", 100, params.length);
  checkCount("tags", 100, tags.length);
  checkCount("metrics, params, and tags", 1_000, batch.metrics.length + params.length + tags.length);
  const seen = new Set<string>();
  const twice = params.map(({ key }) => key).filter((key) => seen.size === seen.add(key).size);
  if (twice.length > 0) {
    throw invalid(
      `Duplicate parameter keys have been submitted: [${twice.map(pythonText).join(", ")}]. Please ensure the request contains only one param value per param key.`,
    );
  }
  return { params, tags };
}

function checkCount(what: string, limit: number, count: number): void {
  if (count <= limit) return;
  throw invalid(
    `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
  );
}

export function checkRunId(run_id: string): void {
  if (!/^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u.test(run_id)) throw invalidValue("run_id", run_id);
}

/** The number of an experiment; MLflow's SQL stores count them. */
export function experimentNumber(experiment_id: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(experiment_id)) return Number(experiment_id);
  throw invalid(`Invalid experiment ID '${experiment_id}'. Experiment ID must be a valid integer.`);
}

export function checkExperimentName(name: string): void {
  if (name === "") throw invalid("Invalid experiment name: ''");
  checkLength("name", 500, name);
}

export function checkArtifactLocation(location: string): void {
  const limit = Number(process.env["MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH"] ?? 2048);
  if (location.length <= limit) return;
  throw invalid(
    `Invalid artifact path length. The length of the artifact path cannot be greater than ${limit} characters. To configure this limit, please set the MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH environment variable.`,
  );
}

export function checkMaxResults(max_results: number): void {
  const shown = `Invalid value ${max_results} for parameter 'max_results' supplied. It must be`;
  if (max_results < 1) throw invalid(`${shown} a positive integer`);
  if (max_results > MAX_RESULTS) throw invalid(`${shown} at most ${MAX_RESULTS}`);
}

export function checkModelName(name: string): void {
  if (name.trim() === "") throw missingValue("name");
  if (/[/:]/.test(name)) throw invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  checkPath(name, "name");
}

export function modelVersionNumber(version: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(version)) return Number(version);
  throw invalid(`Parameter 'version' must be an integer, got '${version}'.`);
}

/** The stage meant by `stage`, whatever its case. Throws INVALID_PARAMETER_VALUE. */
export function canonicalStage(stage: string): ModelStage {
  const found = MODEL_STAGES.find((known) => known.toLowerCase() === stage.toLowerCase());
  if (found !== undefined) return found;
  throw invalid(`Invalid Model Version stage: ${stage}. Value must be one of ${MODEL_STAGES.join(", ")}.`);
}

/** For setting an alias: `latest` and `v<number>` mean something else. */
export function checkAliasFree(alias: string): void {
  if (alias.toLowerCase() === "latest") throw invalid("'latest' alias name (case insensitive) is reserved.");
  if (/^[vV]\d+$/.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`);
}

export function checkAlias(alias: string): void {
  if (alias === "") throw invalid("Registered model alias name cannot be empty.");
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) {
    throw invalid(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  checkLength("Registered model alias name", 255, alias);
}

const LOGGED_MODEL_BAD = ["/", ":", ".", "%", '"', "'"];

export function checkLoggedModelName(name: string): void {
  if (name !== "" && !LOGGED_MODEL_BAD.some((bad) => name.includes(bad))) return;
  throw invalid(
    `Invalid model name (${pythonText(name)}) provided. Model name must be a non-empty string and cannot contain the following characters: (${LOGGED_MODEL_BAD.map(pythonText).join(", ")})`,
  );
}

export function checkDatasetInputs(inputs: DatasetInput[], limits = VALUE_LIMITS): void {
  for (const { dataset, tags } of inputs) {
    checkLength("name", 500, dataset.name);
    checkLength("digest", 36, dataset.digest);
    checkLength("source", 65_535, dataset.source);
    if (dataset.schema !== undefined) checkLength("schema", limits.datasetSchema, dataset.schema);
    if (dataset.profile !== undefined) checkLength("profile", 16_777_215, dataset.profile);
    for (const tag of tags) {
      checkLength("key", 255, tag.key);
      checkLength("value", 500, tag.value);
    }
  }
}
