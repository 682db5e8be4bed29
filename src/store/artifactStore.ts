import type { FileInfo } from "../mlflow/entities.ts";

/** Artifacts of runs and logged models. Paths are relative, `/` between their parts, and never leave their root. */
export interface ArtifactStore {
  /**
   * Files and folders directly below `path` (absent = the root), sorted by path; [] when absent. Each logged model of the
   * run is a folder of its name, beside and over the run's own files.
   */
  listArtifacts(query: { run_id: string; path?: string }): Promise<FileInfo[]>;
  /** Where an artifact of a run lies on this machine. Throws RESOURCE_DOES_NOT_EXIST when it is not a local file. */
  localArtifactPath(query: { run_id: string; path: string }): Promise<{ file: string }>;
}
