import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";

/** Starts the language server with the first MLproject file that is opened. */
export class MlprojectLanguage extends Disposable {
  #started = false;

  constructor(platform: Platform, stores: Stores) {
    super();
    const startFor = (document: vscode.TextDocument): void => {
      if (document.languageId !== "mlproject" || this.#started) return;
      this.#started = true;
      platform.background("language server", this.#start(platform, stores));
    };
    this.own(vscode.workspace.onDidOpenTextDocument(startFor));
    vscode.workspace.textDocuments.forEach(startFor);
  }

  async #start(platform: Platform, stores: Stores): Promise<void> {
    const { startClient } = await import("./client.ts");
    this.own(await startClient(platform, stores));
  }
}
