// Where the files of a version of a registered model lie among the artifacts of a run or a logged model. No vscode: tested on real stores.
import type { ModelVersion } from "../../mlflow/entities.ts";
import { parseModelsUri, parseRunsUri, withoutEndSlashes } from "../../mlflow/uris.ts";
import type { ArtifactOwner } from "../../store/artifactStore.ts";
import type { StoreMethods } from "../../store/store.ts";
import { readText } from "../stores/readText.ts";

/** What is asked of a store to find and read a version's files. */
export type FilesStore = Pick<
  StoreMethods,
  "getRun" | "getLoggedModel" | "getModelVersionDownloadUri" | "listArtifacts" | "readArtifact"
>;

/** What tells where a version came from. */
export type SourcedVersion = Pick<ModelVersion, "name" | "version" | "source" | "model_id" | "run_id">;

/** A folder of the artifacts of a run or of a logged model; "" is their root. */
export type ArtifactFolder = ArtifactOwner & { path: string };

/** The folder that holds the version's MLmodel; undefined when no run and no logged model of the store has it. */
export async function versionFolder(store: FilesStore, version: SourcedVersion): Promise<ArtifactFolder | undefined> {
  const { name, version: number, source = "" } = version;
  const ofRun = parseRunsUri(source);
  if (ofRun !== undefined) return ofRun;
  const named = parseModelsUri(source);
  const model_id = named?.kind === "model" ? named.model_id : version.model_id;
  if (model_id !== undefined) return { model_id, path: "" };
  // A copy of another version keeps its files where those of that one are.
  const place = named === undefined ? source : await downloadUri(store, name, number);
  const logged = /\/models\/(m-[0-9a-f]+)\/artifacts\/?$/.exec(place)?.[1];
  if (logged !== undefined) return { model_id: logged, path: "" };
  if (version.run_id === undefined) return undefined;
  const run = await store.getRun({ run_id: version.run_id }).catch(() => undefined);
  const root = withoutEndSlashes(run?.info.artifact_uri ?? "");
  if (root === "") return undefined;
  if (withoutEndSlashes(place) === root) return { run_id: version.run_id, path: "" };
  if (!place.startsWith(`${root}/`)) return undefined;
  return { run_id: version.run_id, path: withoutEndSlashes(place.slice(root.length + 1)) };
}

/** A small text of a folder; undefined when it is not there or cannot be read. */
export async function readFolderText(
  store: Pick<StoreMethods, "readArtifact">,
  { path, ...owner }: ArtifactFolder,
  file: string,
): Promise<string | undefined> {
  return readText(store, owner, path === "" ? file : `${path}/${file}`);
}

async function downloadUri(store: FilesStore, name: string, version: string): Promise<string> {
  const found = await store.getModelVersionDownloadUri({ name, version }).catch(() => undefined);
  return found?.artifact_uri ?? "";
}
