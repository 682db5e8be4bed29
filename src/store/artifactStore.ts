import type { FileInfo } from "../mlflow/entities.ts";
import type { ArtifactPiece, ArtifactPieceQuery, RowIndex, RowIndexQuery } from "../protocol/artifacts.ts";

/** Artifacts of runs and logged models. Paths are relative, `/` between their parts, and never leave their root. */
export interface ArtifactStore {
  /**
   * Files and folders directly below `path` (absent = the root), sorted by path; [] when absent. Each logged model of the
   * run is a folder of its name, beside and over the run's own files.
   */
  listArtifacts(query: { run_id: string; path?: string }): Promise<FileInfo[]>;
  /** Where an artifact of a run lies on this machine. Throws RESOURCE_DOES_NOT_EXIST when it is not a local file. */
  localArtifactPath(query: { run_id: string; path: string }): Promise<{ file: string }>;
  /** A piece of a file, wherever it lies. Throws RESOURCE_DOES_NOT_EXIST when it is not there. */
  readArtifact(query: ArtifactPieceQuery & { run_id: string }): Promise<ArtifactPiece>;
  /** Where the rows of a text file begin, one part of it at a time. */
  indexArtifact(query: RowIndexQuery & { run_id: string }): Promise<RowIndex>;
}
