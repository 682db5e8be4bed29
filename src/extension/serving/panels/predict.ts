import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { PredictHost, PredictSubject, PredictView } from "../../../protocol/panels/predict.ts";
import type { ScoringServer } from "../../../protocol/serving.ts";
import { PREDICT_PANEL } from "../../panels/lateKinds.ts";
import { Panel } from "../../panels/panel.ts";
import { execute } from "../../platform/commands.ts";
import { predictHost } from "../predict/predictHost.ts";
import type { ServingParts } from "../startServing.ts";

/** Bytes of a file that is read into the fields. */
const LARGEST_FILE = 32_000_000;

/** Asks scoring servers from a form, a grid or JSON. */
export class PredictPanel extends Panel<PredictView> {
  readonly #parts: ServingParts;
  #subject: PredictSubject;
  /** Name or URI of the model that is asked, once the page has said which. */
  model: string | undefined;

  constructor(parts: ServingParts, panel: vscode.WebviewPanel, subject: PredictSubject) {
    super(parts.platform, PREDICT_PANEL, panel);
    this.#parts = parts;
    this.#subject = subject;
    const server = subject.id === undefined ? undefined : parts.scoring.find(subject.id);
    this.model = server === undefined ? undefined : modelOf(server);
    this.#load();
    this.own(parts.scoring.onChange(() => this.view.serversChanged({})));
  }

  /** Another server is asked for; what stands in the fields stays where the model is the same. */
  become(subject: PredictSubject): void {
    if (subject.id === undefined) return;
    this.#subject = subject;
    this.#load();
  }

  #load(): void {
    const { platform, scoring, stores } = this.#parts;
    const { rawOf, ...answering } = predictHost({
      list: () => scoring.list(),
      storeOf: async ({ store }) => (await stores.get(store)).remote,
      kept: platform.context.workspaceState,
      background: platform.background,
      checkTrust,
    });
    const host: PredictHost = {
      ...answering,
      model: async (query) => {
        const server = scoring.find(query.id);
        if (server !== undefined && query.beside !== true) {
          this.model = modelOf(server);
          this.name(`Predict ${server.model?.name ?? server.title}`, predictTabIcon(platform.context.extensionUri));
        }
        return answering.model(query);
      },
      readFile: readChosen,
      openRaw: async ({ id }) => {
        const content = rawOf(id);
        if (content === undefined)
          throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "This answer is not kept any more.");
        const document = await vscode.workspace.openTextDocument({ content, language: "json" });
        await vscode.window.showTextDocument(document, { preview: true });
      },
      predictFile: async (query) => void (await execute("flowdeck.serving.predictFile", query)),
      serve: async () => void (await execute("flowdeck.serving.serve")),
      restart: async (query) => void (await execute("flowdeck.serving.restart", query)),
      showLog: async (query) => void (await execute("flowdeck.serving.showLog", query)),
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
    };
    this.load(this.#subject, host);
  }
}

/** One panel is open for each of these. */
export function modelOf({ model, model_uri }: ScoringServer): string {
  return model?.name ?? model_uri;
}

function predictTabIcon(extension: vscode.Uri): { dark: vscode.Uri; light: vscode.Uri } {
  const file = (theme: string) => vscode.Uri.joinPath(extension, "media", `predict-${theme}.svg`);
  return { dark: file("dark"), light: file("light") };
}

export function checkTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new MlflowError("PERMISSION_DENIED", "This workspace is not trusted, so nothing is asked of its models.");
}

async function readChosen(): Promise<{ name: string; text: string } | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: "Rows or a Request",
    openLabel: "Fill In",
    filters: { "CSV or JSON": ["csv", "tsv", "json", "txt"], "All Files": ["*"] },
  });
  const [file] = chosen ?? [];
  if (file === undefined) return undefined;
  const name = basename(file.fsPath);
  const { size } = await stat(file.fsPath);
  if (size > LARGEST_FILE) {
    throw new MlflowError(
      "RESOURCE_EXHAUSTED",
      `${name} is too large for the fields; Predict File… sends it in parts.`,
    );
  }
  return { name, text: await readFile(file.fsPath, "utf8") };
}
