import * as vscode from "vscode";
import type { ScoringServer } from "../../protocol/serving.ts";
import { Disposable } from "../platform/disposable.ts";
import { FollowedLog } from "./followedLog.ts";
import type { ScoringServers } from "./scoringServers.ts";

/** Characters of a title in the name of a channel, which VS Code makes the name of a file. */
const LONGEST = 60;

interface Shown {
  channel: vscode.OutputChannel;
  log: FollowedLog;
}

/** An output channel for each server whose log was asked for; it follows the file, and goes with the server's row. */
export class LogChannels extends Disposable {
  readonly #shown = new Map<string, Shown>();

  constructor(scoring: ScoringServers) {
    super();
    this.own(
      scoring.onChange(() => {
        for (const id of this.#shown.keys()) if (scoring.find(id) === undefined) this.#close(id);
      }),
    );
  }

  show({ id, title, port, log }: ScoringServer): void {
    const known = this.#shown.get(id);
    if (known !== undefined) {
      known.log.read();
      known.channel.show(true);
      return;
    }
    const channel = vscode.window.createOutputChannel(`Serving ${title.slice(0, LONGEST)} :${port}`, "log");
    this.#shown.set(id, { channel, log: new FollowedLog(log, (text) => channel.append(text)) });
    channel.show(true);
  }

  override dispose(): void {
    for (const id of this.#shown.keys()) this.#close(id);
    super.dispose();
  }

  #close(id: string): void {
    const shown = this.#shown.get(id);
    this.#shown.delete(id);
    shown?.log.dispose();
    shown?.channel.dispose();
  }
}
