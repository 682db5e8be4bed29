import * as vscode from "vscode";
import { RUN_TAG, type Run } from "../../../mlflow/entities.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { RunHost, RunOverview, RunSubject, RunView } from "../../../protocol/panels/run.ts";
import { execute } from "../../platform/commands.ts";
import type { Platform } from "../../platform/platform.ts";
import { Panel, type PanelKind } from "../../panels/panel.ts";
import type { OpenStore, StoreHandle } from "../../stores/stores.ts";
import { runTabIcon } from "../icons.ts";

export const RUN_PANEL: PanelKind = { type: "flowdeck.run", page: "run" };
/** Children named in the overview. */
const CHILDREN = 200;

/** One run: overview, params, metrics, artifacts. */
export class RunPanel extends Panel<RunView> {
  readonly subject: RunSubject;

  constructor(platform: Platform, panel: vscode.WebviewPanel, subject: RunSubject, store: OpenStore) {
    super(platform, RUN_PANEL, panel, subject);
    this.subject = subject;
    const named = (title: string, ordinal: number): void => this.name(title, runTabIcon(ordinal));
    this.serve(runHost(store, subject, named));
    // A page that another tab hides at once asks nothing, but its tab is seen.
    platform.background("icon of a run's tab", this.#draw(store, named));
  }

  storeChanged(change: StoreChange): void {
    this.view.storeChanged(change);
  }

  async #draw(open: OpenStore, named: (title: string, ordinal: number) => void): Promise<void> {
    const store = await open();
    const run = await store.remote.getRun({ run_id: this.subject.run_id });
    const ordinal = await readOrdinal(store, run);
    if (!this.disposed) named(titleOf(run), ordinal);
  }
}

/** What the page may ask, answered from the store. */
function runHost(
  open: OpenStore,
  { uri, run_id }: RunSubject,
  named: (title: string, ordinal: number) => void,
): RunHost {
  const remote = async () => (await open()).remote;
  return {
    async overview() {
      const overview = await readOverview(await open(), run_id);
      named(titleOf(overview.run), overview.ordinal);
      return overview;
    },
    metricSeries: async (query) => (await remote()).metricSeries({ ...query, run_ids: [run_id] }),
    listArtifacts: async (query) => (await remote()).listArtifacts({ ...query, run_id }),
    async openArtifact({ path }) {
      const { file } = await (await remote()).localArtifactPath({ run_id, path });
      await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file));
    },
    async openExperiment() {
      const { info } = await (await remote()).getRun({ run_id });
      await execute("flowdeck.tracking.openExperiment", { uri, experiment_id: info.experiment_id });
    },
    openRun: async (target) => void (await execute("flowdeck.tracking.openRun", { uri, run_id: target.run_id })),
    copy: async ({ text }) => vscode.env.clipboard.writeText(text),
    showLog: async () => void (await execute("flowdeck.platform.showLog")),
  };
}

async function readOverview(store: StoreHandle, run_id: string): Promise<RunOverview> {
  const { remote } = store;
  const run = await remote.getRun({ run_id });
  const { experiment_id } = run.info;
  const [experiment, ordinal, parent, children] = await Promise.all([
    remote.getExperiment({ experiment_id }),
    readOrdinal(store, run),
    readParent(store, run),
    remote.runNodes({ experiment_id, parent_run_id: run_id, max_results: CHILDREN }),
  ]);
  return {
    run,
    experiment_name: experiment.name,
    store_name: store.name,
    ordinal,
    ...(parent === undefined ? {} : { parent }),
    children: children.items.map((child) => ({ run_id: child.run_id, run_name: child.run_name, status: child.status })),
  };
}

function titleOf({ info }: Run): string {
  return info.run_name || info.run_id.slice(0, 8);
}

/** The run's place in its experiment, which fixes its colour. */
async function readOrdinal({ remote }: StoreHandle, { info }: Run): Promise<number> {
  const columns = await remote.runColumns({
    experiment_ids: [info.experiment_id],
    filter: `attributes.run_id = '${info.run_id.replaceAll("'", "")}'`,
    run_view_type: "ALL",
    ...{ offset: 0, limit: 1, fields: [] },
  });
  return columns.ordinals[0] ?? 0;
}

async function readParent({ remote }: StoreHandle, run: Run): Promise<RunOverview["parent"]> {
  const run_id = run.data.tags.find((tag) => tag.key === RUN_TAG.parentRunId)?.value;
  if (run_id === undefined) return undefined;
  // A parent that was removed for good leaves its children's tag behind.
  const parent = await remote.getRun({ run_id }).catch(() => undefined);
  return { run_id, run_name: parent?.info.run_name ?? run_id.slice(0, 8) };
}
