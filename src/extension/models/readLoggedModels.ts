// What the Logged Models panel says of logged models. No vscode: tested on real stores.
import type { LoggedModel, Metric } from "../../mlflow/entities.ts";
import { asMlflowError } from "../../mlflow/errors.ts";
import { filterByIds, textValue } from "../../mlflow/filter/write.ts";
import { loggedModelOf } from "../../mlflow/modelVersions.ts";
import type {
  LinkedRun,
  LoggedMetric,
  LoggedModelDetails,
  LoggedModelRow,
  LoggedModelsPage,
  LoggedModelsQuery,
  ModelRun,
  RegisteredVersion,
} from "../../protocol/panels/loggedModels.ts";
import type { StoreMethods } from "../../store/store.ts";

export type LoggedModelsStore = Pick<
  StoreMethods,
  | "searchLoggedModels"
  | "getLoggedModel"
  | "runsOfLoggedModel"
  | "runColumns"
  | "searchModelVersions"
  | "readArtifact"
  | "listArtifacts"
>;

/** Versions of one answer. */
const VERSIONS = 1000;
/** Runs that are named. */
const RUNS = 200;
/** Bytes; no MLmodel and no environment file has more. */
const LARGEST = 1_000_000;

/** A page of the list. */
export async function readLoggedModels(
  store: LoggedModelsStore,
  experiment_id: string,
  { filter, order, limit, page_token }: LoggedModelsQuery,
): Promise<LoggedModelsPage> {
  const page = await store.searchLoggedModels({
    experiment_ids: [experiment_id],
    order_by: [order],
    max_results: limit,
    ...(filter.trim() === "" ? {} : { filter }),
    ...(page_token === undefined ? {} : { page_token }),
  });
  const ids = page.items.flatMap(({ info }) => (info.source_run_id ? [info.source_run_id] : []));
  const [runs, versions] = await Promise.all([readRuns(store, experiment_id, ids), readVersions(store, page.items)]);
  const rows = page.items.map((model) => rowOf(model, runs, versions));
  return { rows, ...(page.next_page_token === undefined ? {} : { next_page_token: page.next_page_token }) };
}

/** Everything that is known of one. Throws RESOURCE_DOES_NOT_EXIST. */
export async function readLoggedModel(store: LoggedModelsStore, model_id: string): Promise<LoggedModelDetails> {
  const model = await store.getLoggedModel({ model_id });
  const { info, data } = model;
  const { runs: links } = await store.runsOfLoggedModel({ model_id });
  // A run that only logged metrics of the model has used it, too.
  for (const run_id of new Set(data.metrics.flatMap((metric) => metric.run_id ?? []))) {
    if (!links.some((link) => link.run_id === run_id)) links.push({ run_id, link: "input" });
  }
  const shown = links.slice(0, RUNS);
  const [runs, versions, files] = await Promise.all([
    readRuns(
      store,
      info.experiment_id,
      shown.map(({ run_id }) => run_id),
    ),
    readVersions(store, [model], true),
    readFile(store, model_id),
  ]);
  const named = shown.map(({ run_id, link }): ModelRun => {
    const run = runs.get(run_id) ?? { run_id, run_name: run_id.slice(0, 8), ordinal: 0 };
    return { ...run, link };
  });
  return {
    ...rowOf(model, runs, versions),
    status_message: info.status_message ?? "",
    last_updated_timestamp_ms: info.last_updated_timestamp_ms,
    artifact_uri: info.artifact_uri,
    tags: info.tags,
    params: data.params,
    runs: named,
    moreRuns: links.length - shown.length,
    ...files,
  };
}

async function readFile(
  store: LoggedModelsStore,
  model_id: string,
): Promise<Pick<LoggedModelDetails, "file" | "problem">> {
  try {
    const { bytes } = await store.readArtifact({ model_id, path: "MLmodel", offset: 0, length: LARGEST });
    // The YAML reader comes with the first model that is looked at.
    const { readMlmodel } = await import("../../models/mlmodel.ts");
    return { file: readMlmodel(new TextDecoder().decode(bytes)) };
  } catch (error) {
    const { error_code, message } = asMlflowError(error);
    const missing = "It has no MLmodel file yet, so nothing is known of its flavors and signature.";
    return { problem: error_code === "RESOURCE_DOES_NOT_EXIST" ? missing : message };
  }
}

function rowOf(
  { info, data }: LoggedModel,
  runs: ReadonlyMap<string, LinkedRun>,
  versions: ReadonlyMap<string, RegisteredVersion[]>,
): LoggedModelRow {
  const run = runs.get(info.source_run_id ?? "");
  return {
    model_id: info.model_id,
    name: info.name,
    status: info.status,
    model_type: info.model_type ?? "",
    creation_timestamp_ms: info.creation_timestamp_ms,
    ...(run === undefined ? {} : { run }),
    versions: versions.get(info.model_id) ?? [],
    metrics: latestMetrics(data.metrics),
  };
}

/** The last value of each metric on each dataset, by key and dataset. */
export function latestMetrics(metrics: readonly Metric[]): LoggedMetric[] {
  const latest = new Map<string, Metric>();
  for (const metric of metrics) {
    const name = JSON.stringify([metric.key, metric.dataset_name ?? "", metric.dataset_digest ?? ""]);
    const before = latest.get(name);
    if (before === undefined || isLater(metric, before)) latest.set(name, metric);
  }
  return [...latest.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { key, value, step, dataset_name, dataset_digest, run_id }]) => ({
      key,
      value,
      step,
      ...(dataset_name === undefined ? {} : { dataset_name }),
      ...(dataset_digest === undefined ? {} : { dataset_digest }),
      ...(run_id === undefined ? {} : { run_id }),
    }));
}

function isLater(metric: Metric, before: Metric): boolean {
  return (metric.step - before.step || metric.timestamp - before.timestamp) >= 0;
}

async function readRuns(
  { runColumns }: LoggedModelsStore,
  experiment_id: string,
  ids: readonly string[],
): Promise<Map<string, LinkedRun>> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return new Map();
  const found = await runColumns({
    ...{ experiment_ids: [experiment_id], filter: filterByIds(unique), run_view_type: "ALL" },
    ...{ offset: 0, limit: unique.length, fields: [] },
  });
  return new Map(
    found.run_ids.map((run_id, at) => [
      run_id,
      { run_id, run_name: found.run_names[at] ?? "", ordinal: found.ordinals[at] ?? 0 },
    ]),
  );
}

/** Registered versions by logged model. `exactly`: also of a model whose run is not theirs, asked for one by one. */
async function readVersions(
  store: LoggedModelsStore,
  models: readonly LoggedModel[],
  exactly = false,
): Promise<Map<string, RegisteredVersion[]>> {
  const runs = new Set(models.flatMap(({ info }) => (info.source_run_id ? [info.source_run_id] : [])));
  const alone = models.filter(({ info }) => exactly || !info.source_run_id);
  const filters = [
    ...(runs.size === 0 ? [] : [`run_id IN (${[...runs].flatMap((id) => textValue(id) ?? []).join(", ")})`]),
    ...alone.map(({ info }) => `source_path = 'models:/${info.model_id.replaceAll("'", "")}'`),
  ];
  const pages = await Promise.all(
    filters.map((filter) =>
      // A registry that fails says nothing of the models themselves.
      store.searchModelVersions({ filter, max_results: VERSIONS }).catch(() => ({ items: [] })),
    ),
  );
  const found = new Map<string, RegisteredVersion[]>();
  const known = new Set<string>();
  for (const version of pages.flatMap(({ items }) => items)) {
    const model_id = loggedModelOf(version);
    const name = `${version.name}/${version.version}`;
    if (model_id === undefined || known.has(name)) continue;
    known.add(name);
    const of = found.get(model_id) ?? [];
    of.push({
      ...{ name: version.name, version: version.version },
      ...{ stage: version.current_stage, aliases: version.aliases },
    });
    found.set(model_id, of);
  }
  return found;
}
