import * as vscode from "vscode";
import { LAST_RUN_REQUEST, type LastRunParams } from "../../protocol/language.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import { readLastRun } from "./lastRun.ts";

/** Starts the language server with the first MLproject file that is opened; the client's code is loaded no earlier. */
export class MlprojectLanguage extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  #started = false;

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    const startFor = (document: vscode.TextDocument): void => {
      if (document.languageId !== "mlproject" || this.#started) return;
      this.#started = true;
      platform.background("language server", this.#start());
    };
    this.own(vscode.workspace.onDidOpenTextDocument(startFor));
    vscode.workspace.textDocuments.forEach(startFor);
  }

  async #start(): Promise<void> {
    const { LanguageClient, TransportKind } = await import("vscode-languageclient/node");
    const module = this.#platform.program("languageServer.js");
    const { log } = this.#platform;
    const client = new LanguageClient(
      "flowdeck.language",
      "Flowdeck: MLproject",
      { module, transport: TransportKind.ipc },
      {
        documentSelector: [{ language: "mlproject", scheme: "file" }],
        initializationOptions: { lens: true },
        outputChannel: log,
      },
    );
    client.onRequest(LAST_RUN_REQUEST, (params: LastRunParams) => readLastRun(this.#stores, params));
    this.own({ dispose: () => this.#platform.background("stopping the language server", client.stop()) });
    await client.start();
  }
}
