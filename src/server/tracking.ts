import { resolve } from "node:path";
import type {
  GetMetricHistory,
  Metric as MetricMessage,
  SearchRuns as SearchRunsRequest,
} from "../mlflow/api.generated.ts";
import type { Experiment, KeyValue, Metric } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { schemeOf } from "../mlflow/uris.ts";
import type { MoreMethods } from "../store/store.ts";
import type { MetricHistoryQuery, SearchRuns, TrackingStore } from "../store/trackingStore.ts";
import { invalid } from "../store/validation.ts";
import { fullyDecoded } from "./artifactPath.ts";
import { type Handlers, keyValues, nonEmpty, sent, text } from "./handlers.ts";
import { isOlder } from "./olderStores.ts";

/** Calls about experiments, runs and what is logged to them. */
export function trackingHandlers(store: TrackingStore & MoreMethods): Handlers {
  return { ...experimentHandlers(store), ...runHandlers(store), ...loggingHandlers(store) };
}

function experimentHandlers(store: TrackingStore): Handlers {
  return {
    createExperiment: ({ name, artifact_location, tags }) =>
      store.createExperiment(
        sent({ name: text(name), artifact_location: location(artifact_location), tags: keyValues(tags) }),
      ),
    getExperiment: async ({ experiment_id }) => ({
      experiment: told(await store.getExperiment({ experiment_id: text(experiment_id) })),
    }),
    getExperimentByName: async ({ experiment_name }) => ({
      experiment: told(await store.getExperimentByName({ experiment_name: text(experiment_name) })),
    }),
    searchExperiments: async ({ filter, order_by, max_results, page_token, view_type }) => {
      const { items, next_page_token } = await store.searchExperiments(
        // An unset proto2 integer reads as 0, which the store refuses (mlflow 3.17).
        sent({ filter, order_by, max_results: max_results ?? 0, page_token: nonEmpty(page_token), view_type }),
      );
      return sent({ experiments: items.map(told), next_page_token });
    },
    updateExperiment: async ({ experiment_id, new_name }) => {
      await store.updateExperiment(sent({ experiment_id: text(experiment_id), new_name: nonEmpty(new_name) }));
      return {};
    },
    deleteExperiment: async ({ experiment_id }) => {
      await store.deleteExperiment({ experiment_id: text(experiment_id) });
      return {};
    },
    restoreExperiment: async ({ experiment_id }) => {
      await store.restoreExperiment({ experiment_id: text(experiment_id) });
      return {};
    },
    setExperimentTag: async ({ experiment_id, key, value }) => {
      await store.setExperimentTag({ experiment_id: text(experiment_id), key: text(key), value: text(value) });
      return {};
    },
    deleteExperimentTag: async ({ experiment_id, key }) => {
      await store.deleteExperimentTag({ experiment_id: text(experiment_id), key: text(key) });
      return {};
    },
  };
}

/** There is one workspace, and MLflow names it at each experiment (3.17). */
function told(experiment: Experiment): Experiment & { workspace: string } {
  return { ...experiment, workspace: "default" };
}

function runHandlers(store: TrackingStore): Handlers {
  return {
    createRun: async ({ experiment_id, user_id, run_name, start_time, tags }) => {
      // A new run's answer tells no outputs (mlflow 3.17).
      const { outputs: _none, ...run } = await store.createRun(
        sent({
          // A run without an experiment goes to `Default` (mlflow 3.17 SqlAlchemyStore.create_run).
          experiment_id: nonEmpty(experiment_id) ?? "0",
          user_id,
          run_name: nonEmpty(run_name),
          start_time: start_time ?? 0,
          tags: keyValues(tags),
        }),
      );
      return { run };
    },
    getRun: async (request) => ({ run: await store.getRun({ run_id: runId(request) }) }),
    updateRun: async (request) => ({
      run_info: await store.updateRun(
        sent({
          run_id: runId(request),
          status: request.status,
          end_time: request.end_time,
          run_name: request.run_name,
        }),
      ),
    }),
    deleteRun: async ({ run_id }) => {
      await store.deleteRun({ run_id: text(run_id) });
      return {};
    },
    restoreRun: async ({ run_id }) => {
      await store.restoreRun({ run_id: text(run_id) });
      return {};
    },
    searchRuns: async (request) => {
      const { items, next_page_token } = await store.searchRuns(runsQuery(request));
      return sent({ runs: items, next_page_token });
    },
  };
}

function loggingHandlers(store: TrackingStore & MoreMethods): Handlers {
  return {
    logMetric: async (request) => {
      await store.logBatch({ run_id: runId(request), metrics: [metric(request)], params: [], tags: [] });
      return {};
    },
    logParam: async (request) => {
      await logParam(store, runId(request), { key: text(request.key), value: text(request.value) });
      return {};
    },
    logBatch: async ({ run_id, metrics, params, tags }) => {
      await store.logBatch({
        run_id: text(run_id),
        metrics: (metrics ?? []).map(metric),
        params: keyValues(params),
        tags: keyValues(tags),
      });
      return {};
    },
    setTag: async (request) => {
      await store.setTag({ run_id: runId(request), key: text(request.key), value: text(request.value) });
      return {};
    },
    deleteTag: async ({ run_id, key }) => {
      await store.deleteTag({ run_id: text(run_id), key: text(key) });
      return {};
    },
    logInputs: async ({ run_id, datasets, models }) => {
      await store.logInputs({
        run_id: text(run_id),
        datasets: (datasets ?? []).map(({ tags, dataset = {} }) => ({
          tags: keyValues(tags),
          dataset: sent({
            name: text(dataset.name),
            digest: text(dataset.digest),
            source_type: text(dataset.source_type),
            source: text(dataset.source),
            schema: nonEmpty(dataset.schema),
            profile: nonEmpty(dataset.profile),
          }),
        })),
        models: (models ?? []).map(({ model_id }) => ({ model_id: text(model_id) })),
      });
      return {};
    },
    logOutputs: async ({ run_id, models }) => {
      const outputs = (models ?? []).map(({ model_id, step }) => ({ model_id: text(model_id), step: step ?? 0 }));
      await store.logOutputs({ run_id: text(run_id), models: outputs });
      return {};
    },
    getMetricHistory: async (request) => {
      if (request.max_results === 0 && (await isOlder(store))) return {};
      const { items, next_page_token } = await store.metricHistory(historyQuery(request));
      // The run was named in the request and is not repeated (mlflow 3.17 `Metric.to_proto`).
      const metrics = items.map(({ key, value, timestamp, step }) => ({ key, value, timestamp, step }));
      return sent({ metrics, next_page_token });
    },
  };
}

export function runsQuery(request: SearchRunsRequest): SearchRuns {
  const { experiment_ids = [], filter, run_view_type, max_results = 1000, order_by, page_token } = request;
  return sent({ experiment_ids, filter, run_view_type, max_results, order_by, page_token: nonEmpty(page_token) });
}

/** The request checked. Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
export function historyQuery(request: GetMetricHistory): MetricHistoryQuery {
  const { max_results, metric_key, page_token } = request;
  if (max_results !== undefined && max_results <= 0) {
    const message = `Invalid value ${max_results} for parameter 'max_results' supplied. It must be a positive integer.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  return sent({ run_id: runId(request), metric_key: text(metric_key), max_results, page_token: nonEmpty(page_token) });
}

/** A relative folder is the server's, from where it runs; as clients send it. */
function location(uri: string | undefined): string | undefined {
  if (uri === undefined || uri === "") return undefined;
  checkLocation(uri);
  return schemeOf(uri) === "" ? resolve(uri) : uri;
}

/** Throws INVALID_PARAMETER_VALUE for a location that mlflow 3.17 refuses (`_validate_storage_location_uri`). */
function checkLocation(uri: string): void {
  const [path = "", query = ""] = uri.replace(/#.*$/s, "").split(/\?(.*)/s);
  const takesParams = ["", "http", "https", "ftp", "sftp", "hdfs"].includes(schemeOf(uri));
  if (/#./s.test(uri) || (takesParams && hasParams(path))) {
    throw invalid("'artifact_location' URL can't include fragments or params.");
  }
  if (fullyDecoded(query).includes("..")) throw invalid("Invalid query string");
  if (uri.startsWith("runs:")) throw invalid(`Artifact location cannot be a runs:/ URI. Given: '${uri}'`);
}

/** Whether something stands behind a semicolon of the last part of a path. */
function hasParams(path: string): boolean {
  const at = path.indexOf(";", path.lastIndexOf("/") + 1);
  return at >= 0 && at < path.length - 1;
}

/** `run_uuid` is what clients older than 1.0 send. */
function runId({ run_id, run_uuid }: { run_id?: string; run_uuid?: string }): string {
  return nonEmpty(run_id) ?? text(run_uuid);
}

/** One param alone has a message of its own when its value would change (mlflow 3.17 `log_param`). */
async function logParam(store: TrackingStore, run_id: string, param: KeyValue): Promise<void> {
  try {
    await store.logBatch({ run_id, metrics: [], params: [param], tags: [] });
  } catch (error) {
    if (!(error instanceof MlflowError && error.message.startsWith("Changing param values is not allowed.")))
      throw error;
    const { data } = await store.getRun({ run_id });
    const before = data.params.find(({ key }) => key === param.key)?.value;
    const message =
      `Changing param values is not allowed. Param with key='${param.key}' was already logged with value='${before}' ` +
      `for run ID='${run_id}'. Attempted logging new value '${param.value}'.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message, { cause: error });
  }
}

function metric(message: Omit<MetricMessage, "run_id">): Metric {
  const { value = 0, timestamp = 0, step = 0, model_id, dataset_name, dataset_digest } = message;
  const point = { key: text(message.key), value, timestamp, step };
  if (model_id === undefined && dataset_name === undefined && dataset_digest === undefined) return point;
  const of = { model_id: nonEmpty(model_id), dataset_name: nonEmpty(dataset_name) };
  return sent({ ...point, ...of, dataset_digest: nonEmpty(dataset_digest) });
}
