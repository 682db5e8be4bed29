import * as vscode from "vscode";
import type { ModelStage, ModelVersion, RegisteredModel } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { compareVersions } from "../../models/compareVersions.ts";
import { directionByName } from "../../protocol/metricDirection.ts";
import { pageSettings } from "../panels/pageSettings.ts";
import type { Promotion, VersionTarget } from "../platform/commands.ts";
import { withProgress } from "../platform/progress.ts";
import { answerOf } from "../platform/answerOf.ts";
import { pickOne } from "../platform/questions.ts";
import { isActiveStage, versionsIn } from "./acts.ts";
import type { ModelParts } from "./commands.ts";
import { diffVersions } from "./diffVersions.ts";
import { findOrPickVersion, type FoundVersion } from "./find.ts";
import { aliasOf } from "./names.ts";
import { reviewLines } from "./review.ts";
import { askAlias, askArchive, checkedStage, moveAlias, moveToStage, several } from "./standing.ts";
import { readVersionFacts } from "./versionFacts.ts";

/** Gives a version an alias or a stage. Where another one has it, their differences are shown and the person says yes. */
export async function promote(parts: ModelParts, target?: VersionTarget, given?: Promotion): Promise<void> {
  const one = await findOrPickVersion(parts.stores, target, { placeHolder: "Version to promote", writable: true });
  if (one === undefined) return;
  const to = given ?? (await askPlace(one));
  if (to === undefined) return;
  if ("alias" in to) await promoteToAlias(parts, one, aliasOf(to.alias), to.seen);
  else await promoteToStage(parts, one, checkedStage(to.stage), to.seen);
}

async function promoteToAlias(parts: ModelParts, one: FoundVersion, alias: string, seen?: string): Promise<void> {
  const { store, model, version } = one;
  const holder = model.aliases.find((held) => held.alias === alias)?.version;
  if (holder === version.version) {
    throw new MlflowError("INVALID_STATE", `Version ${holder} of ${model.name} is @${alias} already.`);
  }
  // It may have moved since its differences were looked at.
  if (holder !== undefined && holder !== seen) {
    const against = await store.remote.getModelVersion({ name: model.name, version: holder });
    const label = `Promote version ${version.version} to @${alias}`;
    const ways = [{ label, description: `moves from version ${holder}`, archive: false }];
    if ((await review(one, against, `@${alias}`, ways)) === undefined) return;
  }
  await moveAlias(parts, one, alias);
}

async function promoteToStage(parts: ModelParts, one: FoundVersion, stage: ModelStage, seen?: string): Promise<void> {
  const { store, model, version } = one;
  if (version.current_stage === stage) {
    throw new MlflowError("INVALID_STATE", `Version ${version.version} of ${model.name} is in ${stage} already.`);
  }
  const isSeen = seen !== undefined && seen === latestIn(model, stage);
  const others = isSeen || !isActiveStage(stage) ? [] : await versionsIn(store.remote, model.name, stage);
  const [against] = others;
  if (against === undefined) {
    const archive = await askArchive(one, stage);
    if (archive !== undefined) await moveToStage(parts, one, stage, archive);
    return;
  }
  const held = several(others.map((other) => other.version));
  const label = `Promote version ${version.version} to ${stage}`;
  const ways = [
    { label: `${label} and archive ${held}`, description: "", archive: true },
    { label: `${label} beside ${held}`, description: "", archive: false },
  ];
  const chosen = await review(one, against, stage, ways);
  if (chosen !== undefined) await moveToStage(parts, one, stage, chosen.archive);
}

function latestIn({ latest_versions }: RegisteredModel, stage: ModelStage): string | undefined {
  return latest_versions.find((latest) => latest.current_stage === stage)?.version;
}

async function askPlace(one: FoundVersion): Promise<Promotion | undefined> {
  const { model, version } = one;
  const aliases = model.aliases.filter((held) => held.version !== version.version);
  const stages = (["Production", "Staging"] as const).filter((stage) => stage !== version.current_stage);
  const items: (vscode.QuickPickItem & { to?: Promotion })[] = [
    ...aliases.map(({ alias, version: holder }) => ({
      label: `@${alias}`,
      description: `version ${holder} has it`,
      to: { alias },
    })),
    { label: "$(add) Another Alias…" },
    { label: "Stages", kind: vscode.QuickPickItemKind.Separator },
    ...stages.map((stage) => {
      const holder = latestIn(model, stage);
      return { label: stage, description: holder === undefined ? "" : `version ${holder} is in it`, to: { stage } };
    }),
  ];
  const chosen = await pickOne(items, { placeHolder: `Promote version ${version.version} of ${model.name} to` });
  if (chosen === undefined || chosen.to !== undefined) return chosen?.to;
  const alias = await askAlias({ ...one, model: { ...model, aliases: [] } });
  return alias === undefined ? undefined : { alias };
}

interface Way {
  label: string;
  description: string;
  archive: boolean;
}

const DIFF: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("diff"), tooltip: "Open MLmodel Files as Diff" };

/** Shows how the version differs from the one that has the place; the way that was chosen, or undefined. */
async function review(one: FoundVersion, against: ModelVersion, place: string, ways: Way[]): Promise<Way | undefined> {
  const { store, version } = one;
  const lines = await withProgress(`Comparing version ${version.version} with ${against.version}`, async () => {
    const [mine, theirs] = await Promise.all([
      readVersionFacts(store.remote, version),
      readVersionFacts(store.remote, against),
    ]);
    const { directions } = pageSettings();
    return reviewLines(
      compareVersions(mine, theirs, (key) => directions[key] ?? directionByName(key)),
      against.version,
    );
  });
  const box = vscode.window.createQuickPick<vscode.QuickPickItem & { way?: Way }>();
  box.title = `Promote ${version.name} ${version.version} to ${place}, beside version ${against.version}`;
  box.placeholder = "What differs stands below; nothing is changed before you choose";
  box.ignoreFocusOut = true;
  box.items = [
    ...ways.map((way) => ({ label: `$(arrow-up) ${way.label}`, description: way.description, way })),
    ...lines.map((line) =>
      line.kind === "head"
        ? { label: line.text, kind: vscode.QuickPickItemKind.Separator }
        : { label: `$(${line.icon}) ${line.label}`, description: line.description },
    ),
  ];
  box.buttons = [DIFF];
  const failed = new Promise<never>((_, reject) => {
    box.onDidTriggerButton(() => {
      diffVersions(store, version.name, against.version, version.version).catch(reject);
    });
  });
  try {
    return await Promise.race([answerOf(box, ({ way }) => way), failed]);
  } finally {
    box.dispose();
  }
}
