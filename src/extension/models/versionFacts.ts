// What is known of a version of a registered model, read for comparing it. No vscode: tested on real stores.
import type { KeyValue, ModelVersion } from "../../mlflow/entities.ts";
import { loggedModelOf } from "../../mlflow/modelVersions.ts";
import { metricsOfVersion } from "../../mlflow/versionMetrics.ts";
import type { VersionFacts } from "../../models/compareVersions.ts";
import { packagesOf } from "../../models/requirements.ts";
import { KeptFiles } from "./keptFiles.ts";
import { type FilesStore, versionFolder } from "./versionFiles.ts";

/** Metrics and params of the version's run, those of its logged model over them, and what its files tell; `kept`: those read before. */
export async function readVersionFacts(
  store: FilesStore,
  version: ModelVersion,
  kept = new KeptFiles(),
): Promise<VersionFacts> {
  const { run_id } = version;
  const model_id = loggedModelOf(version);
  const [run, model, files] = await Promise.all([
    run_id === undefined ? undefined : store.getRun({ run_id }).catch(() => undefined),
    model_id === undefined ? undefined : store.getLoggedModel({ model_id }).catch(() => undefined),
    readFiles(store, version, kept),
  ]);
  const params = new Map<string, string>();
  for (const { key, value } of [...(run?.data.params ?? []), ...(model?.data.params ?? [])]) params.set(key, value);
  return {
    metrics: metricsOfVersion(run?.data.metrics ?? [], model?.data.metrics ?? []),
    params: [...params].map(([key, value]): KeyValue => ({ key, value })),
    ...files,
  };
}

async function readFiles(
  store: FilesStore,
  version: ModelVersion,
  kept: KeptFiles,
): Promise<Pick<VersionFacts, "file" | "packages">> {
  const folder = await versionFolder(store, version);
  if (folder === undefined) return {};
  const { file, texts } = await kept.read(store, folder);
  const { requirementsOf } = await import("../../models/environmentFiles.ts");
  return {
    ...(file === undefined ? {} : { file }),
    ...(Object.keys(texts).length === 0 ? {} : { packages: packagesOf(requirementsOf(texts)) }),
  };
}
