import * as vscode from "vscode";
import type { Run } from "../../../mlflow/entities.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { RunAction, RunHost, RunOverview, RunSubject, RunView } from "../../../protocol/panels/run.ts";
import { LONGEST_PIECE } from "../../../protocol/artifacts.ts";
import { MlflowError } from "../../../mlflow/errors.ts";
import { execute } from "../../platform/commands.ts";
import { openWrittenLink } from "../../platform/openWrittenLink.ts";
import type { Platform } from "../../platform/platform.ts";
import { Panel, type PanelKind } from "../../panels/panel.ts";
import type { OpenStore } from "../../stores/stores.ts";
import { readText } from "../../stores/readText.ts";
import { selectedPython } from "../../models/selectedPython.ts";
import { artifactDocument, openArtifact, saveArtifact } from "../artifacts/openArtifact.ts";
import type { Baselines } from "../baselines.ts";
import { runTabIcon } from "../icons.ts";
import { openNote } from "../notes/noteFiles.ts";
import type { StuckRuns } from "../stuckRuns.ts";
import { actionsOf, readOrdinal, readOverview, titleOf } from "./runOverview.ts";

export const RUN_PANEL: PanelKind = { type: "flowdeck.run", page: "run", viewers: true };
/** An MLmodel file has some KB; what is larger is none. */
const LARGEST_MODEL_FILE = LONGEST_PIECE;

/** What a Run panel leans on besides its store. */
export interface RunPanelParts {
  platform: Platform;
  baselines: Baselines;
  /** Whether a runner of this machine is at work on the run. */
  isOurs(run: Run): Promise<boolean>;
  stuck: StuckRuns;
  /** Shows the next or previous run of the table in this panel's place. */
  go(panel: RunPanel, by: 1 | -1): Promise<void>;
}

/** What the panel last told of its run, for `when` clauses. */
export interface KnownRun {
  can: readonly RunAction[];
  deleted: boolean;
  /** A baseline is chosen in its experiment; it may be the run itself. */
  hasBaseline: boolean;
}

const NOTHING_KNOWN: KnownRun = { can: [], deleted: false, hasBaseline: false };

/** One run: overview, params, metrics, artifacts. */
export class RunPanel extends Panel<RunView> {
  readonly #parts: RunPanelParts;
  readonly #store: OpenStore;
  readonly #known = this.own(new vscode.EventEmitter<RunPanel>());
  #subject: RunSubject;
  known = NOTHING_KNOWN;

  /** `known` was read again. */
  readonly onKnown = this.#known.event;

  constructor(parts: RunPanelParts, panel: vscode.WebviewPanel, subject: RunSubject, store: OpenStore) {
    super(parts.platform, RUN_PANEL, panel);
    this.#parts = parts;
    this.#store = store;
    this.#subject = subject;
    this.load(subject, this.#host(subject));
    // A page that another tab hides at once asks nothing, but its tab is seen.
    parts.platform.background("icon of a run's tab", this.#draw());
  }

  get subject(): RunSubject {
    return this.#subject;
  }

  storeChanged(change: StoreChange): void {
    this.view.storeChanged(change);
  }

  showSection(section: string): void {
    this.view.showSection({ section });
  }

  editName(): void {
    this.view.editName({});
  }

  /** Another run takes this one's place; what the person arranged stays. */
  become(run_id: string): void {
    this.#subject = { ...this.#subject, run_id };
    this.known = NOTHING_KNOWN;
    this.load(this.#subject, this.#host(this.#subject));
    this.#parts.platform.background("icon of a run's tab", this.#draw());
  }

  async #draw(): Promise<void> {
    const { run_id } = this.#subject;
    const store = await this.#store();
    const run = await store.remote.getRun({ run_id });
    const ordinal = await readOrdinal(store, run);
    if (this.#subject.run_id === run_id) this.name(titleOf(run), runTabIcon(ordinal));
  }

  async #overview(uri: string, run_id: string): Promise<RunOverview> {
    const store = await this.#store();
    const run = await store.remote.getRun({ run_id });
    const baseline = this.#parts.baselines.get({ uri, experiment_id: run.info.experiment_id });
    const [told, ours] = await Promise.all([
      readOverview(store, run, baseline, (asked) => this.#parts.stuck.since({ uri, ...asked })),
      this.#parts.isOurs(run),
    ]);
    const can = actionsOf(store, run, { ours, stuck: told.since !== undefined });
    if (this.#subject.run_id === run_id) {
      this.name(titleOf(run), runTabIcon(told.ordinal));
      this.known = { can, deleted: run.info.lifecycle_stage === "deleted", hasBaseline: baseline !== undefined };
      this.#known.fire(this);
    }
    return { ...told, can };
  }

  /** What a page of this run may ask, answered from the store. The panel may show another run before an answer is there. */
  #host({ uri, run_id }: RunSubject): RunHost {
    const remote = async () => (await this.#store()).remote;
    const target = () => ({ uri, run_id });
    const artifact = async (path: string) => ({ store: await this.#store(), run_id, path });
    return {
      overview: () => this.#overview(uri, run_id),
      metricSeries: async (query) => (await remote()).metricSeries(query),
      listArtifacts: async (query) => (await remote()).listArtifacts({ ...query, run_id }),
      readArtifact: async (query) => (await remote()).readArtifact({ ...query, run_id }),
      indexArtifact: async (query) => (await remote()).indexArtifact({ ...query, run_id }),
      readModel: async ({ path }) => {
        const query = { run_id, path, offset: 0, length: LARGEST_MODEL_FILE };
        const { bytes, size } = await (await remote()).readArtifact(query);
        if (size > LARGEST_MODEL_FILE)
          throw new MlflowError("INVALID_PARAMETER_VALUE", "This MLmodel file is too large.");
        // The YAML reader is loaded with the first model, not with the window.
        const { readMlmodel } = await import("../../../models/mlmodel.ts");
        return readMlmodel(new TextDecoder().decode(bytes));
      },
      readEnvironment: async ({ path }) => {
        const store = await this.#store();
        const folder = path.split("/").slice(0, -1);
        const read = (name: string) => readText(store.remote, { run_id }, [...folder, name].join("/"));
        const { readModelEnvironment } = await import("../../models/modelEnvironment.ts");
        return readModelEnvironment(read, () => selectedPython(store));
      },
      openArtifact: async ({ path }) => openArtifact(await artifact(path)),
      artifactUri: async ({ path }) => ({ uri: (await artifactDocument(await artifact(path))).toString() }),
      saveArtifact: async ({ path }) => saveArtifact(await artifact(path)),
      rename: async ({ run_name }) => {
        await (await remote()).updateRun({ run_id, run_name });
      },
      setTag: async (tag) => (await remote()).setTag({ ...tag, run_id }),
      deleteTag: async ({ key }) => (await remote()).deleteTag({ key, run_id }),
      editNote: async () => {
        const { info } = await (await remote()).getRun({ run_id });
        await openNote({ uri, of: "run", id: run_id }, `Note of ${info.run_name}`);
      },
      stop: async () => void (await execute("flowdeck.tracking.stopRun", target())),
      markFailed: async () => void (await execute("flowdeck.tracking.markFailed", target())),
      repeat: async () => void (await execute("flowdeck.tracking.repeatRun", target())),
      restore: async () => void (await execute("flowdeck.tracking.restoreRun", target())),
      openSource: async () => void (await execute("flowdeck.tracking.openSource", target())),
      checkOut: async () => void (await execute("flowdeck.tracking.checkOutCommit", target())),
      chooseBaseline: async () => void (await execute("flowdeck.tracking.chooseBaseline", target())),
      clearBaseline: async () => void (await execute("flowdeck.tracking.clearBaseline", target())),
      openExperiment: async () => {
        const { info } = await (await remote()).getRun({ run_id });
        await execute("flowdeck.tracking.openExperiment", { uri, experiment_id: info.experiment_id });
      },
      openRun: async (other) => void (await execute("flowdeck.tracking.openRun", { uri, run_id: other.run_id })),
      openLoggedModel: async ({ model_id }) =>
        void (await execute("flowdeck.models.openLoggedModel", { uri, model_id })),
      openGraph: async () => void (await execute("flowdeck.projects.openWorkflow", target())),
      go: ({ by }) => this.#parts.go(this, by),
      openLink: async ({ href }) => openWrittenLink(href),
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      showLog: async () => void (await execute("flowdeck.platform.showLog")),
    };
  }
}
