import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ArtifactStore } from "../artifactStore.ts";
import { findFile, listFolder, localFolder } from "../localArtifacts.ts";
import { runArtifactStore } from "../runArtifacts.ts";
import type { TrackingStore } from "../trackingStore.ts";
import type { StoreFolder } from "./storeFolder.ts";
import { TRASH } from "./storeFolder.ts";

/** Artifacts of the runs of an `mlruns` folder, where they lie on this machine. */
export function fileArtifactStore(
  store: StoreFolder,
  tracking: Pick<TrackingStore, "getRun" | "searchLoggedModels" | "getLoggedModel">,
): ArtifactStore {
  const folderOf = (location: string): string => {
    const named = localFolder(location, dirname(store.root));
    if (named !== undefined) return existsSync(named) ? named : inTrash(named);
    const message = `The artifacts of this run are kept at ${location}, not on this machine.`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  };
  /** A deleted experiment's artifacts moved to `.trash` with it. */
  const inTrash = (folder: string): string => {
    if (!folder.startsWith(`${store.root}/`)) return folder;
    const moved = join(store.root, TRASH, folder.slice(store.root.length));
    return existsSync(moved) ? moved : folder;
  };
  return runArtifactStore(tracking, {
    listRun: async ({ info }, path) => listFolder(folderOf(info.artifact_uri), path),
    listModel: async ({ info }, path) => listFolder(folderOf(info.artifact_uri), path),
    findFile: async (location, path) => findFile(folderOf(location), path),
  });
}
