import type { ModelRegistryStore } from "../registryStore.ts";
import type { Database } from "./database.ts";
import { modelVersionMethods } from "./modelVersions.ts";
import { modelTexts } from "./printedModels.ts";
import { registeredModelMethods } from "./registeredModels.ts";
import { modelSearches } from "./searchModels.ts";

export type SqliteRegistryStore = ModelRegistryStore & ReturnType<typeof modelTexts>;

/** The model registry over `mlflow.db`. */
export function sqliteRegistryStore(db: Database): SqliteRegistryStore {
  return { ...registeredModelMethods(db), ...modelVersionMethods(db), ...modelSearches(db), ...modelTexts(db) };
}
