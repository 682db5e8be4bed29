import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";

/** Files that have the server started: MLproject under whatever spelling, and those that are seldom there without one. */
const STARTS = /\/(?:mlproject(?:\.ya?ml)?|mlmodel|python_env\.ya?ml|conda\.ya?ml)$/i;

/** Starts the language server with the first file that is for it. */
export class MlprojectLanguage extends Disposable {
  #started = false;

  constructor(platform: Platform, stores: Stores) {
    super();
    const startFor = (document: vscode.TextDocument): void => {
      const isOurs = document.languageId === "mlproject" || STARTS.test(document.uri.path);
      if (this.#started || !isOurs || document.uri.scheme !== "file") return;
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
