import type * as vscode from "vscode";
import { MODEL_STAGES, type ModelStage } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { VersionTarget } from "../platform/commands.ts";
import { askText, pickOne } from "../platform/questions.ts";
import { withProgress } from "../platform/progress.ts";
import { offerUndo } from "../tracking/undo.ts";
import { actorNow } from "./actor.ts";
import { aliasesOf, isActiveStage, removeAlias, setAlias, setStage, versionsIn } from "./acts.ts";
import type { ModelParts } from "./commands.ts";
import { findOrPickVersion, type FoundVersion } from "./find.ts";
import { aliasOf, aliasProblem, isStage } from "./names.ts";

// Bodies of the commands about what a version stands for: its aliases and its stage.

export async function setAliasAsked(
  { platform, stores }: ModelParts,
  target?: VersionTarget,
  given?: string,
): Promise<void> {
  const one = await findOrPickVersion(stores, target, { placeHolder: "Version that gets an alias", writable: true });
  if (one === undefined) return;
  const alias = given === undefined ? await askAlias(one) : checkedAlias(given);
  if (alias !== undefined) await moveAlias({ platform }, one, alias);
}

/** Sets an alias and tells where it was, with the way back. */
export async function moveAlias(
  { platform }: Pick<ModelParts, "platform">,
  { store, version: { name, version } }: FoundVersion,
  alias: string,
): Promise<void> {
  const { remote } = store;
  const from = await setAlias(remote, { name, version, alias }, actorNow());
  if (from === version) throw new MlflowError("INVALID_STATE", `Version ${version} of ${name} is @${alias} already.`);
  const told = from === undefined ? "" : `, moved from ${from}`;
  offerUndo(platform, `@${alias} is version ${version} of ${name}${told}.`, async () => {
    if (from === undefined) await removeAlias(remote, { name, alias }, actorNow());
    else await setAlias(remote, { name, version: from, alias }, actorNow());
  });
}

export async function removeAliasAsked(
  { platform, stores }: ModelParts,
  target?: VersionTarget,
  given?: string,
): Promise<void> {
  const one = await findOrPickVersion(stores, target, {
    placeHolder: "Version whose alias is removed",
    writable: true,
  });
  if (one === undefined) return;
  const { store, version: found } = one;
  const { name, version } = found;
  const aliases = await aliasesOf(store.remote, { name, version });
  if (aliases.length === 0)
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Version ${version} of ${name} has no alias.`);
  const asked = { placeHolder: `Alias of version ${version} to remove` };
  const [only] = aliases;
  const alias = given === undefined ? (aliases.length === 1 ? only : await pickOne(aliases, asked)) : aliasOf(given);
  if (alias === undefined) return;
  await removeAlias(store.remote, { name, alias }, actorNow());
  offerUndo(platform, `@${alias} is removed from version ${version} of ${name}.`, async () => {
    await setAlias(store.remote, { name, version, alias }, actorNow());
  });
}

export async function setStageAsked(
  { platform, stores }: ModelParts,
  target?: VersionTarget,
  given?: string,
): Promise<void> {
  const one = await findOrPickVersion(stores, target, { placeHolder: "Version whose stage changes", writable: true });
  if (one === undefined) return;
  const stage = given === undefined ? await askStage(one) : checkedStage(given);
  if (stage === undefined) return;
  const archive = await askArchive(one, stage);
  if (archive !== undefined) await moveToStage({ platform }, one, stage, archive);
}

/** Puts a version into a stage and tells what was archived, with the way back. */
export async function moveToStage(
  { platform }: Pick<ModelParts, "platform">,
  { store, version: { name, version } }: FoundVersion,
  stage: ModelStage,
  archive: boolean,
): Promise<void> {
  const { remote } = store;
  const { from, archived } = await setStage(remote, { name, version, stage, archive }, actorNow());
  const others = archived.length === 0 ? "" : `, ${several(archived)} archived`;
  const where = stage === "None" ? "in no stage" : `in ${stage}`;
  offerUndo(platform, `Version ${version} of ${name} is ${where}${others}.`, async () => {
    await setStage(remote, { name, version, stage: from, archive: false }, actorNow());
    for (const other of archived) await setStage(remote, { name, version: other, stage, archive: false }, actorNow());
  });
}

/** Whether the others of the stage are archived; undefined when the person went away. Nobody is asked where there are none. */
export async function askArchive(
  { store, version: found }: FoundVersion,
  stage: ModelStage,
): Promise<boolean | undefined> {
  if (!isActiveStage(stage)) return false;
  const { name, version } = found;
  const inStage = await withProgress(`Looking for versions in ${stage}`, () => versionsIn(store.remote, name, stage));
  const others = inStage.map((one) => one.version).filter((other) => other !== version);
  if (others.length === 0) return false;
  const items = [
    {
      label: `$(archive) Archive ${several(others)}`,
      detail: `Version ${version} alone is in ${stage} then.`,
      archive: true,
    },
    {
      label: `$(tag) Leave ${several(others)} in ${stage}`,
      detail: `${stage} has ${others.length + 1} versions then.`,
      archive: false,
    },
  ];
  return (await pickOne(items, { placeHolder: `${stage} has ${several(others)} of ${name} already` }))?.archive;
}

async function askStage({ version: { name, version, current_stage } }: FoundVersion): Promise<ModelStage | undefined> {
  const items = MODEL_STAGES.map((stage) => ({
    label: stage,
    description: stage === current_stage ? "it is there" : "",
    stage,
  }));
  const placeHolder = `Stage of version ${version} of ${name}`;
  const stage = (await pickOne(items, { placeHolder }))?.stage;
  return stage === current_stage ? undefined : stage;
}

/** Asks for an alias, one of the model or a new one. */
export async function askAlias({ model, version: { name, version } }: FoundVersion): Promise<string | undefined> {
  const others = model.aliases.filter((one) => one.version !== version);
  const another = "$(add) Another Alias…";
  const items: (vscode.QuickPickItem & { alias?: string })[] = [
    ...others.map(({ alias, version: holder }) => ({
      label: `@${alias}`,
      description: `moves from version ${holder}`,
      alias,
    })),
    { label: another },
  ];
  const placeHolder = `Alias of version ${version} of ${name}`;
  const chosen = others.length === 0 ? { label: another } : await pickOne(items, { placeHolder });
  if (chosen === undefined) return undefined;
  if ("alias" in chosen && chosen.alias !== undefined) return chosen.alias;
  const typed = await askText({ title: placeHolder, placeHolder: "champion", validateInput: aliasProblem });
  return typed === undefined ? undefined : aliasOf(typed);
}

function checkedAlias(given: string): string {
  const problem = aliasProblem(given);
  if (problem !== undefined) throw new MlflowError("INVALID_PARAMETER_VALUE", problem);
  return aliasOf(given);
}

export function checkedStage(given: string): ModelStage {
  if (isStage(given)) return given;
  throw new MlflowError("INVALID_PARAMETER_VALUE", `${given} is no stage; there are ${MODEL_STAGES.join(", ")}.`);
}

/** Versions that are named. */
const NAMED = 5;

/** `version 5`, `versions 5 and 3`, `12 versions`. */
export function several(versions: string[]): string {
  if (versions.length === 1) return `version ${versions[0]}`;
  if (versions.length > NAMED) return `${versions.length.toLocaleString("en-US")} versions`;
  return `versions ${versions.slice(0, -1).join(", ")} and ${versions.at(-1)}`;
}
