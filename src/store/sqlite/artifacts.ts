import { dirname } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ArtifactStore } from "../artifactStore.ts";
import { findFile, listFolder, localFolder } from "../localArtifacts.ts";
import { runArtifactStore } from "../runArtifacts.ts";
import type { TrackingStore } from "../trackingStore.ts";
import type { Database } from "./database.ts";

/** Artifacts of the runs of a database, where they lie on this machine. */
export function sqliteArtifactStore(
  db: Database,
  tracking: Pick<TrackingStore, "getRun" | "searchLoggedModels" | "getLoggedModel">,
): ArtifactStore {
  const folderOf = (location: string): string => {
    // mlflow 1.x wrote locations relative to the folder of the database.
    const folder = localFolder(location, dirname(db.path));
    if (folder !== undefined) return folder;
    const message = `The artifacts of this run are kept at ${location}, not on this machine.`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  };
  return runArtifactStore(tracking, {
    listRun: async ({ info }, path) => listFolder(folderOf(info.artifact_uri), path),
    listModel: async ({ info }, path) => listFolder(folderOf(info.artifact_uri), path),
    findFile: async (location, path) => findFile(folderOf(location), path),
  });
}
