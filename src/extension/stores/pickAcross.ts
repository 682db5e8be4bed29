import type * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { execute } from "../platform/commands.ts";
import { sentenceOf } from "../platform/platform.ts";
import { pickOne } from "../platform/questions.ts";
import { type Failed, placeText, readAcross, remedyOf, type StoreRemedy } from "./readAcross.ts";
import type { StoreHandle } from "./stores.ts";

/** What may help, as rows and lists say it. */
export const REMEDY_TITLES: Record<StoreRemedy, string> = {
  again: "Try Again",
  choose: "Choose Another Store…",
  remove: "Remove Store from View",
};

export interface PickAcross extends vscode.QuickPickOptions {
  /** Said where no store has any. */
  none: string;
  /** The only one there is is taken without a question. */
  takesOnly?: boolean;
}

/**
 * Asks for one of what the stores have; undefined when the person chose none. A store that cannot be read is a line of its own.
 * `read` is told how the store is called among the others.
 */
export async function pickAcross<T extends vscode.QuickPickItem>(
  stores: readonly StoreHandle[],
  read: (store: StoreHandle, place: string) => Promise<readonly T[]>,
  { none, takesOnly = false, ...options }: PickAcross,
): Promise<T | undefined> {
  const { found, failed } = await readAcross(stores, (store) => read(store, placeText(store, stores)));
  const lines = failed.map((one) => lineOf(one, placeText(one.store, stores)));
  if (found.length + lines.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", none);
  if (takesOnly && found.length === 1 && lines.length === 0) return found[0];
  const chosen = await pickOne<T | FailedLine>([...found, ...lines], options);
  if (chosen === undefined || !("failed" in chosen)) return chosen;
  const { store } = chosen.failed;
  const remedy = remedyOf(chosen.failed);
  switch (remedy) {
    case "again":
      return pickAcross(stores, read, { none, takesOnly, ...options });
    case "choose":
      await execute("flowdeck.stores.choose");
      return undefined;
    case "remove":
      await execute("flowdeck.stores.remove", store);
      return undefined;
    default:
      return remedy satisfies never;
  }
}

interface FailedLine extends vscode.QuickPickItem {
  failed: Failed;
}

function lineOf(failed: Failed, place: string): FailedLine {
  return {
    label: `$(warning) ${place} cannot be read`,
    description: REMEDY_TITLES[remedyOf(failed)],
    detail: sentenceOf(failed.error),
    alwaysShow: true,
    failed,
  };
}
