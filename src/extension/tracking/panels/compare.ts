import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import type {
  CompareAction,
  ComparedExperiment,
  ComparedKey,
  ComparedRun,
  CompareHost,
  CompareSubject,
  CompareView,
  Comparison,
} from "../../../protocol/panels/compare.ts";
import { execute } from "../../platform/commands.ts";
import type { Platform } from "../../platform/platform.ts";
import { pickOne } from "../../platform/questions.ts";
import { Panel, type PanelKind } from "../../panels/panel.ts";
import type { Stores } from "../../stores/stores.ts";
import { compareFiles } from "../compare/compareFiles.ts";
import { readValues } from "../compare/compareValues.ts";
import { readEnvironments } from "../compare/environments.ts";
import { diffFile } from "../compare/openDiff.ts";
import { readComparison } from "../compare/readComparison.ts";
import { findRun } from "../find.ts";
import { compareTabIcon } from "../icons.ts";
import { saveFile } from "./saveFile.ts";

export const COMPARE_PANEL: PanelKind = { type: "flowdeck.compare", page: "compare", viewers: true };

/** Several runs side by side. */
export class ComparePanel extends Panel<CompareView> {
  readonly #platform: Platform;
  readonly #stores: Stores;
  /** Experiments of runs, which never change. */
  readonly #known = new Map<string, string>();
  #subject: CompareSubject;
  #runs: ComparedRun[] = [];
  #experiments: ComparedExperiment[] = [];

  constructor(platform: Platform, panel: vscode.WebviewPanel, subject: CompareSubject, stores: Stores) {
    super(platform, COMPARE_PANEL, panel);
    this.#platform = platform;
    this.#stores = stores;
    this.#subject = subject;
    this.#title();
    this.load(subject, this.#host(subject));
  }

  get subject(): CompareSubject {
    return this.#subject;
  }

  /** The runs as they were read last. */
  get runs(): readonly ComparedRun[] {
    return this.#runs;
  }

  storeChanged(uri: string, change: StoreChange): void {
    if (!this.#subject.runs.some((run) => run.uri === uri)) return;
    const concerned =
      change.everything ||
      change.run_ids.some((id) => this.#subject.runs.some((run) => run.uri === uri && run.run_id === id)) ||
      this.#experiments.some((one) => one.uri === uri && change.experiment_ids.includes(one.experiment_id)) ||
      this.#experiments.length === 0;
    if (concerned) this.view.storeChanged({ uri, change });
  }

  act(action: CompareAction): void {
    this.view.act({ action });
  }

  setBaseline(run: ComparedKey): void {
    this.view.setBaseline({ uri: run.uri, run_id: run.run_id });
  }

  /** Other runs are compared from here on; what the person arranged stays. */
  become(runs: ComparedKey[]): void {
    this.#subject = { runs };
    this.#runs = [];
    this.#title();
    this.load(this.#subject, this.#host(this.#subject));
  }

  #title(): void {
    this.name(titleOf(this.#subject), compareTabIcon(this.#platform.context.extensionUri));
  }

  async #comparison(runs: ComparedKey[]): Promise<Comparison> {
    const found = await readComparison(this.#stores, runs, this.#known);
    if (this.#subject.runs === runs) {
      this.#runs = found.runs;
      this.#experiments = found.experiments;
    }
    return found;
  }

  /** What the page may ask, answered from the stores. */
  #host({ runs }: CompareSubject): CompareHost {
    let listed: ComparedRun[] = [];
    const remote = async (uri: string) => (await this.#stores.get(uri)).remote;
    const found = (key: ComparedKey) => findRun(this.#stores, key);
    return {
      comparison: async () => {
        const found = await this.#comparison(runs);
        listed = found.runs;
        return found;
      },
      environments: () => readEnvironments(this.#stores, listed),
      values: (query) => readValues(this.#stores, runs, this.#known, query),
      metricSeries: async ({ uri, ...query }) => (await remote(uri)).metricSeries(query),
      files: async ({ left, right }) => {
        const list = (run: ComparedKey) => async (query: { path?: string }) =>
          (await remote(run.uri)).listArtifacts({ ...query, run_id: run.run_id });
        return compareFiles(list(left), list(right));
      },
      readArtifact: async ({ uri, ...query }) => (await remote(uri)).readArtifact(query),
      diffFile: async ({ left, right, path }) => diffFile(await found(left), await found(right), path),
      openAsDiff: async ({ left, right, part }) =>
        void (await execute("flowdeck.tracking.openAsDiff", left, right, part)),
      addRuns: async () => void (await execute("flowdeck.tracking.addComparedRuns")),
      removeRuns: async (gone) => this.remove(gone.runs),
      filterTable: ({ filter }) => this.#filterTable(filter),
      openRun: async (run) => void (await execute("flowdeck.tracking.openRun", run)),
      saveFile,
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      showLog: async () => void (await execute("flowdeck.platform.showLog")),
    };
  }

  /** Takes runs out, as long as one is left. */
  remove(runs: ComparedKey[]): void {
    const gone = new Set(runs.map(textOf));
    const rest = this.#subject.runs.filter((run) => !gone.has(textOf(run)));
    if (rest.length === 0) throw new MlflowError("INVALID_STATE", "A comparison keeps at least one run.");
    if (rest.length < this.#subject.runs.length) this.become(rest);
  }

  async #filterTable(filter: string): Promise<void> {
    const items = this.#experiments.map((experiment) => ({
      label: `$(beaker) ${experiment.name}`,
      description: experiment.store_name,
      experiment,
    }));
    const placeHolder = "Experiment whose table is filtered";
    const chosen = items.length > 1 ? await pickOne(items, { placeHolder }) : items[0];
    if (chosen === undefined) return;
    const { uri, experiment_id } = chosen.experiment;
    await execute("flowdeck.tracking.openExperiment", { uri, experiment_id, filter });
  }
}

export function textOf({ uri, run_id }: ComparedKey): string {
  return `${uri} ${run_id}`;
}

export function titleOf({ runs }: CompareSubject): string {
  return `Compare ${runs.length} ${runs.length === 1 ? "run" : "runs"}`;
}
