import type { KeyValue, ModelVersion, RegisteredModel } from "../../mlflow/entities.ts";
import { parseOrderBy } from "../../mlflow/filter/orderBy.ts";
import { conditionsOf, parseFilter } from "../../mlflow/filter/parse.ts";
import type { Condition, FilterTree } from "../../mlflow/filter/tree.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import type { ModelRegistryStore } from "../registryStore.ts";
import { invalid } from "../validation.ts";
import { sorted, type SortKey, type Test, treeTest, valueTest } from "./matching.ts";
import { registeredModelsOf } from "./modelFolder.ts";
import { PROMPT_TAG } from "./registeredModels.ts";
import { valueOf } from "./searchRuns.ts";
import type { StoreFolder } from "./storeFolder.ts";

const MOST_MODELS = 1_000;
const MOST_VERSIONS = 200_000;

export function modelSearches(
  store: StoreFolder,
): Pick<ModelRegistryStore, "searchRegisteredModels" | "searchModelVersions"> {
  const all = async () => {
    const shelf = registeredModelsOf(store);
    await shelf.refresh();
    return shelf.values();
  };
  return {
    searchRegisteredModels: async ({ filter, order_by = [], max_results = 100, page_token }) => {
      if (max_results > MOST_MODELS) throw tooMany(MOST_MODELS, max_results);
      const test = withoutPrompts<RegisteredModel>(parseFilter("registeredModels", filter), (model, key) =>
        modelValue(model, key),
      );
      const keys = orderKeys<RegisteredModel>("registeredModels", order_by, modelValue);
      if (!keys.named.has("name")) keys.list.push({ ascending: true, of: ({ name }) => name });
      const offset = offsetOf(page_token);
      const found = (await all()).map(({ model }) => model).filter(test);
      const page = sorted(found, keys.list).slice(offset, offset + max_results + 1);
      return pageOf(page, offset, max_results, (models) => models);
    },
    searchModelVersions: async ({ filter, order_by, max_results = 10_000, page_token }) => {
      if (!Number.isInteger(max_results) || max_results < 1) {
        throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${max_results}`);
      }
      if (max_results > MOST_VERSIONS) throw tooMany(MOST_VERSIONS, max_results);
      const test = withoutPrompts<ModelVersion>(parseFilter("modelVersions", filter), versionValue);
      const wanted = order_by?.length ? order_by : ["last_updated_timestamp DESC", "name ASC", "version_number DESC"];
      const keys = orderKeys<ModelVersion>("modelVersions", wanted, versionValue);
      if (!keys.named.has("name")) keys.list.push({ ascending: true, of: ({ name }) => name });
      if (!keys.named.has("version_number")) keys.list.push({ ascending: false, of: ({ version }) => Number(version) });
      const offset = offsetOf(page_token);
      const found = (await all()).flatMap(({ versions }) => versions.map(({ version }) => version)).filter(test);
      const page = sorted(found, keys.list).slice(offset, offset + max_results + 1);
      return pageOf(page, offset, max_results, (versions) => versions);
    },
  };
}

function tooMany(limit: number, max_results: number) {
  return invalid(
    `Invalid value for request parameter max_results. It must be at most ${limit}, but got value ${max_results}`,
  );
}

function orderKeys<T>(
  subject: "registeredModels" | "modelVersions",
  order_by: string[],
  valueFor: (item: T, key: string) => string | number | undefined,
): { list: SortKey<T>[]; named: Set<string> } {
  const orders = order_by.map((clause) => parseOrderBy(subject, clause));
  return {
    list: orders.map(({ key, ascending }) => ({ ascending, of: (item) => valueFor(item, key) })),
    named: new Set(orders.map(({ key }) => key)),
  };
}

/** Prompts are found only by a filter that names their tag; who has no such tag counts as `false` (mlflow 3.17). */
function withoutPrompts<T extends { tags: KeyValue[] }>(
  tree: FilterTree,
  valueFor: (item: T, key: string) => string | number | undefined,
): Test<T> {
  const tagTest = (condition: Condition): Test<T> => {
    const test = valueTest(condition);
    if (condition.key !== PROMPT_TAG) return ({ tags }) => test(valueOf(tags, condition.key));
    const { comparator, value } = condition;
    const ofNone = (comparator === "=" && value === "false") || (comparator === "!=" && value === "true");
    return ({ tags }) => {
      const tag = valueOf(tags, PROMPT_TAG);
      return tag === undefined ? ofNone : test(tag);
    };
  };
  const test = treeTest<T>(tree, (condition) => {
    if (condition.entity === "tag") return tagTest(condition);
    const attribute = valueTest(condition);
    return (item) => attribute(valueFor(item, condition.key));
  });
  if (conditionsOf(tree).some(({ entity, key }) => entity === "tag" && key === PROMPT_TAG)) return test;
  return (item) => valueOf(item.tags, PROMPT_TAG) !== "true" && test(item);
}

function modelValue(model: RegisteredModel, key: string): string | number {
  if (key === "name") return model.name;
  if (key === "timestamp" || key === "last_updated_timestamp") return model.last_updated_timestamp;
  throw invalid(`Invalid attribute name: ${key}`);
}

function versionValue(version: ModelVersion, key: string): string | number | undefined {
  switch (key) {
    case "version_number":
      return Number(version.version);
    case "source_path":
      return version.source;
    case "name":
    case "run_id":
    case "creation_timestamp":
    case "last_updated_timestamp":
      return version[key];
    default:
      throw invalid(`Invalid attribute name: ${key}`);
  }
}
