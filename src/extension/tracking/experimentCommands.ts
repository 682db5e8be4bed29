import * as vscode from "vscode";
import type { Experiment } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { isOwnTag } from "../../protocol/tags.ts";
import { type ExperimentTarget, registerCommand } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { askText, pickOne } from "../platform/questions.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { findExperiment, pickExperiment, pickStore, writable } from "./find.ts";
import { nameProblem, tagKeyProblem } from "./names.ts";
import { openNote } from "./notes/noteFiles.ts";
import { offerUndo } from "./undo.ts";

/** What the commands about experiments ask of the view. */
interface ExperimentsView {
  revealExperiment(uri: string, experiment_id: string): Promise<void>;
}

/** Commands that make and change experiments. Without a target they ask for one. */
export function registerExperimentCommands(
  platform: Platform,
  stores: Stores,
  view: ExperimentsView,
): vscode.Disposable[] {
  /** The experiment that is to be changed; undefined when the person chose none. */
  const changing = async (target: ExperimentTarget | undefined, placeHolder: string) => {
    const chosen = target ?? (await pickExperiment(stores, { placeHolder, writable: true }));
    if (chosen === undefined) return undefined;
    const { store, experiment } = await findExperiment(stores, chosen);
    return { store: writable(store), experiment, experiment_id: experiment.experiment_id };
  };
  const restore = async (uri: string, experiment_id: string): Promise<void> => {
    const { remote } = writable(await stores.get(uri));
    await remote.restoreExperiment({ experiment_id });
  };
  return [
    registerCommand(platform, "flowdeck.tracking.createExperiment", async (target, given) => {
      const uri = target?.uri ?? (await pickStore(stores, "Store of the new experiment"));
      if (uri === undefined) return;
      const store = writable(await stores.get(uri));
      const name = given ?? (await askName(store, "Name of the experiment"));
      if (name === undefined) return;
      const { experiment_id } = await store.remote.createExperiment({ name: name.trim() });
      await view.revealExperiment(uri, experiment_id);
    }),
    registerCommand(platform, "flowdeck.tracking.renameExperiment", async (target) => {
      const one = await changing(target, "Experiment to rename");
      if (one === undefined) return;
      const { store, experiment_id, experiment } = one;
      const new_name = (await askName(store, "Name of the experiment", experiment.name))?.trim();
      if (new_name === undefined || new_name === experiment.name) return;
      await store.remote.updateExperiment({ experiment_id, new_name });
    }),
    registerCommand(platform, "flowdeck.tracking.editExperimentNote", async (target) => {
      const one = await changing(target, "Experiment to describe");
      if (one === undefined) return;
      await openNote({ uri: one.store.uri, of: "experiment", id: one.experiment_id }, `Note of ${one.experiment.name}`);
    }),
    registerCommand(platform, "flowdeck.tracking.setExperimentTag", async (target) => {
      const one = await changing(target, "Experiment to tag");
      if (one === undefined) return;
      const key = await askText({ title: "Key of the tag", validateInput: tagKeyProblem });
      if (key === undefined) return;
      const before = one.experiment.tags.find((tag) => tag.key === key)?.value ?? "";
      const value = await askText({ title: `Value of ${key}`, value: before });
      const { experiment_id } = one;
      if (value !== undefined) await one.store.remote.setExperimentTag({ experiment_id, key, value });
    }),
    registerCommand(platform, "flowdeck.tracking.deleteExperimentTag", async (target) => {
      const one = await changing(target, "Experiment whose tag is removed");
      if (one === undefined) return;
      const { experiment, experiment_id } = one;
      const own = experiment.tags.filter(({ key }) => isOwnTag(key));
      if (own.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${experiment.name} has no tag.`);
      const items = own.map(({ key, value }) => ({ label: key, description: value }));
      const key = (await pickOne(items, { placeHolder: "Tag to remove" }))?.label;
      if (key !== undefined) await one.store.remote.deleteExperimentTag({ experiment_id, key });
    }),
    registerCommand(platform, "flowdeck.tracking.deleteExperiment", async (target) => {
      const one = await changing(target, "Experiment to delete");
      if (one === undefined) return;
      const { store, experiment, experiment_id } = one;
      await store.remote.deleteExperiment({ experiment_id });
      offerUndo(platform, `${experiment.name} and its runs are in the trash.`, () => restore(store.uri, experiment_id));
    }),
    registerCommand(platform, "flowdeck.tracking.restoreExperiment", async (target) => {
      const asked = { placeHolder: "Experiment to restore", writable: true, deleted: true };
      const chosen = target ?? (await pickExperiment(stores, asked));
      if (chosen === undefined) return;
      const { store, experiment } = await findExperiment(stores, chosen);
      await restore(store.uri, experiment.experiment_id);
    }),
    registerCommand(platform, "flowdeck.tracking.copyExperimentId", async (target) => {
      const chosen = target ?? (await pickExperiment(stores, { placeHolder: "Experiment whose id is copied" }));
      if (chosen !== undefined) await vscode.env.clipboard.writeText(chosen.experiment_id);
    }),
  ];
}

/** Asks for a name that no other experiment of the store has; undefined when the person went away. */
async function askName({ remote, name: where }: StoreHandle, title: string, value = ""): Promise<string | undefined> {
  return askText({
    title,
    value,
    validateInput: async (text) => {
      const problem = nameProblem(text);
      const name = text.trim();
      if (problem !== undefined || name === value) return problem;
      const other = await remote.getExperimentByName({ experiment_name: name }).catch(() => undefined);
      return other === undefined ? undefined : taken(other, where);
    },
  });
}

function taken({ name, lifecycle_stage }: Experiment, where: string): string {
  return lifecycle_stage === "deleted"
    ? `${name} is in the trash of ${where}. Restore it there, or choose another name.`
    : `${where} has an experiment of this name. Choose another one.`;
}
