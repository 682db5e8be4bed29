import { MLFLOW_VERSION } from "../mlflow/api.generated.ts";
import { storePath } from "../store/open.ts";
import type { StoreMethods } from "../store/store.ts";
import { artifactHandlers } from "./artifacts.ts";
import type { Access } from "./guard.ts";
import type { OwnAnswer, OwnRoutes, Service } from "./http.ts";
import type { Lifetime } from "./lifetime.ts";
import { loggedModelHandlers } from "./loggedModels.ts";
import type { ServerOptions } from "./options.ts";
import { homePage } from "./page.ts";
import { registryHandlers } from "./registry.ts";
import { trackingHandlers } from "./tracking.ts";

/** Everything that the server answers, over a store. */
export function createService(
  store: StoreMethods,
  options: ServerOptions,
  access: Access,
  lifetime: Lifetime,
  onError: (error: unknown) => void,
): Service {
  const artifacts = { store, destination: options.artifactsDestination };
  return {
    handlers: {
      ...trackingHandlers(store),
      ...registryHandlers(store),
      ...loggedModelHandlers(store),
      ...artifactHandlers(artifacts),
    },
    artifacts,
    access,
    own: ownRoutes(options, access, lifetime),
    onRequest: () => lifetime.noteRequest(Date.now()),
    onError,
  };
}

function ownRoutes(options: ServerOptions, access: Access, lifetime: Lifetime): OwnRoutes {
  const { backendStoreUri } = options;
  const info = serverInfo(backendStoreUri);
  const told = access.token === undefined ? backendStoreUri : undefined;
  return {
    "GET /": async () => homePage(storePath(backendStoreUri), told),
    "GET /health": async () => plain("OK"),
    "GET /version": async () => plain(MLFLOW_VERSION),
    "GET /api/3.0/mlflow/server-info": async () => json(info),
    "GET /ajax-api/3.0/mlflow/server-info": async () => json(info),
    "GET /flowdeck/status": async () => json({ backend_store_uri: backendStoreUri, pid: process.pid }),
    "POST /flowdeck/lease": async () => {
      lifetime.renewLease(Date.now());
      return json({});
    },
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
