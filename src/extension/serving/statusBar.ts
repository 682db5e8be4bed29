import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import type { ScoringServers } from "./scoringServers.ts";
import { isLive, stateWord } from "./serverText.ts";

/** Status bar: how many models are served. A click opens the Serving view. */
export class ServingStatus extends Disposable {
  readonly #scoring: ScoringServers;
  readonly #item = this.own(vscode.window.createStatusBarItem("serving", vscode.StatusBarAlignment.Left, 8));

  constructor(scoring: ScoringServers) {
    super();
    this.#scoring = scoring;
    this.#item.name = "Flowdeck: Served Models";
    this.#item.command = "flowdeck.serving.focus";
    this.own(scoring.onChange(() => this.#draw()));
  }

  #draw(): void {
    const live = this.#scoring.list().filter(isLive);
    const ill = live.filter(({ state }) => state === "unhealthy").length;
    this.#item.text = `$(${ill > 0 ? "warning" : "broadcast"}) ${live.length} serving`;
    this.#item.tooltip = live.map((server) => `${server.title} on ${server.url}: ${stateWord(server)}`).join("\n");
    const silent = ill === 0 ? "" : `, ${ill} of them without an answer`;
    this.#item.accessibilityInformation = { label: `${live.length} MLflow models are served${silent}` };
    if (live.length > 0) this.#item.show();
    else this.#item.hide();
  }
}
