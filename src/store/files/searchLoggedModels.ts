import type { LoggedModel, Metric } from "../../mlflow/entities.ts";
import { parseLoggedModelOrderBy, type LoggedModelOrderBy } from "../../mlflow/filter/orderBy.ts";
import { conditionsOf, parseFilter } from "../../mlflow/filter/parse.ts";
import type { Condition } from "../../mlflow/filter/tree.ts";
import { createToken, offsetIn } from "../loggedModelToken.ts";
import type { SearchLoggedModels, TrackingStore } from "../trackingStore.ts";
import { invalid } from "../validation.ts";
import { loggedModelsOf } from "./loggedModelFolder.ts";
import { sorted, type SortKey, type Test, treeTest, valueTest } from "./matching.ts";
import { valueOf } from "./searchRuns.ts";
import type { StoreFolder } from "./storeFolder.ts";

type Datasets = NonNullable<SearchLoggedModels["datasets"]>;

export function loggedModelSearch(store: StoreFolder): Pick<TrackingStore, "searchLoggedModels"> {
  const all = async (experiment_ids: string[]): Promise<LoggedModel[]> => {
    const models: LoggedModel[] = [];
    for (const place of await store.experiments()) {
      if (!experiment_ids.includes(place.experiment.experiment_id)) continue;
      const shelf = loggedModelsOf(store, place);
      await shelf.refresh();
      for (const { model, deleted } of shelf.values()) if (!deleted) models.push(model);
    }
    return models;
  };
  return {
    searchLoggedModels: async (query) => {
      const { experiment_ids, filter, datasets = [], order_by = [], max_results = 100 } = query;
      if (datasets.some(({ dataset_name }) => dataset_name === "")) {
        throw invalid("`dataset_name` in the `datasets` clause must be specified.");
      }
      const offset = query.page_token ? offsetIn(query.page_token, query) : 0;
      const test = modelTest(filter, datasets);
      const keys = modelKeys(order_by.map(parseLoggedModelOrderBy));
      const found = sorted((await all(experiment_ids)).filter(test), keys);
      const items = found.slice(offset, offset + max_results);
      if (found.length <= offset + max_results) return { items };
      return { items, next_page_token: createToken(offset + max_results, query) };
    },
  };
}

function modelTest(filter: string | undefined, datasets: Datasets): Test<LoggedModel> {
  const tree = parseFilter("loggedModels", filter);
  const isOn = ({ dataset_name, dataset_digest }: Metric) =>
    datasets.some(
      (dataset) =>
        dataset.dataset_name === dataset_name &&
        (dataset.dataset_digest === undefined || dataset.dataset_digest === dataset_digest),
    );
  const main = treeTest(tree, (condition) => conditionTest(condition, datasets.length === 0 ? () => true : isOn));
  if (datasets.length === 0 || conditionsOf(tree).some(({ entity }) => entity === "metric")) return main;
  return (model) => main(model) && model.data.metrics.some(isOn);
}

function conditionTest(condition: Condition, isWanted: Test<Metric>): Test<LoggedModel> {
  const { entity, key } = condition;
  const test = valueTest(condition);
  switch (entity) {
    case "attribute":
      return (model) => test(attributeOf(model, key));
    case "metric":
      return ({ data }) => test(data.metrics.find((metric) => metric.key === key && isWanted(metric))?.value);
    case "parameter":
      return ({ data }) => test(valueOf(data.params, key));
    case "tag":
      return ({ info }) => test(valueOf(info.tags, key));
    case "dataset":
      throw invalid("Invalid entity type: 'datasets'. Expected one of ['attributes', 'metrics', 'params', 'tags'].");
    default:
      return entity satisfies never;
  }
}

function modelKeys(orders: LoggedModelOrderBy[]): SortKey<LoggedModel>[] {
  const keys = orders.map((order): SortKey<LoggedModel> => {
    const { entity, key, ascending } = order;
    return { ascending, of: (model) => (entity === "metric" ? latestOf(model, order) : attributeOf(model, key)) };
  });
  const named = new Set(orders.map(({ entity, key }) => (entity === "attribute" ? key : "")));
  if (!named.has("creation_timestamp_ms")) {
    keys.push({ ascending: false, of: ({ info }) => info.creation_timestamp_ms });
  }
  if (!named.has("model_id")) keys.push({ ascending: true, of: ({ info }) => info.model_id });
  return keys;
}

function latestOf(
  { data }: LoggedModel,
  { key, dataset_name, dataset_digest }: LoggedModelOrderBy,
): number | undefined {
  return data.metrics
    .filter(
      (metric) =>
        metric.key === key &&
        (dataset_name === undefined || metric.dataset_name === dataset_name) &&
        (dataset_digest === undefined || metric.dataset_digest === dataset_digest),
    )
    .toSorted((a, b) => b.timestamp - a.timestamp)[0]?.value;
}

/** Words of MLflow's Python for a status, which its filters know too. */
const STATUS_WORDS: Readonly<Record<LoggedModel["info"]["status"], string>> = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: "UNSPECIFIED",
  LOGGED_MODEL_PENDING: "PENDING",
  LOGGED_MODEL_READY: "READY",
  LOGGED_MODEL_UPLOAD_FAILED: "FAILED",
};

function attributeOf({ info }: LoggedModel, key: string): string | number | undefined {
  switch (key) {
    case "status":
      return STATUS_WORDS[info.status];
    case "artifact_location":
      return info.artifact_uri;
    case "lifecycle_stage":
      return "active";
    case "model_id":
    case "experiment_id":
    case "name":
    case "creation_timestamp_ms":
    case "last_updated_timestamp_ms":
    case "model_type":
    case "source_run_id":
    case "status_message":
      return info[key];
    default:
      throw invalid(`Invalid order by field name: ${key}`);
  }
}
