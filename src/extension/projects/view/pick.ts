import type * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { RunTarget } from "../../platform/commands.ts";
import { pickOne } from "../../platform/questions.ts";
import type { LatestRuns } from "./latestRuns.ts";
import { describeRun, nameOf, type ShownRun } from "./runTexts.ts";

/** What is asked for in a list of runs of projects. */
export interface AskedRun {
  placeHolder: string;
  /** Said when there is none. */
  none: string;
  /** One alone is taken unasked. */
  takeOnly?: boolean;
  fits(shown: ShownRun): boolean;
}

/** Asks for a run of a project; undefined when the person chose none. @throws MlflowError when none fits. */
export async function pickProjectRun(latest: LatestRuns, asked: AskedRun): Promise<RunTarget | undefined> {
  const items = latest
    .all()
    .filter(({ shown }) => asked.fits(shown))
    .map(({ known, shown }): vscode.QuickPickItem & RunTarget => ({
      label: nameOf(shown),
      description: describeRun(shown, Date.now()),
      detail: shown.run.info.run_name,
      uri: known.store.uri,
      run_id: shown.run.info.run_id,
    }));
  const [only] = items;
  if (only === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", asked.none);
  if (items.length === 1 && asked.takeOnly === true) return only;
  return pickOne(items, { placeHolder: asked.placeHolder, matchOnDescription: true, matchOnDetail: true });
}

export function pickStoppable(latest: LatestRuns): Promise<RunTarget | undefined> {
  return pickProjectRun(latest, {
    placeHolder: "Run to stop",
    none: "No run that this machine could stop is running.",
    fits: (shown) => latest.isStoppable(shown),
  });
}
