import type { FileInfo, LoggedModel, Run } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { checkPiece, indexRows, readLocalPiece, type ReadPiece, vanished } from "./artifactPieces.ts";
import type { ArtifactOwner, ArtifactStore } from "./artifactStore.ts";
import { checkArtifactPath } from "./localArtifacts.ts";
import type { TrackingStore } from "./trackingStore.ts";

/** How a store reaches the files of artifact locations. Paths are relative to the location; "" is its root. */
export interface ArtifactLocations {
  /** Files and folders directly below `path`; [] when it is absent. */
  listRun(run: Run, path: string): Promise<FileInfo[]>;
  listModel(model: LoggedModel, path: string): Promise<FileInfo[]>;
  /** The file on this machine; undefined when it is absent or the location is elsewhere. */
  findFile(location: string, path: string): Promise<string | undefined>;
  /** Reads a file that is not on this machine, where the store can; undefined when it is absent. */
  readRun?(run: Run, path: string): ReadPiece | undefined;
  readModel?(model: LoggedModel, path: string): ReadPiece | undefined;
}

/**
 * A run's artifacts, and the files of its logged models beside them: since mlflow 3 these lie outside the run's folder,
 * yet `runs:/<run_id>/<name>/…` still names them, so each model is a folder of its name (mlflow 3.17 `RunsArtifactRepository`).
 */
export function runArtifactStore(
  store: Pick<TrackingStore, "getRun" | "searchLoggedModels" | "getLoggedModel">,
  locations: ArtifactLocations,
): ArtifactStore {
  const find = async (owner: ArtifactOwner, path: string): Promise<Found> => {
    const parts = partsOf(path);
    if ("model_id" in owner) {
      const model = await store.getLoggedModel(owner);
      const rest = parts.join("/");
      return { file: await locations.findFile(model.info.artifact_uri, rest), model, rest };
    }
    const [first = "", ...rest] = parts;
    const run = await store.getRun(owner);
    const model = (await modelFolders(store, run)).get(first);
    const file =
      (model && (await locations.findFile(model.info.artifact_uri, rest.join("/")))) ??
      (await locations.findFile(run.info.artifact_uri, parts.join("/")));
    return { file, run, model, rest: rest.join("/") };
  };
  const reader = async (owner: ArtifactOwner, path: string): Promise<ReadPiece> => {
    const { file, run, model, rest } = await find(owner, path);
    if (file !== undefined) return (offset, length) => readLocalPiece(file, path, offset, length);
    const far = (model && locations.readModel?.(model, rest)) ?? (run && locations.readRun?.(run, path));
    if (far === undefined) throw vanished(path);
    return far;
  };
  return {
    async listArtifacts({ path = "", ...owner }) {
      const parts = partsOf(path);
      if ("model_id" in owner) return locations.listModel(await store.getLoggedModel(owner), parts.join("/"));
      const [first, ...rest] = parts;
      const run = await store.getRun(owner);
      const [own, models] = await Promise.all([locations.listRun(run, parts.join("/")), modelFolders(store, run)]);
      if (first === undefined) return merged(own, [...models.keys()].map(folder));
      const model = models.get(first);
      if (model === undefined) return own;
      const files = await locations.listModel(model, rest.join("/"));
      return merged(
        own,
        files.map((file) => ({ ...file, path: `${first}/${file.path}` })),
      );
    },
    async localArtifactPath({ path, ...owner }) {
      const { file } = await find(owner, path);
      if (file !== undefined) return { file };
      const whose = "model_id" in owner ? `logged model ${owner.model_id}` : `run ${owner.run_id}`;
      const message = `The artifact ${path} of ${whose} is not a file of this machine.`;
      throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
    },
    async readArtifact({ path, offset, length, ...owner }) {
      checkPiece(offset, length);
      return (await reader(owner, path))(offset, length);
    },
    async indexArtifact({ path, csv, from, ...owner }) {
      checkPiece(from?.offset ?? 0, 0);
      return indexRows(await reader(owner, path), { path, csv, ...(from === undefined ? {} : { from }) });
    },
  };
}

/** Where an artifact is looked for. */
interface Found {
  /** On this machine. */
  file: string | undefined;
  run?: Run;
  /** The logged model that it may be a file of, and its path there. */
  model: LoggedModel | undefined;
  rest: string;
}

function partsOf(path: string): string[] {
  checkArtifactPath(path);
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** The run's logged models by the folder that shows them. A name given twice is the newest model's, as in `runs:/`; older ones go by their id. */
async function modelFolders(
  store: Pick<TrackingStore, "searchLoggedModels">,
  { info }: Run,
): Promise<Map<string, LoggedModel>> {
  const folders = new Map<string, LoggedModel>();
  let page_token: string | undefined;
  do {
    const page = await store
      .searchLoggedModels({
        experiment_ids: [info.experiment_id],
        filter: `source_run_id = '${info.run_id}'`,
        order_by: [{ field_name: "creation_timestamp", ascending: false }],
        ...(page_token === undefined ? {} : { page_token }),
      })
      .catch(noLoggedModels);
    for (const model of page.items) {
      const { name, model_id } = model.info;
      folders.set(folders.has(name) ? model_id : name, model);
    }
    page_token = page.next_page_token;
  } while (page_token !== undefined);
  return folders;
}

/** A server older than mlflow 3 has none. */
function noLoggedModels(error: unknown): { items: LoggedModel[]; next_page_token?: string } {
  if (error instanceof MlflowError && error.error_code === "ENDPOINT_NOT_FOUND") return { items: [] };
  throw error;
}

function folder(path: string): FileInfo {
  return { path, is_dir: true };
}

/** Both lists, sorted by path; where they name the same, `over` counts. */
function merged(under: FileInfo[], over: FileInfo[]): FileInfo[] {
  const files = new Map([...under, ...over].map((file) => [file.path, file]));
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
