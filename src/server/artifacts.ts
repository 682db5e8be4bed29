import type { FileInfo } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { schemeOf } from "../mlflow/uris.ts";
import type { StoreMethods } from "../store/store.ts";
import { listFiles } from "./artifactFiles.ts";
import { type ArtifactFolders, placeOf } from "./artifactPlaces.ts";
import { tidyPath } from "./artifactPath.ts";
import { type Handlers, nonEmpty, text } from "./handlers.ts";

/** Artifacts as the server reaches them. */
export interface Artifacts extends ArtifactFolders {
  store: StoreMethods;
}

/** Calls about artifacts that take and give JSON. */
export function artifactHandlers(artifacts: Artifacts): Handlers {
  const { store, destination } = artifacts;
  return {
    listArtifacts: async ({ run_id, run_uuid, path }) => {
      const tidy = tidyPath(text(path));
      const { info } = await store.getRun({ run_id: nonEmpty(run_id) ?? text(run_uuid) });
      return { root_uri: info.artifact_uri, files: await list(artifacts, info.artifact_uri, tidy) };
    },
    listLoggedModelArtifacts: async ({ model_id, artifact_directory_path }) => {
      const tidy = tidyPath(text(artifact_directory_path));
      const { info } = await store.getLoggedModel({ model_id: text(model_id) });
      return { root_uri: info.artifact_uri, files: await list(artifacts, info.artifact_uri, tidy) };
    },
    artifactsListArtifacts: async ({ path }) => {
      const files = await listFiles({ root: destination, folder: "" }, text(path));
      // The proxy names entries without their folder; clients put it in front (mlflow 3.17).
      return {
        files: files.map(toldFile).map((file) => ({ ...file, path: file.path.slice(file.path.lastIndexOf("/") + 1) })),
      };
    },
    createPresignedUploadUrl: async ({ run_id, model_id, path }) => {
      const run = nonEmpty(run_id);
      const model = nonEmpty(model_id);
      if ((run === undefined) === (model === undefined)) {
        throw new MlflowError("INVALID_PARAMETER_VALUE", "Exactly one of run_id and model_id must be provided.");
      }
      tidyPath(text(path));
      const { info } =
        run === undefined ? await store.getLoggedModel({ model_id: text(model) }) : await store.getRun({ run_id: run });
      throw notPresigned("upload", info.artifact_uri);
    },
    createPresignedDownloadUrl: async ({ run_id, path, expiration = 900 }) => {
      tidyPath(text(path));
      if (!(expiration >= 1 && expiration <= 604_800)) {
        const message = `expiration must be between 1 and 604800 seconds (got ${expiration}).`;
        throw new MlflowError("INVALID_PARAMETER_VALUE", message);
      }
      const { info } = await store.getRun({ run_id: text(run_id) });
      throw notPresigned("download", info.artifact_uri);
    },
  };
}

async function list(artifacts: Artifacts, root_uri: string, path: string): Promise<FileInfo[]> {
  return (await listFiles(placeOf(artifacts, root_uri), path)).map(toldFile);
}

/** MLflow does not tell the size of an empty file (3.17). */
function toldFile({ file_size, ...file }: FileInfo): FileInfo {
  return file_size === undefined || file_size === 0 ? file : { ...file, file_size };
}

/** MLflow signs URLs of cloud storage only, and there with the storage's secrets, which this server has none of. */
function notPresigned(what: "upload" | "download", uri: string): MlflowError {
  const scheme = schemeOf(uri);
  const proxied = ["http", "https", "mlflow-artifacts"].includes(scheme);
  const message = proxied
    ? `Presigned ${what} is not supported for proxied artifact storage (artifact URI scheme: ${scheme}). ` +
      "This endpoint requires a direct cloud storage artifact URI."
    : `Presigned ${what} is not supported for the current artifact repository`;
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
