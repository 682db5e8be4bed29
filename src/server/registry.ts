import type { Rpcs } from "../mlflow/api.generated.ts";
import type { ModelVersion, RegisteredModel } from "../mlflow/entities.ts";
import { dumpsPlain } from "../mlflow/pythonJson.ts";
import type { ModelRegistryStore } from "../store/registryStore.ts";
import type { StoreMethods } from "../store/store.ts";
import type { Search } from "../store/trackingStore.ts";
import { canonicalStage } from "../store/validation.ts";
import { type Handlers, keyValues, nonEmpty, sent, text } from "./handlers.ts";
import { checkPromptSource, isPrompt, resolveModelSource } from "./modelSource.ts";

type SearchRequest = Rpcs["searchModelVersions" | "searchRegisteredModels"]["request"];

/** Calls about registered models and model versions. */
export function registryHandlers(store: StoreMethods): Handlers {
  return { ...modelHandlers(store), ...versionHandlers(store), ...tagHandlers(store) };
}

function modelHandlers(store: ModelRegistryStore): Handlers {
  return {
    createRegisteredModel: async ({ name, tags, description }) => ({
      registered_model: told(
        await store.createRegisteredModel(
          sent({ name: text(name), tags: keyValues(tags), description: text(description) }),
        ),
      ),
    }),
    getRegisteredModel: async ({ name }) => ({
      registered_model: told(await store.getRegisteredModel({ name: text(name) })),
    }),
    updateRegisteredModel: async ({ name, description }) => ({
      registered_model: told(await store.updateRegisteredModel({ name: text(name), description: text(description) })),
    }),
    renameRegisteredModel: async ({ name, new_name }) => ({
      registered_model: told(await store.renameRegisteredModel({ name: text(name), new_name: text(new_name) })),
    }),
    deleteRegisteredModel: async ({ name }) => {
      await store.deleteRegisteredModel({ name: text(name) });
      return {};
    },
    searchRegisteredModels: async (request) => {
      const { items, next_page_token } = await store.searchRegisteredModels(modelsQuery(request));
      return sent({ registered_models: items.map(told), next_page_token });
    },
    getLatestVersions: async ({ name, stages }) => ({
      model_versions: await store.getLatestVersions(
        sent({ name: text(name), stages: stages?.length ? stages : undefined }),
      ),
    }),
    setRegisteredModelAlias: async ({ name, alias, version }) => {
      await store.setRegisteredModelAlias({ name: text(name), alias: text(alias), version: text(version) });
      return {};
    },
    deleteRegisteredModelAlias: async ({ name, alias }) => {
      await store.deleteRegisteredModelAlias({ name: text(name), alias: text(alias) });
      return {};
    },
    getModelVersionByAlias: async ({ name, alias }) => ({
      model_version: await store.getModelVersionByAlias({ name: text(name), alias: text(alias) }),
    }),
  };
}

export function modelsQuery({ filter, max_results = 100, order_by, page_token }: SearchRequest): Search {
  return sent({ filter, max_results, order_by, page_token: nonEmpty(page_token) });
}

export function versionsQuery({ filter, max_results = 200_000, order_by, page_token }: SearchRequest): Search {
  return sent({ filter, max_results, order_by, page_token: nonEmpty(page_token) });
}

/** A registered model as MLflow tells it: no empty description, and the aliases not repeated at its versions. */
function told({
  description,
  ...model
}: RegisteredModel): Omit<RegisteredModel, "description"> & { description?: string } {
  const latest_versions = model.latest_versions.map(withoutAliases);
  return { ...model, ...(description ? { description } : {}), latest_versions };
}

function withoutAliases(version: ModelVersion): ModelVersion {
  return { ...version, aliases: [] };
}

function versionHandlers(store: StoreMethods): Handlers {
  return {
    createModelVersion: async ({ name, source, run_id, tags, run_link, description, model_id }) => {
      const given = sent({ source: text(source), run_id, model_id });
      const prompt = isPrompt(keyValues(tags));
      if (prompt) checkPromptSource(given.source);
      const from = prompt ? given : await resolveModelSource(store, given);
      const model_version = await store.createModelVersion(
        sent({
          ...from,
          run_id: text(from.run_id),
          name: text(name),
          tags: keyValues(tags),
          run_link: text(run_link),
          // What was not sent is stored as "" and answered as "" (mlflow 3.17), which clients tell from null.
          description: text(description),
        }),
      );
      if (from.model_id && !prompt) await noteVersion(store, from.model_id, text(name), model_version.version);
      return { model_version };
    },
    getModelVersion: async ({ name, version }) => ({
      model_version: await store.getModelVersion({ name: text(name), version: text(version) }),
    }),
    getModelVersionDownloadUri: ({ name, version }) =>
      store.getModelVersionDownloadUri({ name: text(name), version: text(version) }),
    updateModelVersion: async ({ name, version, description }) => ({
      model_version: await store.updateModelVersion(sent({ name: text(name), version: text(version), description })),
    }),
    transitionModelVersionStage: async ({ name, version, stage, archive_existing_versions }) => ({
      model_version: await store.transitionModelVersionStage({
        name: text(name),
        version: text(version),
        stage: canonicalStage(text(stage)),
        archive_existing_versions: archive_existing_versions ?? false,
      }),
    }),
    deleteModelVersion: async ({ name, version }) => {
      await store.deleteModelVersion({ name: text(name), version: text(version) });
      return {};
    },
    searchModelVersions: async (request) => {
      const { items, next_page_token } = await store.searchModelVersions(versionsQuery(request));
      return sent({ model_versions: items.map(withoutAliases), next_page_token });
    },
  };
}

function tagHandlers(store: ModelRegistryStore): Handlers {
  return {
    setRegisteredModelTag: async ({ name, key, value }) => {
      await store.setRegisteredModelTag({ name: text(name), key: text(key), value: text(value) });
      return {};
    },
    deleteRegisteredModelTag: async ({ name, key }) => {
      await store.deleteRegisteredModelTag({ name: text(name), key: text(key) });
      return {};
    },
    setModelVersionTag: async ({ name, version, key, value }) => {
      await store.setModelVersionTag({ name: text(name), version: text(version), key: text(key), value: text(value) });
      return {};
    },
    deleteModelVersionTag: async ({ name, version, key }) => {
      await store.deleteModelVersionTag({ name: text(name), version: text(version), key: text(key) });
      return {};
    },
  };
}

const VERSIONS_TAG = "mlflow.modelVersions";

/** The last note of each model that one is being made of: each reads what the one before it wrote. */
const noting = new Map<string, Promise<void>>();

async function noteVersion(store: StoreMethods, model_id: string, name: string, version: string): Promise<void> {
  const before = noting.get(model_id) ?? Promise.resolve();
  const noted = before.then(() => writeNote(store, model_id, name, version));
  // Told to its own caller, not to the next.
  const last = noted.catch(() => undefined);
  noting.set(model_id, last);
  try {
    await noted;
  } finally {
    if (noting.get(model_id) === last) noting.delete(model_id);
  }
}

/** A logged model lists the versions made from it in a tag (mlflow 3.17 `set_model_versions_tags`). */
async function writeNote(store: StoreMethods, model_id: string, name: string, version: string): Promise<void> {
  const { info } = await store.getLoggedModel({ model_id });
  const before = readVersions(info.tags.find(({ key }) => key === VERSIONS_TAG)?.value);
  const entry = { name, version: Number(version) };
  if (before.some((known) => JSON.stringify(known) === JSON.stringify(entry))) return;
  // Others compare the text.
  const value = dumpsPlain([...before, entry]);
  await store.setLoggedModelTags({ model_id, tags: [{ key: VERSIONS_TAG, value }] });
}

interface VersionEntry {
  name: string;
  version: number;
}

/** A client may set this tag too: what is no list counts as an empty one. */
function readVersions(value: string | undefined): VersionEntry[] {
  const list = parseForVersions(value ?? "[]");
  return Array.isArray(list) ? list.filter(isVersionEntry).map(({ name, version }) => ({ name, version })) : [];
}

function parseForVersions(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isVersionEntry(value: unknown): value is VersionEntry {
  return typeof value === "object" && value !== null && "name" in value && "version" in value;
}
