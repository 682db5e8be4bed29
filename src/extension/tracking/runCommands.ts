import * as vscode from "vscode";
import type { Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { isOwnTag } from "../../protocol/tags.ts";
import { registerCommand, type RunTarget } from "../platform/commands.ts";
import { setDirection } from "../panels/pageSettings.ts";
import type { Platform } from "../platform/platform.ts";
import { askText, pickOne } from "../platform/questions.ts";
import type { Stores } from "../stores/stores.ts";
import type { Baselines } from "./baselines.ts";
import { findOrPickRun, findRun, pickRun, writable } from "./find.ts";
import { tagKeyProblem } from "./names.ts";
import { openNote } from "./notes/noteFiles.ts";
import type { TrackingPanels } from "./panels/panels.ts";
import { offerUndo } from "./undo.ts";

/** What the commands about one run work with. */
export interface RunCommandParts {
  stores: Stores;
  panels: TrackingPanels;
  baselines: Baselines;
  /** Asks the runner of a run to stop. */
  stop(run: Run): Promise<void>;
  /** Asks for one that a runner of this machine is at work on. */
  pickStoppable(): Promise<RunTarget | undefined>;
}

/** Sections of the Run panel, in the order of their keys. */
const SECTIONS = ["Overview", "Metrics", "System metrics", "Artifacts", "Children", "Code and environment"];

/** Commands that change a run or the panel that shows it. Without a target they mean the panel in front, else they ask. */
export function registerRunCommands(platform: Platform, parts: RunCommandParts): vscode.Disposable[] {
  const { stores, panels, baselines } = parts;
  const found = (target: RunTarget | undefined, placeHolder: string) =>
    findOrPickRun(stores, target ?? panels.activeTarget, { placeHolder });
  /** The run that is to be changed. */
  const changing = async (target: RunTarget | undefined, placeHolder: string) => {
    const one = await findOrPickRun(stores, target ?? panels.activeTarget, { placeHolder, writable: true });
    if (one === undefined) return undefined;
    const { store, run } = one;
    if (run.info.lifecycle_stage === "active") return { store: writable(store), run };
    throw new MlflowError("INVALID_STATE", `${run.info.run_name} is deleted; restore it first.`);
  };
  const restore = async (target: RunTarget | undefined): Promise<void> => {
    // Only in a panel of a deleted run does the one in front mean to be restored.
    const front = panels.activeRun?.known.deleted === true ? panels.activeTarget : undefined;
    const asked = { placeHolder: "Run to restore", writable: true, deleted: true };
    const chosen = target ?? front ?? (await pickRun(stores, asked));
    if (chosen === undefined) return;
    const { store } = await findRun(stores, chosen);
    await writable(store).remote.restoreRun({ run_id: chosen.run_id });
  };
  return [
    registerCommand(platform, "flowdeck.tracking.renameRun", async (target, given) => {
      const one = await changing(target, "Run to rename");
      if (one === undefined) return;
      const { activeRun } = panels;
      if (target === undefined && activeRun?.subject.run_id === one.run.info.run_id) return activeRun.editName();
      const { run_id, run_name: value } = one.run.info;
      const run_name = given ?? (await askText({ title: "Name of the run", value }));
      if (run_name !== undefined && run_name.trim() !== "") await one.store.remote.updateRun({ run_id, run_name });
    }),
    registerCommand(platform, "flowdeck.tracking.deleteRun", async (target) => {
      const one = await changing(target, "Run to delete");
      if (one === undefined) return;
      const { run_id, run_name } = one.run.info;
      await one.store.remote.deleteRun({ run_id });
      offerUndo(platform, `${run_name} is deleted.`, () => restore({ uri: one.store.uri, run_id }));
    }),
    registerCommand(platform, "flowdeck.tracking.restoreRun", restore),
    registerCommand(platform, "flowdeck.tracking.stopRun", async (target) => {
      const chosen = target ?? panels.activeTarget ?? (await parts.pickStoppable());
      const one = chosen === undefined ? undefined : await findRun(stores, chosen);
      if (one === undefined) return;
      const { run_name } = one.run.info;
      const question = `Stop ${run_name}? What it has logged stays, and the run ends as killed.`;
      if ((await vscode.window.showWarningMessage(question, { modal: true }, "Stop")) === "Stop")
        await parts.stop(one.run);
    }),
    registerCommand(platform, "flowdeck.tracking.editNote", async (target) => {
      const one = await changing(target, "Run whose note is edited");
      if (one === undefined) return;
      const { run_id, run_name } = one.run.info;
      await openNote({ uri: one.store.uri, of: "run", id: run_id }, `Note of ${run_name}`);
    }),
    registerCommand(platform, "flowdeck.tracking.setRunTag", async (target, given) => {
      const one = await changing(target, "Run to tag");
      if (one === undefined) return;
      const { tags } = one.run.data;
      const key = given ?? (await askText({ title: "Key of the tag", validateInput: tagKeyProblem }));
      if (key === undefined) return;
      const before = tags.find((tag) => tag.key === key)?.value ?? "";
      const value = await askText({ title: `Value of ${key}`, value: before });
      if (value !== undefined) await one.store.remote.setTag({ run_id: one.run.info.run_id, key, value });
    }),
    registerCommand(platform, "flowdeck.tracking.deleteRunTag", async (target, given) => {
      const one = await changing(target, "Run whose tag is removed");
      if (one === undefined) return;
      const own = one.run.data.tags.filter(({ key }) => isOwnTag(key));
      if (own.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${one.run.info.run_name} has no tag.`);
      const items = own.map(({ key, value }) => ({ label: key, description: value }));
      const key = given ?? (await pickOne(items, { placeHolder: "Tag to remove" }))?.label;
      if (key !== undefined) await one.store.remote.deleteTag({ run_id: one.run.info.run_id, key });
    }),
    registerCommand(platform, "flowdeck.tracking.chooseBaseline", async (target) => {
      const one = await found(target, "Run whose experiment gets a baseline");
      if (one === undefined) return;
      const { experiment_id } = one.run.info;
      const query = { experiment_ids: [experiment_id], order_by: ["attributes.start_time DESC"], max_results: 200 };
      const { items: runs } = await one.store.remote.searchRuns(query);
      const items = runs.map(({ info }) => ({ label: info.run_name, detail: info.run_id }));
      const options = { placeHolder: "Run that others are compared with", matchOnDetail: true };
      const chosen = await pickOne(items, options);
      if (chosen !== undefined) await baselines.set({ uri: one.store.uri, experiment_id }, chosen.detail);
    }),
    registerCommand(platform, "flowdeck.tracking.clearBaseline", async (target) => {
      const one = await found(target, "Run whose experiment has no baseline from here on");
      if (one === undefined) return;
      const key = { uri: one.store.uri, experiment_id: one.run.info.experiment_id };
      if (baselines.get(key) === undefined)
        throw new MlflowError("INVALID_STATE", "No baseline is chosen in the experiment of this run.");
      await baselines.set(key, undefined);
    }),
    registerCommand(platform, "flowdeck.tracking.setMetricDirection", async (given) => {
      const validateInput = (text: string) => (text.trim() === "" ? "A metric has a name." : undefined);
      const typed = given ?? (await askText({ title: "Metric, as it was logged", validateInput }));
      const metric_key = typed?.trim();
      if (metric_key === undefined) return;
      const ways = [
        { label: "Lower is better", direction: "lower" as const },
        { label: "Higher is better", direction: "higher" as const },
        { label: "As its name says", detail: "Errors and losses are better when lower.", direction: undefined },
      ];
      const chosen = await pickOne(ways, { placeHolder: `Which way ${metric_key} is better` });
      if (chosen !== undefined) await setDirection(metric_key, chosen.direction);
    }),
    registerCommand(platform, "flowdeck.tracking.showRunSection", async (section) => {
      const panel = panels.frontRun;
      const chosen = section ?? (await pickOne(SECTIONS, { placeHolder: "Section of the run" }));
      if (chosen !== undefined) panel.showSection(chosen);
    }),
    registerCommand(platform, "flowdeck.tracking.nextRun", async () => panels.goFromActive(1)),
    registerCommand(platform, "flowdeck.tracking.previousRun", async () => panels.goFromActive(-1)),
  ];
}
