import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileInfo } from "../../mlflow/entities.ts";
import type { ArtifactStore } from "../artifactStore.ts";
import { findFile } from "../localArtifacts.ts";
import { runArtifactStore } from "../runArtifacts.ts";
import type { TrackingStore } from "../trackingStore.ts";
import type { RestClient } from "./client.ts";
import { fetchPiece } from "./pieces.ts";
import { readFileInfo, readPage } from "./read.ts";

export function artifactMethods(
  { call, file: fileOf }: RestClient,
  tracking: Pick<TrackingStore, "getRun" | "searchLoggedModels" | "getLoggedModel">,
): ArtifactStore {
  const list = async (path: string, query: object): Promise<FileInfo[]> => {
    const files: FileInfo[] = [];
    let page_token: string | undefined;
    do {
      const argument = { ...query, page_token };
      const page = readPage(await call({ method: "GET", path, argument }), "files", readFileInfo);
      files.push(...page.items);
      page_token = page.next_page_token;
    } while (page_token !== undefined);
    return files;
  };
  return runArtifactStore(tracking, {
    listRun: ({ info }, path) => list("artifacts/list", { run_id: info.run_id, path: path || undefined }),
    listModel: ({ info }, path) =>
      list(`logged-models/${encodeURIComponent(info.model_id)}/artifacts/directories`, {
        artifact_directory_path: path || undefined,
      }),
    async findFile(location, path) {
      const root = localFolder(location);
      return root === undefined ? undefined : findFile(root, path);
    },
    readRun({ info }, path) {
      const file = { ...fileOf("get-artifact", { run_uuid: info.run_id, run_id: info.run_id, path }), path };
      return (offset, length) => fetchPiece(file, offset, length);
    },
    readModel({ info }, path) {
      const address = `ajax-api/2.0/mlflow/logged-models/${encodeURIComponent(info.model_id)}/artifacts/files`;
      const file = { ...fileOf(address, { artifact_file_path: path }), path: `${info.name}/${path}` };
      return (offset, length) => fetchPiece(file, offset, length);
    },
  });
}

function localFolder(artifact_uri: string): string | undefined {
  if (isAbsolute(artifact_uri)) return artifact_uri;
  return artifact_uri.startsWith("file:///") ? fileURLToPath(artifact_uri) : undefined;
}
