import type { FileInfo } from "../mlflow/entities.ts";
import type { ArtifactPiece, ArtifactPieceQuery, RowIndex, RowIndexQuery } from "../protocol/artifacts.ts";

/** Whose artifacts: those of a run, or of a logged model, be it one of a run or of none. */
export type ArtifactOwner = { run_id: string } | { model_id: string };

/** By an id alone: that of a logged model begins with `m-`, which no run's does. */
export function artifactOwner(id: string): ArtifactOwner {
  return id.startsWith("m-") ? { model_id: id } : { run_id: id };
}

/** Artifacts of runs and logged models. Paths are relative, `/` between their parts, and never leave their root. */
export interface ArtifactStore {
  /**
   * Files and folders directly below `path` (absent = the root), sorted by path; [] when absent. Each logged model of the
   * run is a folder of its name, beside and over the run's own files.
   */
  listArtifacts(query: ArtifactOwner & { path?: string }): Promise<FileInfo[]>;
  /** Where an artifact lies on this machine. Throws RESOURCE_DOES_NOT_EXIST when it is not a local file. */
  localArtifactPath(query: ArtifactOwner & { path: string }): Promise<{ file: string }>;
  /** A piece of a file, wherever it lies. Throws RESOURCE_DOES_NOT_EXIST when it is not there. */
  readArtifact(query: ArtifactPieceQuery & ArtifactOwner): Promise<ArtifactPiece>;
  /** Where the rows of a text file begin, one part of it at a time. */
  indexArtifact(query: RowIndexQuery & ArtifactOwner): Promise<RowIndex>;
}
