import * as vscode from "vscode";
import type { DiffPart } from "../../protocol/panels/compare.ts";
import type { ShownFirst } from "../../protocol/panels/experiment.ts";
import type { SweepForm } from "../projects/sweepValues.ts";
import { isLostRow, rowIsReadAnew, withMenuRow } from "./menuRow.ts";
import type { Platform, Remedy } from "./platform.ts";
import { ROW_MENUS } from "./rowMenus.ts";
import { isNotMeant } from "./viewTitles.ts";

/** Names a run; a tree row is one, and so are the arguments of links. */
export interface RunTarget {
  /** The store; absent: looked for in all. */
  uri?: string;
  run_id: string;
}

/** Names a store; a tree row is one. */
export interface StoreTarget {
  uri: string;
}

export interface ExperimentTarget {
  uri?: string;
  experiment_id: string;
}

/** Names a registered model; a row of the Models view is one. */
export interface ModelTarget {
  uri: string;
  name: string;
}

/** Names a version of a registered model; a row of the Models view is one. */
export interface VersionTarget extends ModelTarget {
  version: string;
}

/** A registered model, or one of its versions. */
export type ModelOrVersion = ModelTarget & { version?: string };

/** What a version is promoted to. `seen`: the version that has it, where the differences from that one are on screen already. */
export type Promotion = ({ alias: string } | { stage: string }) & { seen?: string };

/** Names a logged model. */
export interface LoggedModelTarget {
  uri: string;
  model_id: string;
}

/** Names what was deleted: all of a store without ids. */
export interface TrashTarget {
  uri: string;
  experiment_id?: string;
  run_id?: string;
  /** Of a logged model. */
  model_id?: string;
}

/** Names an entry point; a tree row is one. */
export interface EntryPointTarget {
  /** Of the MLproject file. */
  uri: string;
  entry_point: string;
}

/** Names a project that is fetched; what is absent is asked for. */
export interface GitTarget {
  uri?: string;
  version?: string;
  entry_point?: string;
  values?: Record<string, string>;
  experiment_name?: string;
  /** It is not looked at before it runs: git may have to ask for a password, in the run's terminal. */
  unseen?: boolean;
}

/** Names a model to serve; a tree row is one. A registered model without version or alias is asked for one. */
export interface ServeArgument {
  uri?: string;
  name?: string;
  version?: string;
  alias?: string;
  /** `models:/…`, `runs:/…`. */
  model_uri?: string;
  model_id?: string;
  /** A folder among the artifacts of a run. */
  run_id?: string;
  path?: string;
}

/** Names a scoring server; a tree row is one. */
export interface ServerTarget {
  id?: string;
}

/** `target`: an entry point, or an MLproject file as text (a lens) or URI (an editor's title). */
export type RunArguments = [
  target?: EntryPointTarget | vscode.Uri | string,
  entryPoint?: string,
  values?: Record<string, string>,
  /** Stands in the form at first. */
  experiment_name?: string,
];

/** Every command with its arguments. package.json titles those a person can choose. */
export interface Commands {
  "flowdeck.stores.choose": [];
  /** Shows one more store beside those of the folders. */
  "flowdeck.stores.add": [place?: vscode.Uri];
  "flowdeck.stores.remove": [target?: StoreTarget];
  "flowdeck.stores.upgrade": [];
  "flowdeck.server.start": [];
  "flowdeck.tracking.openExperiment": [target?: ExperimentTarget & ShownFirst];
  "flowdeck.tracking.openRun": [target?: RunTarget];
  "flowdeck.tracking.createExperiment": [target?: StoreTarget, name?: string];
  "flowdeck.tracking.renameExperiment": [target?: ExperimentTarget];
  /** Its Markdown note, in an editor. */
  "flowdeck.tracking.editExperimentNote": [target?: ExperimentTarget];
  "flowdeck.tracking.setExperimentTag": [target?: ExperimentTarget];
  "flowdeck.tracking.deleteExperimentTag": [target?: ExperimentTarget];
  "flowdeck.tracking.deleteExperiment": [target?: ExperimentTarget];
  "flowdeck.tracking.restoreExperiment": [target?: ExperimentTarget];
  /** Removes what was deleted for good. */
  "flowdeck.tracking.purge": [target?: TrashTarget];
  "flowdeck.tracking.copyExperimentId": [target?: ExperimentTarget];
  /** The metric that stands behind the runs of an experiment in the Experiments view. */
  "flowdeck.tracking.chooseMetric": [target?: ExperimentTarget];
  /** Of the Experiments view; empty text: none. */
  "flowdeck.tracking.filterView": [filter?: string];
  "flowdeck.tracking.clearFilter": [];
  "flowdeck.tracking.clearChecked": [];
  /** The row of the Experiments view that the keyboard is on. */
  "flowdeck.tracking.renameFocused": [];
  "flowdeck.tracking.deleteFocused": [];
  "flowdeck.tracking.copyFocused": [];
  "flowdeck.tracking.checkFocused": [];
  /** Opens the selected row of the Experiments view. */
  "flowdeck.tracking.openSelected": [];
  "flowdeck.tracking.copyRunId": [target?: RunTarget];
  "flowdeck.tracking.refresh": [];
  /** `run_name`: given where it was typed in place. */
  "flowdeck.tracking.renameRun": [target?: RunTarget, run_name?: string];
  "flowdeck.tracking.deleteRun": [target?: RunTarget];
  "flowdeck.tracking.restoreRun": [target?: RunTarget];
  "flowdeck.tracking.stopRun": [target?: RunTarget];
  /** Ends a run that says it is running although no process is at work on it. */
  "flowdeck.tracking.markFailed": [target?: RunTarget];
  "flowdeck.tracking.markKilled": [target?: RunTarget];
  /** Runs the entry point of a run once more, its parameters filled in. */
  "flowdeck.tracking.repeatRun": [target?: RunTarget];
  "flowdeck.tracking.editNote": [target?: RunTarget];
  "flowdeck.tracking.setRunTag": [target?: RunTarget, key?: string];
  "flowdeck.tracking.deleteRunTag": [target?: RunTarget, key?: string];
  "flowdeck.tracking.openSource": [target?: RunTarget];
  "flowdeck.tracking.checkOutCommit": [target?: RunTarget];
  "flowdeck.tracking.chooseBaseline": [target?: RunTarget];
  "flowdeck.tracking.setMetricDirection": [metric_key?: string];
  "flowdeck.tracking.clearBaseline": [target?: RunTarget];
  /** An artifact in the editor that VS Code has for it; without `path` it is asked for. */
  "flowdeck.tracking.openArtifact": [target?: RunTarget & { path?: string }];
  /** An artifact beside the same one of another run, in the diff editor. */
  "flowdeck.tracking.compareArtifact": [target?: RunTarget & { path?: string }];
  "flowdeck.tracking.saveArtifact": [target?: RunTarget & { path?: string }];
  /** A tree gives the clicked row and all selected ones; without two runs, the checked ones are meant, or it asks. */
  "flowdeck.tracking.compareRuns": [targets?: RunTarget | RunTarget[], selected?: RunTarget[]];
  /** Of the Compare panel in front, as are the next ones. */
  "flowdeck.tracking.addComparedRuns": [];
  "flowdeck.tracking.removeComparedRun": [target?: RunTarget];
  "flowdeck.tracking.chooseComparisonBaseline": [];
  "flowdeck.tracking.showDifferencesOnly": [];
  "flowdeck.tracking.filterToBrushed": [];
  "flowdeck.tracking.copyComparison": [];
  /** Two runs in the native diff editor; what is absent is asked for. */
  "flowdeck.tracking.openAsDiff": [left?: RunTarget, right?: RunTarget, part?: DiffPart];
  /** Of the Run panel in front. */
  "flowdeck.tracking.showRunSection": [section?: string];
  "flowdeck.tracking.nextRun": [];
  "flowdeck.tracking.previousRun": [];
  // Of the chart that has, or last had, the focus in the Experiment panel in front.
  "flowdeck.tracking.addChart": [];
  "flowdeck.tracking.editChart": [];
  "flowdeck.tracking.removeChart": [];
  "flowdeck.tracking.restoreCharts": [];
  "flowdeck.tracking.chartFullSize": [];
  "flowdeck.tracking.resetChartZoom": [];
  "flowdeck.tracking.chartLogX": [];
  "flowdeck.tracking.chartLogY": [];
  "flowdeck.tracking.chartIgnoreOutliers": [];
  "flowdeck.tracking.moveChartBefore": [];
  "flowdeck.tracking.moveChartAfter": [];
  "flowdeck.tracking.showChartAsTable": [];
  "flowdeck.tracking.exportChartPng": [];
  "flowdeck.tracking.exportChartSvg": [];
  "flowdeck.tracking.exportChartCsv": [];
  "flowdeck.tracking.clearBrush": [];
  // Of the runs table in front.
  "flowdeck.tracking.filterRuns": [];
  "flowdeck.tracking.clearRunFilter": [];
  "flowdeck.tracking.chooseColumns": [];
  "flowdeck.tracking.showVaryingColumns": [];
  "flowdeck.tracking.groupRuns": [];
  "flowdeck.tracking.nestRuns": [];
  "flowdeck.tracking.showDeletedRuns": [];
  "flowdeck.tracking.showHiddenRuns": [];
  "flowdeck.tracking.checkAllRuns": [];
  "flowdeck.tracking.uncheckAllRuns": [];
  "flowdeck.tracking.renameCheckedRuns": [];
  "flowdeck.tracking.tagCheckedRuns": [];
  "flowdeck.tracking.deleteCheckedRuns": [];
  "flowdeck.tracking.restoreCheckedRuns": [];
  "flowdeck.tracking.copyCheckedRunIds": [];
  "flowdeck.tracking.pinCheckedRuns": [];
  "flowdeck.tracking.hideCheckedRuns": [];
  "flowdeck.tracking.starCheckedRuns": [];
  "flowdeck.tracking.drawCheckedRuns": [];
  "flowdeck.tracking.makeBaseline": [];
  "flowdeck.tracking.saveView": [];
  "flowdeck.tracking.openView": [];
  "flowdeck.tracking.saveViewToRepository": [];
  "flowdeck.tracking.exportRunsCsv": [];
  "flowdeck.tracking.exportRunsJson": [];
  "flowdeck.tracking.copySearchRuns": [];
  "flowdeck.tracking.copyPandas": [];
  "flowdeck.tracking.showTableKeys": [];
  "flowdeck.models.create": [target?: StoreTarget, name?: string];
  "flowdeck.models.rename": [target?: ModelTarget, name?: string];
  /** The Markdown description of a registered model or of a version, in an editor. */
  "flowdeck.models.describe": [target?: ModelOrVersion];
  "flowdeck.models.setTag": [target?: ModelOrVersion, key?: string];
  "flowdeck.models.deleteTag": [target?: ModelOrVersion, key?: string];
  "flowdeck.models.deleteModel": [target?: ModelTarget];
  "flowdeck.models.deleteVersion": [target?: VersionTarget];
  /** Sets an alias, or moves it from the version that has it. Of a model alone, here and below, the version is asked for. */
  "flowdeck.models.setAlias": [target?: VersionTarget, alias?: string];
  "flowdeck.models.removeAlias": [target?: VersionTarget, alias?: string];
  "flowdeck.models.setStage": [target?: VersionTarget, stage?: string];
  /** Gives a version an alias or a stage, after showing how it differs from the version that has it. */
  "flowdeck.models.promote": [target?: VersionTarget, to?: Promotion];
  /** `path`: the folder of the run's artifacts, or the name of its logged model; `name`: of the registered model. */
  "flowdeck.models.registerRun": [target?: RunTarget & { path?: string }, name?: string];
  "flowdeck.models.registerLoggedModel": [target?: LoggedModelTarget, name?: string];
  /** `source`: `runs:/…`, `models:/…` or the place of a model's files. */
  "flowdeck.models.registerUri": [target?: StoreTarget, source?: string, name?: string];
  /** `name`: of the registered model that gets the copy. */
  "flowdeck.models.copyVersion": [target?: VersionTarget, name?: string];
  /** The run that a version came from. */
  "flowdeck.models.openRun": [target?: VersionTarget];
  /** The MLmodel files of two versions of a model, in the native diff editor. */
  "flowdeck.models.openAsDiff": [left?: VersionTarget, right?: ModelOrVersion];
  /** `models:/name/version`. */
  "flowdeck.models.copyUri": [target?: VersionTarget];
  "flowdeck.models.copyName": [target?: ModelTarget];
  /** Of the Models view; empty text: none. */
  "flowdeck.models.filterView": [filter?: string];
  "flowdeck.models.clearFilter": [];
  /** The row of the Models view that the keyboard is on. */
  "flowdeck.models.renameFocused": [];
  "flowdeck.models.deleteFocused": [];
  "flowdeck.models.copyFocused": [];
  "flowdeck.models.refresh": [];
  /** The Model panel in front does these, or says why not. */
  "flowdeck.models.filterVersions": [];
  "flowdeck.models.compareChecked": [];
  "flowdeck.models.showDifferencesOnly": [];
  "flowdeck.models.openFilesAsDiff": [];
  "flowdeck.models.closeComparison": [];
  "flowdeck.models.showKeys": [];
  /** A registered model, with one of its versions in front; without a target it asks. */
  "flowdeck.models.openModel": [target?: ModelOrVersion];
  /** The logged models of an experiment. */
  "flowdeck.models.showLoggedModels": [target?: ExperimentTarget];
  /** A logged model, among those of its experiment. */
  "flowdeck.models.openLoggedModel": [target?: LoggedModelTarget];
  /** What a `runs:/…` or `models:/…` URI names: a run, its artifact, a version, a logged model. */
  "flowdeck.models.openUri": [uri?: string];
  "flowdeck.models.deleteLoggedModel": [target?: LoggedModelTarget];
  /** Opens what the selected row of the Models view is. */
  "flowdeck.models.openSelected": [];
  /** Serves a model as it was served last, or as the settings say; gives the server's id. */
  "flowdeck.serving.serve": [target?: ServeArgument];
  /** Asks how first. */
  "flowdeck.serving.serveWith": [target?: ServeArgument];
  /** Opens Predict for the selected server of the Serving view, its log where it does not answer. */
  "flowdeck.serving.openSelected": [];
  "flowdeck.serving.stop": [target?: ServerTarget];
  "flowdeck.serving.stopAll": [];
  /** Takes one that failed off the list. */
  "flowdeck.serving.remove": [target?: ServerTarget];
  "flowdeck.serving.restart": [target?: ServerTarget];
  /** It goes on when its window closes, or ends with it. */
  "flowdeck.serving.keepRunning": [target?: ServerTarget];
  "flowdeck.serving.stopWithWindow": [target?: ServerTarget];
  "flowdeck.serving.showLog": [target?: ServerTarget];
  "flowdeck.serving.copyUrl": [target?: ServerTarget];
  "flowdeck.serving.copyCurl": [target?: ServerTarget];
  /** Asks a model that is served, in the Predict panel. */
  "flowdeck.serving.predict": [target?: ServerTarget];
  /** Asks a server about all rows of a file, in parts. */
  "flowdeck.serving.predictFile": [target?: ServerTarget];
  /** Builds a Docker image that serves a model, in a terminal. */
  "flowdeck.serving.buildImage": [target?: ServeArgument];
  /** Runs with `values` and the defaults of the others; asks for those that have neither. */
  "flowdeck.projects.run": RunArguments;
  /** Shows all parameters first; `values` stand there instead of those of the last time. */
  "flowdeck.projects.runWith": RunArguments;
  /** As `run`, under the debugger of the editor. */
  "flowdeck.projects.debug": RunArguments;
  /** Runs an entry point by Python's `mlflow run` on kubernetes, Databricks or another backend. */
  "flowdeck.projects.runElsewhere": RunArguments;
  /** Runs an entry point once for each of several values, under one run. */
  "flowdeck.projects.sweep": [target?: RunArguments[0], entryPoint?: string, form?: SweepForm];
  /** Runs the workflow of a file: the one given, the one that is open, or one that is picked. */
  "flowdeck.projects.runWorkflow": [target?: vscode.Uri | { file: vscode.Uri }, values?: Record<string, string>];
  /** Goes on with a workflow or a sweep that did not finish; `from`: that step runs again, with all behind it. */
  "flowdeck.projects.resume": [target?: RunTarget & { from?: string }];
  /** The graph of a workflow's run, or of the runs that a script started; of a workflow file the latest run. */
  "flowdeck.projects.openWorkflow": [target?: RunTarget | vscode.Uri];
  /** Runs with the values that were saved under a name. */
  "flowdeck.projects.runPreset": [];
  /** Fetches a project and runs an entry point of it. */
  "flowdeck.projects.runFromGit": [target?: GitTarget];
  /** Runs another version of a project of the workspace, in a worktree. */
  "flowdeck.projects.runVersion": RunArguments;
  "flowdeck.projects.openFile": [target: EntryPointTarget];
  /** Opens what the selected row of the Projects view is. */
  "flowdeck.projects.openSelected": [];
  /** What a run of a project printed: its terminal, else what was kept of it. */
  "flowdeck.projects.showRunLog": [target?: RunTarget];
  /** The runs of a sweep in their order, in the Projects view. */
  "flowdeck.projects.showSweepQueue": [target?: RunTarget];
  "flowdeck.projects.refresh": [];
  "flowdeck.projects.selectInterpreter": [];
  /** Writes an MLproject for a Python script: the one that is open, or the one of the menu. */
  "flowdeck.projects.create": [script?: vscode.Uri];
  "flowdeck.platform.showLog": [];
  "flowdeck.platform.measure": [];
}

export type CommandName = keyof Commands;

/** Registers the body of a command; what it throws becomes one sentence, with the button that `remedy` chooses for it. */
export function registerCommand<N extends CommandName>(
  platform: Platform,
  name: N,
  body: (...args: Commands[N]) => Promise<unknown>,
  remedy?: (error: unknown) => Remedy | undefined,
): vscode.Disposable {
  return vscode.commands.registerCommand(name, async (...args: Commands[N]) => {
    try {
      // The border: what stands in a title asks for all that it was not given.
      if (isNotMeant(name, args[0])) return await body(...([] as unknown[] as Commands[N]));
      return await body(...(await withRowOf(platform, name, args)));
    } catch (error) {
      platform.report(error, remedy?.(error));
      return undefined;
    }
  });
}

/** What was given from the menu of a row, whose row may be lost: see `withMenuRow`. */
async function withRowOf<Arguments extends unknown[]>(
  platform: Platform,
  name: CommandName,
  given: Arguments,
): Promise<Arguments> {
  const kinds = ROW_MENUS.get(name);
  if (kinds === undefined || !isLostRow(given)) return given;
  if (kinds.length === 0) throw rowIsReadAnew();
  return withMenuRow(platform.rowViews, given, ({ kind }) => kinds.includes(kind));
}

/** A command for a tree item, a status bar item or a link. */
export function commandOf<N extends CommandName>(command: N, title: string, ...args: Commands[N]): vscode.Command {
  return { command, title, arguments: args };
}

export function execute<N extends CommandName>(command: N, ...args: Commands[N]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...args);
}
