import * as vscode from "vscode";
import type { StoreChange } from "../../../protocol/changes.ts";
import type {
  ChartAction,
  ExperimentHost,
  ExperimentSubject,
  ExperimentView,
} from "../../../protocol/panels/experiment.ts";
import type { RunRowsQuery } from "../../../protocol/runs.ts";
import { execute } from "../../platform/commands.ts";
import type { Platform } from "../../platform/platform.ts";
import { Panel, type PanelKind } from "../../panels/panel.ts";
import type { OpenStore } from "../../stores/stores.ts";
import { experimentTabIcon } from "../icons.ts";
import { readImage } from "./readImage.ts";
import { saveFile } from "./saveFile.ts";

export const EXPERIMENT_PANEL: PanelKind = { type: "flowdeck.experiment", page: "experiment" };

/** One experiment: its runs table and charts. */
export class ExperimentPanel extends Panel<ExperimentView> {
  readonly subject: ExperimentSubject;
  /** The rows that the table shows. */
  rows: RunRowsQuery | undefined;
  /** What the page is to be told once it runs. */
  #filter: string | undefined;

  constructor(
    platform: Platform,
    panel: vscode.WebviewPanel,
    subject: ExperimentSubject,
    store: OpenStore,
    filter?: string,
  ) {
    super(platform, EXPERIMENT_PANEL, panel, subject);
    this.subject = subject;
    this.#filter = filter;
    const icon = experimentTabIcon(platform.context.extensionUri);
    this.name(panel.title, icon);
    const shown = (rows: RunRowsQuery) => {
      this.rows = rows;
    };
    const booted = (title: string) => {
      this.name(title, icon);
      this.#tellFilter();
    };
    this.serve(experimentHost(store, subject, booted, shown));
  }

  /** Filters the table; a page that is hidden is told when it is shown. */
  filter(filter: string): void {
    this.#filter = filter;
    if (this.visible) this.#tellFilter();
  }

  #tellFilter(): void {
    if (this.#filter === undefined) return;
    this.view.applyFilter({ filter: this.#filter });
    this.#filter = undefined;
  }

  storeChanged(change: StoreChange): void {
    const { experiment_id } = this.subject;
    if (change.everything || change.experiment_ids.includes(experiment_id)) this.view.storeChanged(change);
  }

  actOnChart(action: ChartAction): void {
    this.view.actOnChart({ action });
  }

  /** Draws a run as hovered; undefined = none. */
  highlight(run_id: string | undefined): void {
    this.view.highlight(run_id === undefined ? {} : { run_id });
  }
}

/** What the page may ask, answered from the store. */
function experimentHost(
  open: OpenStore,
  { uri, experiment_id }: ExperimentSubject,
  named: (title: string) => void,
  shown: (rows: RunRowsQuery) => void,
): ExperimentHost {
  const remote = async () => (await open()).remote;
  return {
    async overview() {
      const store = await open();
      const experiment = await store.remote.getExperiment({ experiment_id });
      named(experiment.name);
      return { experiment, store_name: store.name, read_only: store.status.read_only };
    },
    runKeys: async (query) => (await remote()).runKeys({ ...query, experiment_ids: [experiment_id] }),
    runColumns: async (query) => {
      const asked = { ...query, experiment_ids: [experiment_id] };
      const { offset: _offset, limit: _limit, fields: _fields, ...rows } = asked;
      shown(rows);
      return (await remote()).runColumns(asked);
    },
    runIds: async (query) => (await remote()).runIds({ ...query, experiment_ids: [experiment_id] }),
    runValues: async (query) => (await remote()).runValues({ ...query, experiment_ids: [experiment_id] }),
    metricSeries: async (query) => (await remote()).metricSeries(query),
    listArtifacts: async (query) => (await remote()).listArtifacts(query),
    readImage: async (query) => readImage(await remote(), query),
    saveFile,
    openRun: async ({ run_id }) => void (await execute("flowdeck.tracking.openRun", { uri, run_id })),
    copy: async ({ text }) => vscode.env.clipboard.writeText(text),
    showLog: async () => void (await execute("flowdeck.platform.showLog")),
  };
}
