import type { StoreChange } from "../protocol/changes.ts";
import type { StoreStatus } from "../protocol/stores.ts";
import type { ArtifactStore } from "./artifactStore.ts";
import type { PrintedReads, RunWitness } from "./printedReads.ts";
import type { DatasetSummaries } from "./datasetSummaries.ts";
import type { ModelRegistryStore } from "./registryStore.ts";
import type { TraceStore } from "./traceStore.ts";
import type { TrackingStore } from "./trackingStore.ts";

/** What can be asked of a store, and nothing of its lifetime: this is served on a port. */
export interface StoreMethods extends TrackingStore, ModelRegistryStore, ArtifactStore {}

/** What only some stores keep: the server asks a store whether it does. */
export type MoreMethods = Partial<TraceStore & PrintedReads & RunWitness & OlderStore & DatasetSummaries>;

/** A store whose database an older mlflow may have made, as which it then answers. */
export interface OlderStore {
  /** Whether that mlflow came before `release`, one of the releases whose schema is known. */
  isBefore(query: { release: string }): Promise<boolean>;
}

/** A store kept on this machine, held open. Long reads also take an AbortSignal as second argument. */
export interface Store extends StoreMethods, MoreMethods {
  status(): StoreStatus;
  /** Starts watching (once for all listeners); the listener hears of every change within 1 s, whoever writes. */
  onChange(listener: (change: StoreChange) => void): () => void;
  /** The file appeared, vanished, became readable or writable. */
  onStatus(listener: (status: StoreStatus) => void): () => void;
  close(): void;
}

export interface OpenStoreOptions {
  /** Never writes and never creates the file; a missing file reads as empty until it appears. */
  readonly?: boolean;
  /** Parent of a created experiment's artifacts: an absolute path or a URI. Absent: `mlruns` beside the database. */
  artifactRoot?: string;
  /** The mlflow, such as `3.6.0`, whose schema a created database gets, if we know that of it; absent: the newest we know. */
  schemaRelease?: string;
  /** ms a write waits for another program's lock before TEMPORARILY_UNAVAILABLE; absent: 20,000, as MLflow. */
  lockWait?: number;
  /** Folder of ours for what was read of file stores, so that the next session need not read it again. Absent: none is kept. */
  cacheFolder?: string;
}
