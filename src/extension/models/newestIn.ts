import type { ModelVersion } from "../../mlflow/entities.ts";
import { newestFirst } from "../../mlflow/modelVersions.ts";
import type { ModelRegistryStore } from "../../store/registryStore.ts";

/** `models:/wine/latest` names the newest version, whichever its stage. */
export function isLatest(stage: string): boolean {
  return stage.toLowerCase() === "latest";
}

/** The version that `models:/NAME/STAGE` names; undefined where the stage has none. @throws MlflowError when there is no such model. */
export async function newestIn(
  store: Pick<ModelRegistryStore, "getLatestVersions">,
  name: string,
  stage: string,
): Promise<ModelVersion | undefined> {
  return newestFirst(await store.getLatestVersions({ name, ...(isLatest(stage) ? {} : { stages: [stage] }) }))[0];
}
