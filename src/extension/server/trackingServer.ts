import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { installedMlflow } from "../../projects/installedMlflow.ts";
import type { ServerDiscovery } from "../../protocol/discovery.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { setting } from "../platform/settings.ts";
import { findPythons } from "../projects/python.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { discoveryFileOf, readDiscovery } from "./discoveryFile.ts";
import { KeptServer, type Launch, StartFailure } from "./keptServer.ts";

/** The tracking server of one store, with this window's settings and words. */
export class TrackingServer extends Disposable {
  readonly #platform: Platform;
  readonly #store: StoreHandle;
  readonly #file: string;
  readonly #kept: KeptServer;
  #schemaRelease: string | undefined;
  readonly #started = this.own(new vscode.EventEmitter<ServerDiscovery>());

  /** Tells where the server is, also when it moved. */
  readonly onStart = this.#started.event;

  constructor(platform: Platform, store: StoreHandle) {
    super();
    this.#platform = platform;
    this.#store = store;
    this.#file = discoveryFileOf(platform.context.globalStorageUri.fsPath, store.uri);
    this.#kept = this.own(
      new KeptServer(() => this.#launch(), {
        onStart: (discovery) => this.#started.fire(discovery),
        onFailure: (error) => platform.log.warn(this.#sentenceOf(error).message),
      }),
    );
  }

  /** Port and token that the last server of this store had, and the next will have if it can. */
  lastKnown(): Promise<ServerDiscovery | undefined> {
    return readDiscovery(this.#file);
  }

  /** The running server, started if need be. Throws TEMPORARILY_UNAVAILABLE when it does not come up. */
  async ensure(): Promise<ServerDiscovery> {
    await this.#chooseSchema();
    try {
      return await this.#kept.ensure();
    } catch (error) {
      throw this.#sentenceOf(error);
    }
  }

  /** A database that is yet to be made is made for the mlflow that scripts of its folder will open it with. */
  async #chooseSchema(): Promise<void> {
    const [folder] = this.#store.folders;
    if (folder === undefined || this.#store.status.state !== "absent") return;
    const [python] = await findPythons(folder.uri);
    this.#schemaRelease = python === undefined ? undefined : await installedMlflow(python.path);
  }

  /** 0 = any free one. */
  get #port(): number {
    return setting("flowdeck.server.port", 0, this.#store.folders[0]?.uri);
  }

  #launch(): Launch {
    const { uri, status } = this.#store;
    return {
      discoveryFile: this.#file,
      logFile: this.#file.replace(/\.json$/, ".log"),
      version: String(this.#platform.context.extension.packageJSON.version),
      port: this.#port,
      args: [
        this.#platform.program("server.js"),
        ...["--backend-store-uri", uri, "--default-artifact-root", join(dirname(status.path), "mlruns")],
        ...["--access", "auto", "--host", "127.0.0.1"],
        ...(this.#schemaRelease === undefined ? [] : ["--schema-release", this.#schemaRelease]),
      ],
    };
  }

  #sentenceOf(error: unknown): Error {
    if (!(error instanceof StartFailure)) return error instanceof Error ? error : new Error(String(error));
    const { uri, name } = this.#store;
    this.#platform.log.error(`The tracking server of ${uri} did not start (${error.message}): ${error.said}`);
    if (/taken by another program/.test(error.said)) {
      return new MlflowError(
        "RESOURCE_CONFLICT",
        `Port ${this.#port} is taken by another program, so tracking into ${name} did not start.`,
      );
    }
    return new MlflowError(
      "TEMPORARILY_UNAVAILABLE",
      `Tracking into ${name} did not start, so scripts cannot log here yet.`,
    );
  }
}
