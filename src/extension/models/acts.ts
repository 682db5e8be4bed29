// What changes aliases, stages and versions, with the audit trail that it leaves. No vscode: tested on real stores.
import type { ModelStage, ModelVersion } from "../../mlflow/entities.ts";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import type { HistoryEntry } from "../../mlflow/modelVersions.ts";
import { historyTag } from "../../models/history.ts";
import type { ModelRegistryStore, ModelVersionKey } from "../../store/registryStore.ts";
import { versionsFilter } from "./readModels.ts";

/** Who acts, and when: ms since the epoch. */
export interface Actor {
  who: string;
  now: number;
}

/** Versions of a page while those of a stage are looked for. */
const PAGE = 1_000;
/** Versions that are looked at for those of a stage. */
const LOOKED_AT = 20_000;

/** Sets an alias on a version, whoever had it; tells the version that had it. */
export async function setAlias(
  store: ModelRegistryStore,
  { name, version, alias }: ModelVersionKey & { alias: string },
  actor: Actor,
): Promise<string | undefined> {
  const { aliases } = await store.getRegisteredModel({ name });
  const from = aliases.find((one) => one.alias === alias)?.version;
  if (from === version) return from;
  await store.setRegisteredModelAlias({ name, alias, version });
  const places = { ...(from === undefined ? {} : { from }), to: version };
  await keep(store, name, [{ time: actor.now, who: actor.who, what: "alias", alias, version, ...places }]);
  return from;
}

export async function removeAlias(
  store: ModelRegistryStore,
  { name, alias }: { name: string; alias: string },
  actor: Actor,
): Promise<void> {
  const { aliases } = await store.getRegisteredModel({ name });
  const from = aliases.find((one) => one.alias === alias)?.version;
  await store.deleteRegisteredModelAlias({ name, alias });
  if (from !== undefined) await keep(store, name, [removed(alias, from, actor)]);
}

/** Puts a version into a stage; `archive`: the others of that stage are archived. Tells what it was in, and those. */
export async function setStage(
  store: ModelRegistryStore,
  { name, version, stage, archive }: ModelVersionKey & { stage: ModelStage; archive: boolean },
  actor: Actor,
): Promise<{ from: ModelStage; archived: string[] }> {
  const { current_stage: from } = await store.getModelVersion({ name, version });
  const others = archive ? await versionsIn(store, name, stage) : [];
  const archived = others.map((one) => one.version).filter((other) => other !== version);
  await store.transitionModelVersionStage({ name, version, stage, archive_existing_versions: archive });
  if (from !== stage || archived.length > 0) {
    await keep(store, name, [{ time: actor.now, who: actor.who, what: "stage", version, from, to: stage, archived }]);
  }
  return { from, archived };
}

/** Deletes a version; its aliases fall, which is kept. Tells them. */
export async function deleteVersion(
  store: ModelRegistryStore,
  { name, version }: ModelVersionKey,
  actor: Actor,
): Promise<string[]> {
  const aliases = await aliasesOf(store, { name, version });
  await store.deleteModelVersion({ name, version });
  await keep(
    store,
    name,
    aliases.map((alias) => removed(alias, version, actor)),
  );
  return aliases;
}

/** Aliases of a version, as its model tells them: a search for versions of MLflow before 3 tells none. */
export async function aliasesOf(store: ModelRegistryStore, { name, version }: ModelVersionKey): Promise<string[]> {
  const { aliases } = await store.getRegisteredModel({ name });
  return aliases.filter((one) => one.version === version).map(({ alias }) => alias);
}

/** Versions that are in a stage, newest first. */
export async function versionsIn(
  store: Pick<ModelRegistryStore, "searchModelVersions">,
  name: string,
  stage: ModelStage,
): Promise<ModelVersion[]> {
  const found: ModelVersion[] = [];
  let page_token: string | undefined;
  for (let seen = 0; seen < LOOKED_AT; seen += PAGE) {
    const page = await store.searchModelVersions({
      ...versionsFilter(name),
      order_by: ["version_number DESC"],
      max_results: PAGE,
      ...(page_token === undefined ? {} : { page_token }),
    });
    found.push(...page.items.filter((one) => one.name === name && one.current_stage === stage));
    page_token = page.next_page_token;
    if (page_token === undefined) break;
  }
  return found;
}

/** Stages in which a version is in use, so that others make room for it. */
export function isActiveStage(stage: ModelStage): boolean {
  return stage === "Staging" || stage === "Production";
}

function removed(alias: string, from: string, { now, who }: Actor): HistoryEntry {
  return { time: now, who, what: "alias", alias, version: from, from };
}

async function keep(store: ModelRegistryStore, name: string, entries: HistoryEntry[]): Promise<void> {
  try {
    for (const entry of entries) await store.setRegisteredModelTag({ name, ...historyTag(entry) });
  } catch (error) {
    const { error_code, message } = asMlflowError(error);
    const sentence = `It is done, but not kept in the history of ${name}: ${message}`;
    throw new MlflowError(error_code, sentence, { cause: error });
  }
}
