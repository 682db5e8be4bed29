import type { FileInfo } from "../mlflow/entities.ts";

/** Artifacts of runs and logged models. Paths are relative, `/` between their parts, and never leave their root. */
export interface ArtifactStore {
  /** Files and folders directly below `path` (absent = the root), folders too, sorted by path; [] when absent. */
  listArtifacts(query: { run_id: string; path?: string }): Promise<FileInfo[]>;
  /** Where an artifact of a run lies on this machine. Throws RESOURCE_DOES_NOT_EXIST when it is not a local file. */
  localArtifactPath(query: { run_id: string; path: string }): Promise<{ file: string }>;
}
