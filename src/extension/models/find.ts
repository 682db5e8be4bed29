import type * as vscode from "vscode";
import type { ModelVersion, RegisteredModel } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ModelOrVersion, ModelTarget, VersionTarget } from "../platform/commands.ts";
import { askText, pickOne } from "../platform/questions.ts";
import { pickAcross } from "../stores/pickAcross.ts";
import { filledStores } from "../stores/readAcross.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { writable } from "../tracking/find.ts";
import { ageText } from "../tracking/format.ts";
import { plainLine } from "./plainLine.ts";
import { versionsFilter } from "./readModels.ts";

/** Models and versions offered in a quick pick. */
const OFFERED = 200;

export interface Asked {
  placeHolder: string;
  /** Only of stores that can be written, and the store is checked for it. */
  writable?: boolean;
}

export interface FoundModel {
  store: StoreHandle;
  model: RegisteredModel;
}

export interface FoundVersion extends FoundModel {
  version: ModelVersion;
}

/** The registered model that a command means; undefined when the person chose none. */
export async function findOrPickModel(
  stores: Stores,
  target: ModelTarget | undefined,
  asked: Asked,
): Promise<FoundModel | undefined> {
  const chosen = target ?? (await pickModel(stores, asked));
  if (chosen === undefined) return undefined;
  const store = await stores.get(chosen.uri);
  if (asked.writable === true) writable(store);
  return { store, model: await store.remote.getRegisteredModel({ name: chosen.name }) };
}

/** The version that a command means; of a model alone it asks for one. */
export async function findOrPickVersion(
  stores: Stores,
  target: ModelOrVersion | undefined,
  asked: Asked,
): Promise<FoundVersion | undefined> {
  const found = await findOrPickModel(stores, target, asked);
  if (found === undefined) return undefined;
  const { name } = found.model;
  const version = target?.version ?? (await pickVersion(found, asked.placeHolder));
  if (version === undefined) return undefined;
  return { ...found, version: await found.store.remote.getModelVersion({ name, version }) };
}

/** A model or a version as it was given; without either a model is asked for. */
export async function findModelOrVersion(
  stores: Stores,
  target: ModelOrVersion | undefined,
  asked: Asked,
): Promise<(FoundModel & { version?: ModelVersion }) | undefined> {
  return target?.version === undefined
    ? findOrPickModel(stores, target, asked)
    : findOrPickVersion(stores, target, asked);
}

export function targetOf({ store, version }: FoundVersion): VersionTarget {
  return { uri: store.uri, name: version.name, version: version.version };
}

async function pickModel(stores: Stores, asked: Asked): Promise<ModelTarget | undefined> {
  const there = filledStores(await stores.all());
  const offered = filledStores(there, asked);
  const read = async ({ uri, remote }: StoreHandle, place: string) => {
    const { items } = await remote.searchRegisteredModels({ max_results: 1_000 });
    return items.map(({ name, description }): vscode.QuickPickItem & ModelTarget => {
      const detail = description === undefined || description === "" ? {} : { detail: plainLine(description) };
      const told = there.length > 1 ? { description: place } : {};
      return { label: `$(package) ${name}`, ...told, ...detail, uri, name };
    });
  };
  const { placeHolder } = asked;
  return pickAcross(offered, read, {
    none: "There is no registered model yet.",
    placeHolder,
    matchOnDescription: true,
  });
}

/** The newest versions are offered; an older one is asked for by its number. */
async function pickVersion({ store, model }: FoundModel, placeHolder: string): Promise<string | undefined> {
  const { name } = model;
  const query = { ...versionsFilter(name), order_by: ["version_number DESC"], max_results: OFFERED };
  const { items: found, next_page_token } = await store.remote.searchModelVersions(query);
  const own = found.filter((one) => one.name === name);
  if (own.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${name} has no version yet.`);
  const items: (vscode.QuickPickItem & { version?: string })[] = own.map((one) => ({
    label: `$(tag) Version ${one.version}`,
    description: badgesOf(model, one).join(" · "),
    version: one.version,
  }));
  if (next_page_token !== undefined) items.push({ label: "$(ellipsis) Another Version…" });
  const chosen = await pickOne(items, { placeHolder, matchOnDescription: true });
  if (chosen === undefined || chosen.version !== undefined) return chosen?.version;
  const validateInput = (text: string) =>
    /^\d{1,9}$/.test(text.trim()) ? undefined : "A version is a number, such as 3.";
  return (await askText({ title: `Version of ${name}`, validateInput }))?.trim();
}

/** Aliases, stage and age of a version. */
function badgesOf(
  { aliases }: RegisteredModel,
  { version, current_stage, creation_timestamp }: ModelVersion,
): string[] {
  const badges = aliases.filter((one) => one.version === version).map(({ alias }) => `@${alias}`);
  if (current_stage !== "None") badges.push(current_stage);
  return [...badges, ageText(creation_timestamp, Date.now())];
}
