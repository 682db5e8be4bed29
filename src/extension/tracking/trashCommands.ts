import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { Trash } from "../../protocol/trash.ts";
import { registerCommand, type TrashTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { withProgress } from "../platform/progress.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { pickStore, writable } from "./find.ts";
import { goingText, goneText, keptText } from "./purgeText.ts";

/** What is to be removed for good, and the name by which the person agrees. */
interface Chosen {
  experiment_ids: string[];
  run_ids: string[];
  name: string;
}

/** Removing what was deleted for good. */
export function registerTrashCommands(platform: Platform, stores: Stores): vscode.Disposable {
  return registerCommand(platform, "flowdeck.tracking.purge", async (target) => {
    const uri = target?.uri ?? (await pickStore(stores, "Store whose trash is emptied"));
    if (uri === undefined) return;
    const store = writable(await stores.get(uri));
    const trash = await withProgress("Flowdeck: reading the trash…", (signal) => store.remote.trash({}, signal));
    const chosen = target === undefined ? await pickTrashed(trash, store) : chosenBy(target, trash, store);
    if (chosen === undefined || !(await isAgreed(store, chosen))) return;
    const { experiment_ids, run_ids } = chosen;
    const query = { experiment_ids, run_ids, dry_run: false };
    const gone = await withProgress(`Flowdeck: removing ${chosen.name}…`, () => store.remote.purge(query));
    platform.log.info(`removed for good from ${uri}: ${JSON.stringify({ ...query, ...gone })}`);
    vscode.window.setStatusBarMessage(`Flowdeck: ${goneText(gone)}`, 8_000);
  });
}

/** A trash row means all of it; one that was restored meanwhile is none any more. */
function chosenBy({ experiment_id, run_id }: TrashTarget, trash: Trash, store: StoreHandle): Chosen {
  if (experiment_id === undefined && run_id === undefined) return everything(trash, store);
  const experiment = trash.experiments.find((one) => one.experiment_id === experiment_id);
  if (experiment !== undefined)
    return { experiment_ids: [experiment.experiment_id], run_ids: [], name: experiment.name };
  const run = trash.runs.find((one) => one.run_id === run_id);
  if (run !== undefined) return { experiment_ids: [], run_ids: [run.run_id], name: run.run_name || run.run_id };
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "It is not in the trash any more.");
}

function everything({ experiments, runs }: Trash, { name }: StoreHandle): Chosen {
  if (experiments.length + runs.length === 0) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `The trash of ${name} is empty.`);
  }
  return {
    experiment_ids: experiments.map(({ experiment_id }) => experiment_id),
    run_ids: runs.map(({ run_id }) => run_id),
    name,
  };
}

async function pickTrashed(trash: Trash, store: StoreHandle): Promise<Chosen | undefined> {
  const all = everything(trash, store);
  const items: (vscode.QuickPickItem & { chosen: Chosen })[] = [
    { label: "$(trash) All of it", description: store.name, chosen: all },
    ...trash.experiments.map(({ experiment_id, name }) => {
      return { label: `$(beaker) ${name}`, chosen: { experiment_ids: [experiment_id], run_ids: [], name } };
    }),
    ...trash.runs.map(({ run_id, run_name, experiment_name }) => {
      const chosen = { experiment_ids: [], run_ids: [run_id], name: run_name || run_id };
      return { label: run_name || run_id, description: experiment_name, chosen };
    }),
  ];
  const options = { placeHolder: "What is removed for good", matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.chosen;
}

/** Shows what would go, then asks for the name of it: nothing brings it back. */
async function isAgreed(store: StoreHandle, { experiment_ids, run_ids, name }: Chosen): Promise<boolean> {
  const dry = { experiment_ids, run_ids, dry_run: true };
  const going = await withProgress("Flowdeck: looking what would go…", (signal) => store.remote.purge(dry, signal));
  const detail = [goingText(going), keptText(going), "Nothing brings them back."].filter(Boolean).join("\n\n");
  const all = name === store.name;
  const question = all ? `Empty the trash of ${name}?` : `Remove ${name} for good?`;
  const go = "Purge…";
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, go)) !== go) return false;
  const typed = await vscode.window.showInputBox({
    title: `Purge ${name}`,
    prompt: `${goingText(going)} Type ${name} to agree.`,
    placeHolder: name,
    // Nothing is said before the first letter.
    validateInput: (text) => (text === "" || text === name ? undefined : `Type ${name} to agree.`),
  });
  return typed === name;
}
