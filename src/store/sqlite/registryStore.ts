import type { ModelRegistryStore } from "../registryStore.ts";
import type { Database } from "./database.ts";
import { modelVersionMethods } from "./modelVersions.ts";
import { registeredModelMethods } from "./registeredModels.ts";
import { modelSearches } from "./searchModels.ts";

/** The model registry over `mlflow.db`. */
export function sqliteRegistryStore(db: Database): ModelRegistryStore {
  return { ...registeredModelMethods(db), ...modelVersionMethods(db), ...modelSearches(db) };
}
