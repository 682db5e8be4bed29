import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { PredictSubject } from "../../protocol/panels/predict.ts";
import { PREDICT_PANEL } from "../panels/lateKinds.ts";
import { OpenPanels } from "../panels/openPanels.ts";
import { openTab } from "../panels/panel.ts";
import type { ServerTarget } from "../platform/commands.ts";
import { Disposable } from "../platform/disposable.ts";
import { pickOne } from "../platform/questions.ts";
import type { ScoringServer } from "../../protocol/serving.ts";
import type { PredictPanel } from "./panels/predict.ts";
import { rowCommandsOf } from "./rowCommands.ts";
import { rowText } from "./serverText.ts";
import type { ServingParts } from "./startServing.ts";

/** The Predict panels: one for each model, restored after a reload; what they do is loaded with the first of them. */
export class PredictPanels extends Disposable {
  readonly #parts: ServingParts;
  readonly #open = this.own(new OpenPanels<PredictPanel>());

  constructor(parts: ServingParts) {
    super();
    this.#parts = parts;
    const rowCommand = rowCommandsOf(parts.platform);
    const deserializeWebviewPanel = async (panel: vscode.WebviewPanel, state: unknown): Promise<void> => {
      await this.#add(panel, subjectOf(state));
    };
    this.own(vscode.window.registerWebviewPanelSerializer(PREDICT_PANEL.type, { deserializeWebviewPanel }));
    this.own(rowCommand("flowdeck.serving.predict", (target) => this.#show(target)));
    this.own(
      rowCommand("flowdeck.serving.predictFile", async (target) => {
        const server = await this.#pick(target);
        if (server === undefined) return;
        const { predictWholeFile } = await import("./predict/wholeFile.ts");
        await predictWholeFile(this.#parts, server);
      }),
    );
  }

  async #show(target: ServerTarget | undefined): Promise<void> {
    const { scoring } = this.#parts;
    const id = target?.id;
    const server = id === undefined ? undefined : scoring.find(id);
    const key = server?.model?.name ?? server?.model_uri;
    const subject = id === undefined ? {} : { id, since: Date.now() };
    const open = this.#open.find(({ model }) => key === undefined || model === key);
    if (open !== undefined) {
      open.become(subject);
      open.reveal();
      return;
    }
    const title = server === undefined ? "Predict" : `Predict ${server.model?.name ?? server.title}`;
    await this.#add(openTab(PREDICT_PANEL, title), subject);
  }

  async #add(tab: vscode.WebviewPanel, subject: PredictSubject): Promise<void> {
    const { PredictPanel } = await import("./panels/predict.ts");
    this.#open.add(new PredictPanel(this.#parts, tab, subject));
  }

  /** The server that is meant: that of a row, the only one that answers, or the one that the person picks. */
  async #pick(target: ServerTarget | undefined): Promise<ScoringServer | undefined> {
    const { scoring } = this.#parts;
    if (target?.id !== undefined) return scoring.find(target.id);
    const ready = scoring.list().filter(({ state }) => state === "ready");
    if (ready.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "No model is served here at the moment.");
    if (ready.length === 1) return ready[0];
    const items = ready.map((server) => ({ label: server.title, description: rowText(server), server }));
    return (await pickOne(items, { placeHolder: "Server that is asked" }))?.server;
  }
}

/** The border: what a page saved may be missing or of an older format. */
function subjectOf(state: unknown): PredictSubject {
  const subject: unknown = typeof state === "object" && state !== null ? Reflect.get(state, "subject") : undefined;
  if (typeof subject !== "object" || subject === null) return {};
  const { id, since }: { id?: unknown; since?: unknown } = subject;
  if (typeof id !== "string") return {};
  return typeof since === "number" ? { id, since } : { id };
}
