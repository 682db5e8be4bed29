import * as vscode from "vscode";
import { parseFilter } from "../../mlflow/filter/parse.ts";
import type { PageAction } from "../../protocol/panels/model.ts";
import { clickedRow } from "../platform/clickedRow.ts";
import {
  type CommandName,
  type Commands,
  execute,
  type ModelOrVersion,
  type ModelTarget,
  registerCommand,
} from "../platform/commands.ts";
import { focusedRow } from "../platform/focusedRow.ts";
import { withMenuRow } from "../platform/menuRow.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import { findModelOrVersion, findOrPickModel, findOrPickVersion } from "./find.ts";
import type { KeptFilter } from "../platform/keptFilter.ts";
import type { ModelPanels } from "./panels/modelPanels.ts";
import type { ModelsRow } from "./rows.ts";
import type { ModelsTree } from "./tree.ts";

/** What commands about registered models work with. */
export interface ModelParts {
  platform: Platform;
  stores: Stores;
  /** Shows in the view what was made. */
  reveal(target: ModelOrVersion): Promise<void>;
  /** Panels go with a model that was renamed. */
  renamed(model: ModelTarget, new_name: string): void;
}

const MODELS = ["model"] as const;
const VERSIONS = ["version"] as const;
const BOTH = [...MODELS, ...VERSIONS];

/** Commands about registered models and their versions. What does the work is loaded with the first use. */
export function registerModelCommands(
  platform: Platform,
  stores: Stores,
  tree: ModelsTree,
  look: KeptFilter,
  panels: ModelPanels,
): vscode.Disposable[] {
  const parts: ModelParts = {
    ...{ platform, stores, reveal: (target) => tree.reveal(target) },
    renamed: (model, new_name) => panels.renamed(model, new_name),
  };
  /** A command of the menus of rows of some kinds; the palette and panels call it, too. */
  const rowCommand = <N extends CommandName>(
    kinds: readonly ModelsRow["kind"][],
    name: N,
    body: (...given: Commands[N]) => Promise<unknown>,
  ) => {
    const fits = ({ kind }: ModelsRow) => kinds.includes(kind);
    return registerCommand(platform, name, async (...given) => body(...(await withMenuRow([tree.view], given, fits))));
  };
  /** One about versions: where none is given, the one that is chosen in the panel in front is meant. */
  const versionCommand = <N extends CommandName>(name: N, body: (...given: Commands[N]) => Promise<unknown>) =>
    rowCommand(VERSIONS, name, (...given: Commands[N]) => {
      // The border: these commands take a version first.
      return body(...([given[0] ?? panels.chosen, ...given.slice(1)] as Commands[N]));
    });
  const edit = () => import("./editModel.ts");
  const stand = () => import("./standing.ts");
  const register = () => import("./registerModel.ts");
  /** The panel in front does it. */
  const act = (action: PageAction) => async () => panels.front.act(action);
  return [
    registerCommand(platform, "flowdeck.models.filterVersions", act("filter")),
    registerCommand(platform, "flowdeck.models.compareChecked", act("compare")),
    registerCommand(platform, "flowdeck.models.showDifferencesOnly", act("differences")),
    registerCommand(platform, "flowdeck.models.openFilesAsDiff", act("openAsDiff")),
    registerCommand(platform, "flowdeck.models.closeComparison", act("closeComparison")),
    registerCommand(platform, "flowdeck.models.showKeys", act("showKeys")),
    registerCommand(platform, "flowdeck.models.create", async (target, name) => {
      await (await edit()).createModel(parts, target, name);
    }),
    rowCommand(MODELS, "flowdeck.models.rename", async (target, name) => {
      await (await edit()).renameModel(parts, target, name);
    }),
    rowCommand(BOTH, "flowdeck.models.describe", async (target) => {
      await (await edit()).describe(parts, target);
    }),
    rowCommand(BOTH, "flowdeck.models.setTag", async (target, key) => {
      await (await edit()).setTag(parts, target, key);
    }),
    rowCommand(BOTH, "flowdeck.models.deleteTag", async (target, key) => {
      await (await edit()).deleteTag(parts, target, key);
    }),
    rowCommand(MODELS, "flowdeck.models.deleteModel", async (target) => {
      await (await edit()).deleteModel(parts, target);
    }),
    versionCommand("flowdeck.models.deleteVersion", async (target) => {
      await (await edit()).deleteVersionAsked(parts, target);
    }),
    versionCommand("flowdeck.models.setAlias", async (target, alias) => {
      await (await stand()).setAliasAsked(parts, target, alias);
    }),
    versionCommand("flowdeck.models.removeAlias", async (target, alias) => {
      await (await stand()).removeAliasAsked(parts, target, alias);
    }),
    versionCommand("flowdeck.models.setStage", async (target, stage) => {
      await (await stand()).setStageAsked(parts, target, stage);
    }),
    versionCommand("flowdeck.models.promote", async (target, to) => {
      const { promote } = await import("./promote.ts");
      await promote(parts, target, to);
    }),
    registerCommand(platform, "flowdeck.models.registerRun", async (target, name) => {
      await (await register()).registerRun(parts, target, name);
    }),
    registerCommand(platform, "flowdeck.models.registerLoggedModel", async (target, name) => {
      await (await register()).registerLoggedModel(parts, target, name);
    }),
    registerCommand(platform, "flowdeck.models.registerUri", async (target, uri, name) => {
      await (await register()).registerUri(parts, target, uri, name);
    }),
    versionCommand("flowdeck.models.copyVersion", async (target, name) => {
      await (await register()).copyVersion(parts, target, name);
    }),
    versionCommand("flowdeck.models.openRun", async (target) => {
      const { openRun } = await register();
      await openRun(parts, target);
    }),
    versionCommand("flowdeck.models.openAsDiff", async (left, right) => {
      const one = await findOrPickVersion(stores, left, { placeHolder: "Version on the left" });
      if (one === undefined) return;
      const { name, version } = one.version;
      const beside = right ?? { uri: one.store.uri, name };
      const other = await findOrPickVersion(stores, beside, { placeHolder: `Version beside ${version}` });
      if (other === undefined) return;
      const { diffVersions } = await import("./diffVersions.ts");
      await diffVersions(one.store, name, version, other.version.version);
    }),
    versionCommand("flowdeck.models.copyUri", async (target) => {
      const found = await findOrPickVersion(stores, target, { placeHolder: "Version whose URI is copied" });
      if (found === undefined) return;
      await vscode.env.clipboard.writeText(`models:/${found.version.name}/${found.version.version}`);
    }),
    rowCommand(MODELS, "flowdeck.models.copyName", async (target) => {
      const found = await findOrPickModel(stores, target, { placeHolder: "Registered model whose name is copied" });
      if (found !== undefined) await vscode.env.clipboard.writeText(found.model.name);
    }),
    registerCommand(platform, "flowdeck.models.filterView", async (given) => {
      const { askModelsFilter } = await import("./modelsFilter.ts");
      const filter = (given ?? (await askModelsFilter(look, tree.knownModels)))?.trim();
      if (filter === undefined) return;
      parseFilter("registeredModels", filter);
      await look.setFilter(filter === "" ? undefined : filter);
    }),
    registerCommand(platform, "flowdeck.models.clearFilter", () => look.setFilter(undefined)),
    registerCommand(platform, "flowdeck.models.refresh", async () => tree.refresh()),
    registerCommand(platform, "flowdeck.models.openSelected", async () => {
      const row = await clickedRow(tree.view);
      if (row?.kind === "more") await tree.loadMore(row.parent);
      if (row?.kind === "model" || row?.kind === "version") await execute("flowdeck.models.openModel", row);
    }),
    registerCommand(platform, "flowdeck.models.renameFocused", async () => {
      const row = await focusedRow(tree.view);
      if (row?.kind === "model") await execute("flowdeck.models.rename", row);
    }),
    registerCommand(platform, "flowdeck.models.deleteFocused", async () => {
      const row = await focusedRow(tree.view);
      if (row?.kind === "model") await execute("flowdeck.models.deleteModel", row);
      if (row?.kind === "version") await execute("flowdeck.models.deleteVersion", row);
    }),
    registerCommand(platform, "flowdeck.models.copyFocused", async () => {
      const row = await focusedRow(tree.view);
      if (row?.kind === "model") await execute("flowdeck.models.copyName", row);
      if (row?.kind === "version") await execute("flowdeck.models.copyUri", row);
    }),
    rowCommand(BOTH, "flowdeck.models.openModel", async (target) => {
      const found = await findModelOrVersion(stores, target, { placeHolder: "Registered model to open" });
      if (found === undefined) return;
      const { store, model, version } = found;
      panels.show({ uri: store.uri, name: model.name, ...(version === undefined ? {} : { version: version.version }) });
    }),
  ];
}
