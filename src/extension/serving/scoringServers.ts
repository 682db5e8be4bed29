import * as vscode from "vscode";
import type { ScoringServer } from "../../protocol/serving.ts";
import { Disposable } from "../platform/disposable.ts";

/** The scoring servers of this window's stores, the one started last at the end. */
export class ScoringServers extends Disposable {
  readonly #changed = this.own(new vscode.EventEmitter<undefined>());
  readonly #servers: ScoringServer[] = [];

  /** One began, ended, or what is told of it changed. */
  readonly onChange: vscode.Event<undefined> = this.#changed.event;

  list(): readonly ScoringServer[] {
    return this.#servers;
  }

  find(id: string): ScoringServer | undefined {
    return this.#servers.find((server) => server.id === id);
  }
}
