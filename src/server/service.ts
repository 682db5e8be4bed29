import { MLFLOW_VERSION } from "../mlflow/api.generated.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { storePath } from "../store/open.ts";
import type { StoreMethods } from "../store/store.ts";
import { artifactHandlers } from "./artifacts.ts";
import { searchDatasets } from "./datasets.ts";
import { artifactFolders } from "./artifactPlaces.ts";
import type { Access } from "./guard.ts";
import type { OwnAnswer, OwnRequest, OwnRoutes, Service } from "./http.ts";
import type { Lifetime } from "./lifetime.ts";
import { loggedModelHandlers } from "./loggedModels.ts";
import type { graphqlOf } from "./graphql.ts";
import type { Handlers } from "./handlers.ts";
import { logModelHandlers } from "./logModel.ts";
import { type JsonObject, parseMessage, printMessage } from "./messages.ts";
import { metricHistoryBulk, metricHistoryHandlers } from "./metricHistory.ts";
import type { ServerOptions } from "./options.ts";
import { homePage } from "./page.ts";
import { registryHandlers } from "./registry.ts";
import { keepsTraces, readSpanFile } from "./traceArtifact.ts";
import { printedBy } from "./printed.ts";
import { traceHandlers } from "./traces.ts";
import { trackingHandlers } from "./tracking.ts";

/** Everything that the server answers, over a store. */
export function createService(
  store: StoreMethods,
  options: ServerOptions,
  access: Access,
  lifetime: Lifetime,
  onError: (error: unknown) => void,
): Service {
  const artifacts = { store, ...artifactFolders(options) };
  const handlers = {
    ...trackingHandlers(store),
    ...registryHandlers(store),
    ...metricHistoryHandlers(store),
    ...loggedModelHandlers(store),
    ...logModelHandlers(store),
    ...artifactHandlers(artifacts),
    ...(keepsTraces(store) ? traceHandlers(store, (trace) => readSpanFile(artifacts, trace)) : {}),
  };
  return {
    handlers,
    printed: printedBy(store),
    artifacts,
    access,
    own: { ...ownRoutes(options, lifetime), ...pageRoutes(store, handlers) },
    onRequest: () => lifetime.noteRequest(Date.now()),
    onError,
  };
}

function ownRoutes(options: ServerOptions, lifetime: Lifetime): OwnRoutes {
  const { backendStoreUri } = options;
  const info = serverInfo(backendStoreUri);
  return {
    "GET /": async ({ isTrusted }) => homePage(storePath(backendStoreUri), isTrusted() ? backendStoreUri : undefined),
    "GET /health": async () => plain("OK"),
    "GET /version": async () => plain(MLFLOW_VERSION),
    "GET /api/3.0/mlflow/server-info": async () => json(info),
    "GET /ajax-api/3.0/mlflow/server-info": async () => json(info),
    "GET /flowdeck/status": async () => {
      lifetime.refuseWhenEnding();
      return json({ backend_store_uri: backendStoreUri, pid: process.pid });
    },
    "POST /v1/traces": async () => {
      // These words tell a client to stop sending spans one by one and to upload them with their trace (mlflow 3.17).
      throw new MlflowError("ENDPOINT_NOT_FOUND", "REST OTLP span logging is not supported by this server.");
    },
    "POST /flowdeck/lease": async () => {
      lifetime.renewLease(Date.now());
      return json({});
    },
  };
}

/** What only MLflow's own web page asks for, and other tools that learned it from there. */
function pageRoutes(store: StoreMethods, handlers: Handlers): OwnRoutes {
  const datasets = async (json: JsonObject) => {
    const { experiment_ids = [] } = parseMessage("SearchRuns", json).message;
    const ids = Array.isArray(experiment_ids) ? experiment_ids.map(String) : [];
    const dataset_summaries = await searchDatasets(store, ids);
    return dataset_summaries.length === 0 ? {} : { dataset_summaries };
  };
  const askDatasets = async (asked: OwnRequest) => json(await datasets(await asked.json()));
  let graphql: Promise<ReturnType<typeof graphqlOf>> | undefined;
  return {
    "POST /graphql": async (asked) => {
      // Loaded when first asked for: only MLflow's web page does.
      graphql ??= import("./graphql.ts").then((loaded) => loaded.graphqlOf(handlers, datasets));
      return json(await (await graphql)(await asked.json()));
    },
    "GET /ajax-api/2.0/mlflow/metrics/get-history-bulk": async (asked) => {
      const metrics = await metricHistoryBulk(store, asked.query);
      if (metrics.length === 0) return json({ metrics });
      return {
        contentType: "application/json",
        body: printMessage("GetMetricHistoryBulkIntervalResponse", { metrics }),
      };
    },
    "POST /ajax-api/2.0/mlflow/experiments/search-datasets": askDatasets,
    // Spelled so in mlflow 3.17's table, beside the path that its page asks.
    "POST /api/2.0mlflow/experiments/search-datasets": askDatasets,
    "POST /ajax-api/2.0mlflow/experiments/search-datasets": askDatasets,
    // What mlflow answers where no gateway was configured: its page then offers none.
    "GET /ajax-api/2.0/mlflow/gateway-proxy": async () => json({ endpoints: [] }),
    "POST /ajax-api/2.0/mlflow/gateway-proxy": async () => json({ endpoints: [] }),
    // Whoever reads this hears that nobody wants to know: the page then sends nothing more.
    "GET /ajax-api/3.0/mlflow/ui-telemetry": async () =>
      json({ disable_ui_telemetry: true, disable_ui_events: [], ui_rollout_percentage: 0 }),
    "POST /ajax-api/3.0/mlflow/ui-telemetry": async () => json({ status: "disabled" }),
  };
}

/** What a client asks before it decides how to talk to the server (mlflow 3.17 `utils/server_info.py`). */
function serverInfo(uri: string): object {
  return {
    store_type: uri.startsWith("sqlite:") ? "SqlStore" : "FileStore",
    workspaces_enabled: false,
    trace_archival_enabled: false,
    multipart_uploads_enabled: false,
    multipart_downloads_enabled: false,
    presigned_upload_run_id_supported: false,
    presigned_upload_model_id_supported: false,
    features_enabled: { gateway: false },
  };
}

function plain(body: string): OwnAnswer {
  return { contentType: "text/plain; charset=utf-8", body };
}

function json(value: object): OwnAnswer {
  return { contentType: "application/json", body: JSON.stringify(value) };
}
