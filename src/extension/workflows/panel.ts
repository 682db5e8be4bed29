import type * as vscode from "vscode";
import type { Run } from "../../mlflow/entities.ts";
import type { StoreChange } from "../../protocol/changes.ts";
import type { WorkflowHost, WorkflowOverview, WorkflowSubject, WorkflowView } from "../../protocol/panels/workflow.ts";
import { Panel, type PanelKind } from "../panels/panel.ts";
import type { Platform } from "../platform/platform.ts";
import type { OpenStore } from "../stores/stores.ts";
import { workflowTabIcon } from "../tracking/icons.ts";
import type { StuckRuns } from "../tracking/stuckRuns.ts";
import { actionsOf, runnerOfOpen } from "./actions.ts";
import { workflowHost } from "./host.ts";
import { readWorkflow } from "./readWorkflow.ts";

export const WORKFLOW_PANEL: PanelKind = { type: "flowdeck.workflow", page: "workflow" };

/** What a Workflow panel leans on besides its store. */
export interface WorkflowPanelParts {
  platform: Platform;
  /** Whether a runner of this machine is at work on the run. */
  isOurs(run: Run): Promise<boolean>;
  stuck: StuckRuns;
}

/** The graph of one run: of a workflow, or of the runs that a script started. */
export class WorkflowPanel extends Panel<WorkflowView> {
  readonly #parts: WorkflowPanelParts;
  readonly #store: OpenStore;
  #subject: WorkflowSubject;
  /** The workflow file of the run, once it is known. */
  file: string | undefined;

  constructor(parts: WorkflowPanelParts, panel: vscode.WebviewPanel, subject: WorkflowSubject, store: OpenStore) {
    super(parts.platform, WORKFLOW_PANEL, panel);
    this.#parts = parts;
    this.#store = store;
    this.#subject = subject;
    this.#load();
  }

  get subject(): WorkflowSubject {
    return this.#subject;
  }

  storeChanged(change: StoreChange): void {
    this.view.storeChanged(change);
  }

  /** Another run takes this one's place; what the person arranged stays. */
  become(run_id: string): void {
    if (this.#subject.run_id === run_id) return;
    this.#subject = { ...this.#subject, run_id };
    this.#load();
  }

  #load(): void {
    const subject = this.#subject;
    const host: WorkflowHost = {
      overview: () => this.#overview(subject),
      show: async ({ run_id }) => this.become(run_id),
      ...workflowHost(subject, this.#store),
    };
    this.load(subject, host);
  }

  async #overview({ uri, run_id }: WorkflowSubject): Promise<WorkflowOverview> {
    const store = await this.#store();
    const { run, state, overview } = await readWorkflow(store, run_id);
    const runner = await runnerOfOpen(run, state, {
      isOurs: () => this.#parts.isOurs(run),
      isStuck: () => this.#parts.stuck.has({ uri, ...run.info }),
    });
    if (this.#subject.run_id === run_id) {
      this.file = state?.file;
      this.name(overview.name, workflowTabIcon(this.#parts.platform.context.extensionUri));
    }
    const can = actionsOf(store, run, state, runner);
    return { ...overview, ...(runner === "gone" ? { stuck: true } : {}), can };
  }
}
