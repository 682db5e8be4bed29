import * as vscode from "vscode";
import { filterProblem } from "../../mlflow/filter/parse.ts";
import { execute, registerCommand } from "../platform/commands.ts";
import { focusedRow } from "../platform/focusedRow.ts";
import type { Platform } from "../platform/platform.ts";
import { pickOne } from "../platform/questions.ts";
import type { Stores } from "../stores/stores.ts";
import { findExperiment, pickExperiment } from "./find.ts";
import { countText } from "./format.ts";
import type { Look } from "./look.ts";
import type { ExperimentsTree } from "./tree.ts";

const HISTORY: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("history"), tooltip: "Filters of Before" };

/** Commands about what the Experiments view shows, and those of its keys. */
export function registerViewCommands(
  platform: Platform,
  stores: Stores,
  tree: ExperimentsTree,
  look: Look,
): vscode.Disposable[] {
  return [
    registerCommand(platform, "flowdeck.tracking.filterView", async (given) => {
      const filter = given ?? (await askFilter(look));
      if (filter !== undefined) await look.setFilter(filter.trim() === "" ? undefined : filter.trim());
    }),
    registerCommand(platform, "flowdeck.tracking.clearFilter", () => look.setFilter(undefined)),
    registerCommand(platform, "flowdeck.tracking.clearChecked", async () => tree.clearChecked()),
    registerCommand(platform, "flowdeck.tracking.chooseMetric", async (target) => {
      const chosen = target ?? (await pickExperiment(stores, { placeHolder: "Experiment whose metric is chosen" }));
      if (chosen === undefined) return;
      const { store, experiment } = await findExperiment(stores, chosen);
      const key = { uri: store.uri, experiment_id: experiment.experiment_id };
      const { metrics } = await store.remote.runKeys({ experiment_ids: [key.experiment_id] });
      const now = look.metricOf(key);
      const items: (vscode.QuickPickItem & { metric?: string })[] = [
        { label: "First one logged", description: now === undefined ? "chosen" : "" },
        ...metrics.map(({ key: metric, runs }) => ({
          label: `$(graph-line) ${metric}`,
          description: metric === now ? "chosen" : countText(runs, "run"),
          metric,
        })),
      ];
      const placeHolder = `Metric behind the runs of ${experiment.name}`;
      const item = await pickOne(items, { placeHolder });
      if (item !== undefined) await look.setMetric(key, item.metric);
    }),
    registerCommand(platform, "flowdeck.tracking.renameFocused", async () => {
      const row = await focusedRow(tree.view);
      if (row?.kind === "run") await execute("flowdeck.tracking.renameRun", row);
      if (row?.kind === "experiment") await execute("flowdeck.tracking.renameExperiment", row);
    }),
    registerCommand(platform, "flowdeck.tracking.deleteFocused", async () => {
      const row = await focusedRow(tree.view);
      if (row?.kind === "run") await execute("flowdeck.tracking.deleteRun", row);
      if (row?.kind === "experiment") await execute("flowdeck.tracking.deleteExperiment", row);
    }),
    registerCommand(platform, "flowdeck.tracking.copyFocused", async () => {
      const row = await focusedRow(tree.view);
      if (row?.kind === "run") await execute("flowdeck.tracking.copyRunId", row);
      if (row?.kind === "experiment") await execute("flowdeck.tracking.copyExperimentId", row);
    }),
    registerCommand(platform, "flowdeck.tracking.checkFocused", async () => {
      const row = await focusedRow(tree.view);
      if (row?.kind === "run") tree.check(row);
      else await vscode.commands.executeCommand("list.toggleExpand");
    }),
  ];
}

/** Asks for a filter; the box says where one is wrong, and offers those of before. Empty text: none. */
async function askFilter(look: Look): Promise<string | undefined> {
  const box = vscode.window.createInputBox();
  box.title = "Filter of the Experiments view";
  box.ignoreFocusOut = true;
  box.prompt = "Empty: every run. AND, OR and parentheses join conditions.";
  box.placeholder = "metrics.rmse < 0.6 AND params.model = 'xgboost'";
  box.value = look.filter ?? "";
  box.buttons = look.history.length === 0 ? [] : [HISTORY];
  const check = (): boolean => {
    const problem = box.value.trim() === "" ? undefined : filterProblem("runs", box.value, { extended: true });
    box.validationMessage = problem === undefined ? "" : told(box.value, problem);
    return problem === undefined;
  };
  try {
    return await new Promise<string | undefined>((resolve) => {
      box.onDidChangeValue(check);
      box.onDidAccept(() => check() && resolve(box.value));
      box.onDidHide(() => resolve(undefined));
      box.onDidTriggerButton(() => resolve(pickOne(look.history, { title: "Filters of before" })));
      box.show();
    });
  } finally {
    box.dispose();
  }
}

/** The problem in one line; with its place, which an input box cannot mark, where the words do not name it. */
function told(text: string, { message, start, end }: { message: string; start: number; end: number }): string {
  const [line = ""] = message.split("\n", 1);
  const place = text.slice(start, end).trim();
  return place === "" || line.includes(place) ? line : `At “${place}”: ${line}`;
}
