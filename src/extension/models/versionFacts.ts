// What is known of a version of a registered model, read for comparing it. No vscode: tested on real stores.
import type { KeyValue, ModelVersion } from "../../mlflow/entities.ts";
import type { ModelFile } from "../../mlflow/modelFile.ts";
import { loggedModelOf } from "../../mlflow/modelVersions.ts";
import { metricsOfVersion } from "../../mlflow/versionMetrics.ts";
import type { VersionFacts } from "../../models/compareVersions.ts";
import { packagesOf, readRequirementTexts } from "../../models/requirements.ts";
import { type FilesStore, readFolderText, versionFolder } from "./versionFiles.ts";

/** Metrics and params of the version's run, those of its logged model over them, and what its files tell. */
export async function readVersionFacts(store: FilesStore, version: ModelVersion): Promise<VersionFacts> {
  const { run_id } = version;
  const model_id = loggedModelOf(version);
  const [run, model, files] = await Promise.all([
    run_id === undefined ? undefined : store.getRun({ run_id }).catch(() => undefined),
    model_id === undefined ? undefined : store.getLoggedModel({ model_id }).catch(() => undefined),
    readFiles(store, version),
  ]);
  const params = new Map<string, string>();
  for (const { key, value } of [...(run?.data.params ?? []), ...(model?.data.params ?? [])]) params.set(key, value);
  return {
    metrics: metricsOfVersion(run?.data.metrics ?? [], model?.data.metrics ?? []),
    params: [...params].map(([key, value]): KeyValue => ({ key, value })),
    ...files,
  };
}

async function readFiles(store: FilesStore, version: ModelVersion): Promise<Pick<VersionFacts, "file" | "packages">> {
  const folder = await versionFolder(store, version);
  if (folder === undefined) return {};
  // Their readers bring the one of YAML with them: with the first model that is looked at, not with the window.
  const [{ readMlmodel }, { requirementsOf }] = await Promise.all([
    import("../../models/mlmodel.ts"),
    import("../../models/environmentFiles.ts"),
  ]);
  const [mlmodel, texts] = await Promise.all([
    readFolderText(store, folder, "MLmodel"),
    readRequirementTexts((name) => readFolderText(store, folder, name)),
  ]);
  const file = mlmodel === undefined ? undefined : readable(() => readMlmodel(mlmodel));
  return {
    ...(file === undefined ? {} : { file }),
    ...(Object.keys(texts).length === 0 ? {} : { packages: packagesOf(requirementsOf(texts)) }),
  };
}

/** An MLmodel that nobody can read is as good as none. */
export function readable(read: () => ModelFile): ModelFile | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
