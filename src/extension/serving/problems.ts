import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import { execute } from "../platform/commands.ts";
import { plainText, type Remedy } from "../platform/platform.ts";
import type { ServerTurn } from "./scoringServers.ts";
import type { ServingParts } from "./startServing.ts";

/** Says in one sentence why a server that was asked for did not start, or ended, with what helps. */
export class ServingProblems extends Disposable {
  readonly #parts: ServingParts;

  constructor(parts: ServingParts) {
    super();
    this.#parts = parts;
    const tell = (turn: ServerTurn): void => parts.platform.background("problem of a scoring server", this.#tell(turn));
    this.own(parts.scoring.onTurn(tell));
  }

  async #tell({ server, before, own }: ServerTurn): Promise<void> {
    const { problem, state } = server;
    // What had failed when this window found it is told by its row; what did not start, by the window that started it.
    if (problem === undefined || before === undefined || (before === "starting" && !own)) return;
    this.#parts.platform.log.warn(`${server.model_uri} on ${server.url}: ${problem.text}`);
    const { problemRemedy } = await import("./remedies.ts");
    const showLog: Remedy = { title: "Show Log", run: () => execute("flowdeck.serving.showLog", server) };
    const stop: Remedy = { title: "Stop", run: () => execute("flowdeck.serving.stop", server) };
    const first = state === "unhealthy" ? stop : problemRemedy(this.#parts, server);
    const buttons = [...(first === undefined ? [] : [first]), showLog];
    const show = state === "unhealthy" ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
    const chosen = await show(plainText(problem.text), ...buttons.map(({ title }) => title));
    await buttons.find(({ title }) => title === chosen)?.run();
  }
}
