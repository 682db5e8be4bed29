import * as vscode from "vscode";
import {
  BACKEND_CONFIG_NAME,
  type CreateProjectParams,
  type CreateProjectResult,
  type ParameterChoicesParams,
  type ParameterChoicesResult,
} from "../../protocol/language.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { ProjectFiles } from "../projects/projectFiles.ts";
import type { Stores } from "../stores/stores.ts";
import type { LanguageServer } from "./client.ts";

/** Files that have the server started: MLproject under whatever spelling, and those that are seldom there without one. */
const STARTS =
  /\/(?:mlproject(?:\.ya?ml)?|mlmodel|python_env\.ya?ml|conda\.ya?ml|(?:[^/]*\.)?workflow\.mlflow\.ya?ml)$/i;

/** Many a JSON has such a name as what another backend is told, so that its keys count, too. */
const BACKEND_KEYS =
  /"(?:kube-context|kube-job-template-path|repository-uri|new_cluster|existing_cluster_id|spark_version)"/;

/** Python that starts runs of projects, or registers models. */
const STARTS_RUNS =
  /\bregister_model\s*\(|\bregistered_model_name\s*=|\bmlflow\.(?:projects\.)?run\s*\(|\bmlflow\.projects\b|\bfrom\s+mlflow\s+import\b.*\b(?:run|projects)\b/;

/** Starts the language server with the first file that is for it. */
export class MlprojectLanguage extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #files: ProjectFiles;
  #server: Promise<LanguageServer> | undefined;

  constructor(platform: Platform, stores: Stores, files: ProjectFiles) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.#files = files;
    const startFor = (document: vscode.TextDocument): void => {
      if (this.#server === undefined) platform.background("language server", this.#startFor(document));
    };
    this.own(vscode.workspace.onDidOpenTextDocument(startFor));
    this.own(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (this.#server === undefined && startsRuns(document, contentChanges)) startFor(document);
      }),
    );
    vscode.workspace.textDocuments.forEach(startFor);
  }

  /** The text of an MLproject for a script. */
  async createProject(params: CreateProjectParams): Promise<CreateProjectResult> {
    const server = await this.#running();
    return server.createProject(params);
  }

  /** The values that the script of an entry point takes for its parameters. */
  async parameterChoices(params: ParameterChoicesParams): Promise<ParameterChoicesResult> {
    const server = await this.#running();
    return server.parameterChoices(params);
  }

  async #startFor(document: vscode.TextDocument): Promise<void> {
    const { languageId, uri } = document;
    // What a script of a project takes is told, renamed and added in its text, too.
    const isScript = languageId === "python" && uri.scheme === "file";
    if (isOurs(document) || (isScript && (await this.#files.holds(uri)))) await this.#running();
  }

  #running(): Promise<LanguageServer> {
    if (this.#server !== undefined) return this.#server;
    const starting = this.#start();
    this.#server = starting;
    // The next file that is for it tries again.
    starting.catch(() => (this.#server = undefined));
    return starting;
  }

  async #start(): Promise<LanguageServer> {
    const { startClient } = await import("./client.ts");
    return this.own(await startClient(this.#platform, this.#stores));
  }
}

function isOurs(document: vscode.TextDocument): boolean {
  const { languageId, uri } = document;
  if (isPython(document)) return STARTS_RUNS.test(document.getText());
  if (uri.scheme !== "file") return false;
  if (BACKEND_CONFIG_NAME.test(uri.path)) return BACKEND_KEYS.test(document.getText());
  return languageId === "mlproject" || STARTS.test(uri.path);
}

/** Whether what was typed, or its line, starts a run. */
function startsRuns(document: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[]): boolean {
  const isRun = ({ range, text }: vscode.TextDocumentContentChangeEvent): boolean =>
    STARTS_RUNS.test(text) ||
    STARTS_RUNS.test(document.lineAt(Math.min(range.start.line, document.lineCount - 1)).text);
  return isPython(document) && changes.some(isRun);
}

function isPython({ languageId, uri }: vscode.TextDocument): boolean {
  return languageId === "python" && (uri.scheme === "file" || uri.scheme === "vscode-notebook-cell");
}
