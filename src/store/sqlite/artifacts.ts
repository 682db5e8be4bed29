import { dirname } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ArtifactStore } from "../artifactStore.ts";
import { listFolder, localFile, localFolder } from "../localArtifacts.ts";
import type { Database } from "./database.ts";
import { runFinder } from "./runRows.ts";

/** Artifacts of the runs of a database, where they lie on this machine. */
export function sqliteArtifactStore(db: Database): ArtifactStore {
  const find = runFinder(db);
  const rootOf = (run_id: string): string => {
    const location = db.read(() => find(run_id)).artifact_uri ?? "";
    // mlflow 1.x wrote locations relative to the folder of the database.
    const folder = localFolder(location, dirname(db.path));
    if (folder !== undefined) return folder;
    const message = `The artifacts of this run are kept at ${location}, not on this machine.`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  };
  return {
    listArtifacts: async ({ run_id, path }) => listFolder(rootOf(run_id), path),
    localArtifactPath: async ({ run_id, path }) => ({ file: await localFile(rootOf(run_id), path) }),
  };
}
