import * as vscode from "vscode";
import type { StoreChange } from "../../../protocol/changes.ts";
import type {
  ChartAction,
  ExperimentHost,
  ExperimentSubject,
  ExperimentView,
  TableAction,
  ShownFirst,
} from "../../../protocol/panels/experiment.ts";
import type { RunRowsQuery } from "../../../protocol/runs.ts";
import { execute } from "../../platform/commands.ts";
import type { Platform } from "../../platform/platform.ts";
import { Panel, type PanelKind } from "../../panels/panel.ts";
import type { OpenStore, StoreHandle } from "../../stores/stores.ts";
import { setDirection } from "../../panels/pageSettings.ts";
import type { Baselines } from "../baselines.ts";
import { writable } from "../find.ts";
import { experimentTabIcon } from "../icons.ts";
import { deleteRuns, renameRuns, restoreRuns, tagRuns } from "../table/bulk.ts";
import { exportRuns } from "../table/exportRuns.ts";
import { KeptTablesOf } from "../table/keptTables.ts";
import { runsCode } from "../table/runsCode.ts";
import { readImage } from "./readImage.ts";
import { SameExperiment } from "./sameExperiment.ts";
import { saveFile } from "./saveFile.ts";
import { stuckAmong, type StuckRuns } from "../stuckRuns.ts";

/** Rows that the table asks for at once. */
const PAGE = 100;

export const EXPERIMENT_PANEL: PanelKind = { type: "flowdeck.experiment", page: "experiment" };

/** What an Experiment panel leans on besides its store. */
export interface ExperimentPanelParts {
  platform: Platform;
  baselines: Baselines;
  stuck: StuckRuns;
}

/** One experiment: its runs table and charts. */
export class ExperimentPanel extends Panel<ExperimentView> {
  readonly subject: ExperimentSubject;
  /** The rows that the table shows. */
  rows: RunRowsQuery | undefined;
  /** What the page is to be told once it runs. */
  #first: ShownFirst;
  readonly #same: SameExperiment;

  constructor(
    parts: ExperimentPanelParts,
    panel: vscode.WebviewPanel,
    subject: ExperimentSubject,
    store: OpenStore,
    first: ShownFirst = {},
  ) {
    const { platform } = parts;
    super(platform, EXPERIMENT_PANEL, panel);
    this.subject = subject;
    this.#first = { ...first };
    this.#same = new SameExperiment(subject.experiment_id);
    const icon = experimentTabIcon(platform.context.extensionUri);
    this.name(panel.title, icon);
    const shown = (rows: RunRowsQuery) => {
      this.rows = rows;
    };
    const booted = (title: string) => {
      this.name(title, icon);
      this.#tellFirst();
    };
    this.load(subject, experimentHost(parts, store, subject, this.#same, { booted, shown }));
  }

  /** Filters the table, shows a chart; a page that is hidden is told when it is shown. */
  show({ filter, chart }: ShownFirst): void {
    if (filter !== undefined) this.#first.filter = filter;
    if (chart !== undefined) this.#first.chart = chart;
    if (this.visible) this.#tellFirst();
  }

  #tellFirst(): void {
    const { filter, chart } = this.#first;
    if (filter !== undefined) this.view.applyFilter({ filter });
    if (chart !== undefined) this.view.showChart(chart);
    this.#first = {};
  }

  storeChanged(change: StoreChange): void {
    const { experiment_id } = this.subject;
    if (!change.everything && !change.experiment_ids.includes(experiment_id)) return;
    this.#same.doubt();
    this.view.storeChanged(change);
  }

  /** The person opens the experiment that has this id, whichever it is. */
  opened(): void {
    this.#same.accept();
    this.view.retry({});
  }

  actOnChart(action: ChartAction): void {
    this.view.actOnChart({ action });
  }

  /** A command of the palette. */
  act(action: TableAction): void {
    this.view.act({ action });
  }

  /** Draws a run as hovered; undefined = none. */
  highlight(run_id: string | undefined): void {
    this.view.highlight(run_id === undefined ? {} : { run_id });
  }
}

/** What the page may ask, answered from the store. */
function experimentHost(
  { platform, baselines, stuck }: ExperimentPanelParts,
  open: OpenStore,
  { uri, experiment_id }: ExperimentSubject,
  same: SameExperiment,
  { booted, shown }: { booted(title: string): void; shown(rows: RunRowsQuery): void },
): ExperimentHost {
  const read = async <T>(work: (remote: StoreHandle["remote"]) => Promise<T>): Promise<T> => {
    const store = await open();
    await same.verify(store);
    try {
      return await work(store.remote);
    } finally {
      // A file that was replaced meanwhile tells so before it answers, be it with an error.
      await same.verify(store);
    }
  };
  const experiment_ids = [experiment_id];
  const nameOf = async () => (await read((remote) => remote.getExperiment({ experiment_id }))).name;
  const kept = new KeptTablesOf(platform, { uri, experiment_id }, open, nameOf);
  return {
    async overview() {
      const store = await open();
      await same.verify(store);
      const experiment = same.show(await store.remote.getExperiment({ experiment_id }), store);
      booted(experiment.name);
      const baseline = baselines.get({ uri, experiment_id });
      const told = { experiment, store_name: store.name, read_only: store.status.read_only };
      return baseline === undefined ? told : { ...told, baseline };
    },
    runKeys: (query) => read((remote) => remote.runKeys({ ...query, experiment_ids })),
    runColumns: async (query) => {
      const asked = { ...query, experiment_ids };
      const { offset: _offset, limit: _limit, fields: _fields, ...rows } = asked;
      // Runs that are looked up one by one are no rows of the table.
      if (query.limit >= PAGE) shown(rows);
      const columns = await read(async (remote) => {
        const found = await remote.runColumns(asked);
        // All rows are gone: so may be the experiment, without anything having told so.
        if (found.total === 0) same.doubt();
        return found;
      });
      const found = stuckAmong(stuck, uri, columns);
      return found.length === 0 ? columns : { ...columns, stuck: found };
    },
    runIds: (query) => read((remote) => remote.runIds({ ...query, experiment_ids })),
    runValues: (query) => read((remote) => remote.runValues({ ...query, experiment_ids })),
    metricSeries: (query) => read((remote) => remote.metricSeries(query)),
    listArtifacts: (query) => read((remote) => remote.listArtifacts(query)),
    readImage: (query) => read((remote) => readImage(remote, query)),
    saveFile,
    openRun: async ({ run_id }) => void (await execute("flowdeck.tracking.openRun", { uri, run_id })),
    setDirection: ({ metric_key, direction }) => setDirection(metric_key, direction),
    setBaseline: ({ run_id }) => baselines.set({ uri, experiment_id }, run_id),
    compareRuns: async ({ run_ids }) => {
      await execute(
        "flowdeck.tracking.compareRuns",
        run_ids.map((run_id) => ({ uri, run_id })),
      );
    },
    renameRuns: async ({ run_ids }) => renameRuns(writable(await open()), run_ids),
    tagRuns: async ({ run_ids }) => tagRuns(writable(await open()), run_ids),
    deleteRuns: async ({ run_ids }) => ({ run_ids: await deleteRuns(platform, writable(await open()), run_ids) }),
    restoreRuns: async ({ run_ids }) => restoreRuns(writable(await open()), run_ids),
    markFailed: async ({ run_id }) => void (await execute("flowdeck.tracking.markFailed", { uri, run_id })),
    markKilled: async ({ run_id }) => void (await execute("flowdeck.tracking.markKilled", { uri, run_id })),
    exportRuns: async ({ rows, ...query }) => {
      const runs = await exportRuns(await open(), await nameOf(), { ...query, rows: { ...rows, experiment_ids } });
      return runs === undefined ? {} : { runs };
    },
    copyCode: async ({ rows, fields, as }) => {
      const { nested: _nested, folded_groups: _folded, group_by: _by, ...flat } = { ...rows, experiment_ids };
      const { run_ids } = await read((remote) => remote.runIds(flat));
      const query = { rows: { ...rows, experiment_ids }, fields, as, run_ids };
      await vscode.env.clipboard.writeText(runsCode({ ...query, tracking_uri: uri }));
      vscode.window.setStatusBarMessage("Python for these runs is on the clipboard.", 5000);
    },
    async showReplacement() {
      same.accept();
      await read((remote) => remote.getExperiment({ experiment_id }));
    },
    restoreExperiment: async () => void (await execute("flowdeck.tracking.restoreExperiment", { uri, experiment_id })),
    keptTables: () => kept.read(),
    keepFilters: ({ filters }) => kept.keepFilters(filters),
    saveTable: async ({ table, shared, name }) => {
      const saved = await kept.save(table, shared, name);
      return saved === undefined ? {} : { name: saved };
    },
    removeTable: ({ name, shared }) => kept.remove(name, shared),
    copy: async ({ text }) => vscode.env.clipboard.writeText(text),
    showLog: async () => void (await execute("flowdeck.platform.showLog")),
  };
}
