import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { isOwnTag } from "../../protocol/tags.ts";
import type { ModelOrVersion, ModelTarget, StoreTarget, VersionTarget } from "../platform/commands.ts";
import { askText, pickOne } from "../platform/questions.ts";
import { pickStore, writable } from "../tracking/find.ts";
import { countText } from "../tracking/format.ts";
import { tagKeyProblem } from "../tracking/names.ts";
import { openNote } from "../tracking/notes/noteFiles.ts";
import { actorNow } from "./actor.ts";
import { aliasesOf, deleteVersion } from "./acts.ts";
import { askNewName, checkedName } from "./askModelName.ts";
import type { ModelParts } from "./commands.ts";
import { findModelOrVersion, findOrPickModel, findOrPickVersion } from "./find.ts";
import { versionsFilter } from "./readModels.ts";

// Bodies of the commands that make, change and delete registered models and versions.

/** Versions that are counted before a model is deleted. */
const COUNTED = 1_000;

export async function createModel({ stores, reveal }: ModelParts, target?: StoreTarget, given?: string): Promise<void> {
  const uri = target?.uri ?? (await pickStore(stores, "Store of the new registered model"));
  if (uri === undefined) return;
  const store = writable(await stores.get(uri));
  const name = given === undefined ? await askNewName(store, "Name of the registered model") : checkedName(given);
  if (name === undefined) return;
  await store.remote.createRegisteredModel({ name });
  await reveal({ uri, name });
}

export async function renameModel(
  { stores, reveal, renamed }: ModelParts,
  target?: ModelTarget,
  given?: string,
): Promise<void> {
  const one = await findOrPickModel(stores, target, { placeHolder: "Registered model to rename", writable: true });
  if (one === undefined) return;
  const { store, model } = one;
  const new_name =
    given === undefined ? await askNewName(store, "Name of the registered model", model.name) : checkedName(given);
  if (new_name === undefined || new_name === model.name) return;
  await store.remote.renameRegisteredModel({ name: model.name, new_name });
  renamed({ uri: store.uri, name: model.name }, new_name);
  await reveal({ uri: store.uri, name: new_name });
}

export async function describe({ stores }: ModelParts, target?: ModelOrVersion): Promise<void> {
  const asked = { placeHolder: "Registered model to describe", writable: true };
  const one = await findModelOrVersion(stores, target, asked);
  if (one === undefined) return;
  const { store, model, version } = one;
  const { uri } = store;
  if (version === undefined) await openNote({ uri, of: "model", id: model.name }, `About ${model.name}`);
  else {
    const id = `${model.name}/${version.version}`;
    await openNote({ uri, of: "version", id }, `About ${model.name} ${version.version}`);
  }
}

export async function setTag({ stores }: ModelParts, target?: ModelOrVersion, given?: string): Promise<void> {
  const one = await findModelOrVersion(stores, target, { placeHolder: "Registered model to tag", writable: true });
  if (one === undefined) return;
  const { store, model, version } = one;
  const { name } = model;
  const key = given ?? (await askText({ title: "Key of the tag", validateInput: tagKeyProblem }));
  if (key === undefined) return;
  const before = (version ?? model).tags.find((tag) => tag.key === key)?.value ?? "";
  const value = await askText({ title: `Value of ${key}`, value: before });
  if (value === undefined) return;
  if (version === undefined) await store.remote.setRegisteredModelTag({ name, key, value });
  else await store.remote.setModelVersionTag({ name, version: version.version, key, value });
}

export async function deleteTag({ stores }: ModelParts, target?: ModelOrVersion, given?: string): Promise<void> {
  const asked = { placeHolder: "Registered model whose tag is removed", writable: true };
  const one = await findModelOrVersion(stores, target, asked);
  if (one === undefined) return;
  const { store, model, version } = one;
  const { name } = model;
  const told = version === undefined ? name : `${name} ${version.version}`;
  const own = (version ?? model).tags.filter(({ key }) => isOwnTag(key));
  if (own.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${told} has no tag.`);
  const items = own.map(({ key, value }) => ({ label: key, description: value }));
  const key = given ?? (await pickOne(items, { placeHolder: `Tag of ${told} to remove` }))?.label;
  if (key === undefined) return;
  if (version === undefined) await store.remote.deleteRegisteredModelTag({ name, key });
  else await store.remote.deleteModelVersionTag({ name, version: version.version, key });
}

export async function deleteModel({ stores }: ModelParts, target?: ModelTarget): Promise<void> {
  const one = await findOrPickModel(stores, target, { placeHolder: "Registered model to delete", writable: true });
  if (one === undefined) return;
  const { store, model } = one;
  const { name } = model;
  const found = await store.remote.searchModelVersions({ ...versionsFilter(name), max_results: COUNTED });
  const count = found.items.filter((version) => version.name === name).length;
  const more = found.next_page_token === undefined ? "" : "more than ";
  const versions = count === 0 ? "It has no versions." : `With it go ${more}${countText(count, "version")}`;
  const aliases = model.aliases.map(({ alias, version }) => `@${alias} (${version})`);
  const told =
    aliases.length === 0 ? "" : ` and ${aliases.length === 1 ? "the alias" : "the aliases"} ${list(aliases)}`;
  const what = count === 0 ? versions : `${versions}${told}.`;
  const detail = `${what} Runs, logged models and their files stay. This cannot be undone.`;
  if (!(await confirmed(`Delete the registered model ${name}?`, detail))) return;
  await store.remote.deleteRegisteredModel({ name });
}

export async function deleteVersionAsked({ stores }: ModelParts, target?: VersionTarget): Promise<void> {
  const one = await findOrPickVersion(stores, target, { placeHolder: "Version to delete", writable: true });
  if (one === undefined) return;
  const { store, version: found } = one;
  const { name, version, current_stage } = found;
  const aliases = (await aliasesOf(store.remote, { name, version })).map((alias) => `@${alias}`);
  const falls =
    aliases.length === 0
      ? ""
      : `${list(aliases)} ${aliases.length === 1 ? "falls" : "fall"} with it: what asks for ${list(aliases, "or")} finds nothing. `;
  const stage = current_stage === "None" ? "" : `It is in ${current_stage}. `;
  const detail = `${falls}${stage}Its run and its files stay. This cannot be undone.`;
  if (!(await confirmed(`Delete version ${version} of ${name}?`, detail))) return;
  await deleteVersion(store.remote, { name, version }, actorNow());
}

/** A question that names what goes; the word of its button is Delete. */
async function confirmed(question: string, detail: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, "Delete")) === "Delete";
}

/** `a`, `a and b`, `a, b and c`. */
function list(words: string[], joint = "and"): string {
  const [last = "", ...others] = words.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} ${joint} ${last}`;
}
