import type { ModelRegistryStore } from "../registryStore.ts";
import type { Database } from "./database.ts";
import { modelVersionMethods } from "./modelVersions.ts";
import { modelTexts } from "./modelTexts.ts";
import { registeredModelMethods } from "./registeredModels.ts";
import type { RunChanges } from "./runChanges.ts";
import { modelSearches } from "./searchModels.ts";
import { versionRowMethods } from "./versionRows.ts";

export type SqliteRegistryStore = ModelRegistryStore & ReturnType<typeof modelTexts>;

/** The model registry over `mlflow.db`. */
export function sqliteRegistryStore(db: Database, changes: RunChanges): SqliteRegistryStore {
  return {
    ...registeredModelMethods(db),
    ...modelVersionMethods(db),
    ...modelSearches(db),
    ...versionRowMethods(db),
    ...modelTexts(db, changes),
  };
}
