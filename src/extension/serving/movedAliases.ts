import * as vscode from "vscode";
import type { ScoringServer } from "../../protocol/serving.ts";
import { coalesce } from "../platform/coalesce.ts";
import { Disposable } from "../platform/disposable.ts";
import { plainText } from "../platform/platform.ts";
import { noteVersion, type AskedMoves } from "./askedMoves.ts";
import { isLive } from "./serverText.ts";
import type { ServingParts } from "./startServing.ts";

const ASKED = "flowdeck.serving.askedMoves";

/** Asks, once for each move of an alias, whether a server that was started by it takes the version that it names now. */
export class MovedAliases extends Disposable {
  readonly #parts: ServingParts;

  constructor(parts: ServingParts) {
    super();
    this.#parts = parts;
    const { platform, stores, scoring } = parts;
    const look = this.own(coalesce(platform, "aliases of served models", 300, () => this.#look()));
    this.own(stores.onChange(({ change }) => (change.models || change.everything) && look.request()));
    this.own(scoring.onTurn(({ server }) => server.model?.alias !== undefined && look.request()));
  }

  async #look(): Promise<void> {
    const { platform, scoring } = this.#parts;
    for (const server of scoring.list()) {
      if (!isLive(server)) continue;
      const now = await this.#versionNow(server);
      if (now === undefined) continue;
      const { workspaceState } = platform.context;
      const { id, model } = server;
      const noted = noteVersion(workspaceState.get<AskedMoves>(ASKED, {}), { id, served: model?.version, now });
      if (noted === undefined) continue;
      await workspaceState.update(ASKED, noted.asked);
      if (noted.asks) platform.background("moved alias", this.#ask(server, now));
    }
  }

  /** Undefined when the alias is gone, which leaves the server what it is. */
  async #versionNow({ store: uri, model }: ScoringServer): Promise<string | undefined> {
    const store = this.#parts.stores.known.find((one) => one.uri === uri);
    if (store === undefined || model?.alias === undefined) return undefined;
    const { name, alias } = model;
    const found = await store.remote.getModelVersionByAlias({ name, alias }).catch(() => undefined);
    return found?.version;
  }

  async #ask(server: ScoringServer, now: string): Promise<void> {
    const { platform, scoring } = this.#parts;
    const { name, alias, version } = server.model ?? {};
    const withNew = `Restart with ${now}`;
    const chosen = await vscode.window.showInformationMessage(
      plainText(
        `@${alias} of ${name} moved from ${version} to ${now}; the server on :${server.port} still answers with ${version}.`,
      ),
      withNew,
      `Keep ${version}`,
    );
    if (chosen !== withNew || scoring.find(server.id) === undefined) return;
    try {
      const { restart } = await import("./actions.ts");
      await restart(this.#parts, server);
    } catch (error) {
      platform.report(error);
    }
  }
}
