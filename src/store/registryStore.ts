import type { ModelStage, ModelVersion, KeyValue, Page, RegisteredModel } from "../mlflow/entities.ts";
import type { VersionMetrics, VersionRows, VersionRowsQuery } from "../protocol/versions.ts";
import type { Search } from "./trackingStore.ts";

export interface CreateRegisteredModel {
  name: string;
  tags?: KeyValue[];
  description?: string;
}

export interface CreateModelVersion {
  name: string;
  source: string;
  run_id?: string;
  tags?: KeyValue[];
  run_link?: string;
  description?: string;
  model_id?: string;
}

export interface ModelVersionKey {
  name: string;
  version: string;
}

/** Registered models and their versions, with MLflow's meaning (mlflow 3.17 model registry `AbstractStore`). */
export interface ModelRegistryStore {
  createRegisteredModel(query: CreateRegisteredModel): Promise<RegisteredModel>;
  getRegisteredModel(query: { name: string }): Promise<RegisteredModel>;
  updateRegisteredModel(query: { name: string; description?: string }): Promise<RegisteredModel>;
  renameRegisteredModel(query: { name: string; new_name: string }): Promise<RegisteredModel>;
  deleteRegisteredModel(query: { name: string }): Promise<void>;
  searchRegisteredModels(query: Search): Promise<Page<RegisteredModel>>;
  getLatestVersions(query: { name: string; stages?: string[] }): Promise<ModelVersion[]>;
  setRegisteredModelTag(query: { name: string; key: string; value: string }): Promise<void>;
  deleteRegisteredModelTag(query: { name: string; key: string }): Promise<void>;
  setRegisteredModelAlias(query: { name: string; alias: string; version: string }): Promise<void>;
  deleteRegisteredModelAlias(query: { name: string; alias: string }): Promise<void>;
  getModelVersionByAlias(query: { name: string; alias: string }): Promise<ModelVersion>;

  createModelVersion(query: CreateModelVersion): Promise<ModelVersion>;
  getModelVersion(query: ModelVersionKey): Promise<ModelVersion>;
  getModelVersionDownloadUri(query: ModelVersionKey): Promise<{ artifact_uri: string }>;
  updateModelVersion(query: ModelVersionKey & { description?: string }): Promise<ModelVersion>;
  transitionModelVersionStage(
    query: ModelVersionKey & { stage: ModelStage; archive_existing_versions: boolean },
  ): Promise<ModelVersion>;
  deleteModelVersion(query: ModelVersionKey): Promise<void>;
  searchModelVersions(query: Search): Promise<Page<ModelVersion>>;
  setModelVersionTag(query: ModelVersionKey & { key: string; value: string }): Promise<void>;
  deleteModelVersionTag(query: ModelVersionKey & { key: string }): Promise<void>;

  /** A window of the versions of a model, with their runs and one metric; see protocol/versions.ts. */
  versionRows(query: VersionRowsQuery): Promise<VersionRows>;
  /** Metrics that versions of a model can be shown with. */
  versionMetrics(query: { name: string }): Promise<VersionMetrics>;
}
