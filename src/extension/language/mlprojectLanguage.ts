import * as vscode from "vscode";
import type { CreateProjectParams, CreateProjectResult } from "../../protocol/language.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import type { LanguageServer } from "./client.ts";

/** Files that have the server started: MLproject under whatever spelling, and those that are seldom there without one. */
const STARTS =
  /\/(?:mlproject(?:\.ya?ml)?|mlmodel|python_env\.ya?ml|conda\.ya?ml|(?:[^/]*\.)?workflow\.mlflow\.ya?ml)$/i;

/** Python that starts runs of projects. */
const STARTS_RUNS =
  /\bmlflow\.(?:projects\.)?run\s*\(|\bmlflow\.projects\b|\bfrom\s+mlflow\s+import\b.*\b(?:run|projects)\b/;

/** Starts the language server with the first file that is for it. */
export class MlprojectLanguage extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  #server: Promise<LanguageServer> | undefined;

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    const startFor = (document: vscode.TextDocument): void => {
      if (this.#server !== undefined || !isOurs(document)) return;
      platform.background("language server", this.#running());
    };
    this.own(vscode.workspace.onDidOpenTextDocument(startFor));
    vscode.workspace.textDocuments.forEach(startFor);
  }

  /** The text of an MLproject for a script. */
  async createProject(params: CreateProjectParams): Promise<CreateProjectResult> {
    const server = await this.#running();
    return server.createProject(params);
  }

  #running(): Promise<LanguageServer> {
    this.#server ??= this.#start();
    return this.#server;
  }

  async #start(): Promise<LanguageServer> {
    const { startClient } = await import("./client.ts");
    return this.own(await startClient(this.#platform, this.#stores));
  }
}

function isOurs(document: vscode.TextDocument): boolean {
  const { languageId, uri } = document;
  if (languageId === "python" && (uri.scheme === "file" || uri.scheme === "vscode-notebook-cell")) {
    return STARTS_RUNS.test(document.getText());
  }
  return uri.scheme === "file" && (languageId === "mlproject" || STARTS.test(uri.path));
}
