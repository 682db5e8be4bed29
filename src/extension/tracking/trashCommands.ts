import * as vscode from "vscode";
import type { Trash } from "../../protocol/trash.ts";
import { registerCommand } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { withProgress } from "../platform/progress.ts";
import { askText, pickOne } from "../platform/questions.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { pickStore, writable } from "./find.ts";
import { type Chosen, chosenBy, everything, oneExperiment, oneModel, oneRun, questionText } from "./purgeChoice.ts";
import { goingText, goneText, keptText } from "./purgeText.ts";

/** Removing what was deleted for good. */
export function registerTrashCommands(platform: Platform, stores: Stores): vscode.Disposable {
  return registerCommand(platform, "flowdeck.tracking.purge", async (target) => {
    const uri = target?.uri ?? (await pickStore(stores, "Store whose trash is emptied"));
    if (uri === undefined) return;
    const store = writable(await stores.get(uri));
    const trash = await withProgress("Flowdeck: reading the trash…", (signal) => store.remote.trash({}, signal));
    const chosen = target === undefined ? await pickTrashed(trash, store) : chosenBy(target, trash, store.name);
    if (chosen === undefined || !(await isAgreed(store, chosen))) return;
    const { experiment_ids, run_ids, model_ids } = chosen;
    const query = { experiment_ids, run_ids, model_ids, dry_run: false };
    const gone = await withProgress(`Flowdeck: removing ${chosen.name}…`, () => store.remote.purge(query), {
      cancellable: false,
    });
    platform.log.info(`removed for good from ${uri}: ${JSON.stringify({ ...query, ...gone })}`);
    vscode.window.setStatusBarMessage(`Flowdeck: ${goneText(gone)}`, 8_000);
  });
}

async function pickTrashed(trash: Trash, store: StoreHandle): Promise<Chosen | undefined> {
  const all = everything(trash, store.name);
  const items: (vscode.QuickPickItem & { chosen: Chosen })[] = [
    { label: "$(trash) All of it", description: store.name, chosen: all },
    ...trash.experiments.map((one) => ({ label: `$(beaker) ${one.name}`, chosen: oneExperiment(one) })),
    ...trash.runs.map((one) => {
      const chosen = oneRun(one);
      return { label: chosen.name, description: one.experiment_name, chosen };
    }),
    ...trash.models.map((one) => {
      const chosen = oneModel(one);
      return { label: `$(package) ${chosen.name}`, description: one.experiment_name, chosen };
    }),
  ];
  const options = { placeHolder: "What is removed for good", matchOnDescription: true };
  return (await pickOne(items, options))?.chosen;
}

/** Shows what would go, then asks for the name of it: nothing brings it back. */
async function isAgreed(store: StoreHandle, chosen: Chosen): Promise<boolean> {
  const { experiment_ids, run_ids, model_ids, name } = chosen;
  const dry = { experiment_ids, run_ids, model_ids, dry_run: true };
  const going = await withProgress("Flowdeck: looking what would go…", (signal) => store.remote.purge(dry, signal));
  const detail = [goingText(going), keptText(going), "Nothing brings them back."].filter(Boolean).join("\n\n");
  const go = "Purge…";
  if ((await vscode.window.showWarningMessage(questionText(chosen), { modal: true, detail }, go)) !== go) return false;
  const typed = await askText({
    title: `Purge ${name}`,
    prompt: `${goingText(going)} Type ${name} to agree.`,
    placeHolder: name,
    // Nothing is said before the first letter.
    validateInput: (text) => (text === "" || text === name ? undefined : `Type ${name} to agree.`),
  });
  return typed === name;
}
