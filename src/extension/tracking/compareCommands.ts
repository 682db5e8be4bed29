import type * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { type ComparedKey, MOST_COMPARED } from "../../protocol/panels/compare.ts";
import { registerCommand, type RunTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { pickOne } from "../platform/questions.ts";
import type { Stores } from "../stores/stores.ts";
import { openAsDiff } from "./compare/openDiff.ts";
import { findRun, pickRuns } from "./find.ts";
import { textOf } from "./panels/compare.ts";
import type { ComparePanels } from "./panels/comparePanels.ts";

export interface CompareCommandParts {
  stores: Stores;
  panels: ComparePanels;
  /** Runs that are checked in the Experiments view. */
  checkedRuns(): ComparedKey[];
}

/** Commands that compare runs, and those of the Compare panel in front. */
export function registerCompareCommands(platform: Platform, parts: CompareCommandParts): vscode.Disposable[] {
  const { stores, panels } = parts;
  const front = () => {
    if (panels.active === undefined) throw new MlflowError("INVALID_STATE", "No comparison of runs is in front.");
    return panels.active;
  };
  /** One of the compared runs; undefined when the person chose none. */
  const pickCompared = async (placeHolder: string, but?: ComparedKey) => {
    const items = front()
      .runs.filter((run) => but === undefined || textOf(run) !== textOf(but))
      .map((run) => ({ label: run.run_name, detail: run.run_id, run }));
    if (items.length === 0)
      throw new MlflowError("INVALID_STATE", "This takes two runs; add another to the comparison.");
    const options = { placeHolder, matchOnDetail: true };
    return items.length === 1 && but !== undefined ? items[0]?.run : (await pickOne(items, options))?.run;
  };
  return [
    registerCommand(platform, "flowdeck.tracking.compareRuns", async (target, selected) => {
      const given = selected ?? (Array.isArray(target) ? target : undefined);
      const checked = parts.checkedRuns();
      const chosen =
        given !== undefined && given.length > 1
          ? given
          : checked.length > 1 && given === undefined
            ? checked
            : await pickRuns(stores, "Runs to compare", listOf(target));
      if (chosen === undefined) return;
      panels.compare(await keysOf(stores, chosen));
    }),
    registerCommand(platform, "flowdeck.tracking.addComparedRuns", async () => {
      const panel = front();
      const { runs } = panel.subject;
      const chosen = await pickRuns(stores, "Runs to add", [], new Set(runs.map(textOf)));
      if (chosen === undefined) return;
      panel.become(await keysOf(stores, [...runs, ...chosen]));
    }),
    registerCommand(platform, "flowdeck.tracking.removeComparedRun", async (target) => {
      const chosen = target ?? (await pickCompared("Run to take out of the comparison"));
      const panel = front();
      if (chosen !== undefined) panel.remove(await keysOf(stores, [chosen]));
    }),
    registerCommand(platform, "flowdeck.tracking.chooseComparisonBaseline", async () => {
      const panel = front();
      const chosen = await pickCompared("Run that the others are compared with");
      if (chosen !== undefined) panel.setBaseline(chosen);
    }),
    registerCommand(platform, "flowdeck.tracking.showDifferencesOnly", async () => front().act("differences")),
    registerCommand(platform, "flowdeck.tracking.filterToBrushed", async () => front().act("filterTable")),
    registerCommand(platform, "flowdeck.tracking.copyComparison", async () => {
      const items = [
        { label: "Markdown", action: "markdown" },
        { label: "CSV", action: "csv" },
      ] as const;
      const panel = front();
      const chosen = await pickOne(items, { placeHolder: "Copy the table as" });
      if (chosen !== undefined) panel.act(chosen.action);
    }),
    registerCommand(platform, "flowdeck.tracking.openAsDiff", async (left, right, part) => {
      // The panel knows its baseline: it asks again with it.
      if (left === undefined && panels.active !== undefined) return panels.active.act("openAsDiff");
      const both =
        left !== undefined && right === undefined && panels.active !== undefined
          ? [left, await pickCompared("Run that stands at the right", { uri: "", ...left })]
          : left === undefined || right === undefined
            ? ((await pickRuns(stores, "Two runs to set side by side", left === undefined ? [] : [left])) ?? [])
            : [left, right];
      const [first, second] = both;
      if (first === undefined || second === undefined) return;
      await openAsDiff(await findRun(stores, first), await findRun(stores, second), part);
    }),
  ];
}

function listOf(target: RunTarget | RunTarget[] | undefined): RunTarget[] {
  if (target === undefined) return [];
  return Array.isArray(target) ? target : [target];
}

/** Every run once, with its store. */
async function keysOf(stores: Stores, targets: readonly RunTarget[]): Promise<ComparedKey[]> {
  const keys = new Map<string, ComparedKey>();
  for (const target of targets) {
    const uri = target.uri ?? (await findRun(stores, target)).store.uri;
    const key = { uri, run_id: target.run_id };
    keys.set(textOf(key), key);
  }
  if (keys.size > MOST_COMPARED) {
    const message = `A comparison has at most ${MOST_COMPARED} runs, and ${keys.size} were chosen; choose fewer.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  return [...keys.values()];
}
