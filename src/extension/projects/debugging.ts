import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { sweepDebugFolders, useDebugFolder, type DebugRequest } from "../../projects/debugShim.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { watchFolder } from "../platform/watchFolder.ts";
import type { Project } from "./projectFiles.ts";

const DEBUGGER = "debugpy";
/** ms between two looks for a starting Python, where its folder cannot be watched. */
const POLL = 200;
const HOST = "127.0.0.1";

/** Nothing here debugs Python: an extension that does helps. */
export class NoDebugger extends MlflowError {}

/**
 * Debugging of runs. The runner owns a debugged run as every other one; each Python that its command starts asks for a
 * debugger by a file (`DebugRequest`), and gets a session of the editor that listens for it. So a shell command with several
 * Pythons, in turn or at once, is debugged as it is, and the run's end is told whatever becomes of the debugger.
 */
export class Debugging extends Disposable {
  readonly #platform: Platform;
  /** Holds a folder for each debugged run. */
  readonly #root: string;
  /** By port: the file that tells a waiting Python of it. */
  readonly #waiting = new Map<number, string>();

  constructor(platform: Platform) {
    super();
    this.#platform = platform;
    this.#root = join(platform.context.globalStorageUri.fsPath, "debug");
    platform.background("debugged runs that are over", sweepDebugFolders(this.#root));
    const listens = (event: vscode.DebugSessionCustomEvent): void => {
      // Sent by debugpy's adapter (1.8) once it listens.
      if (event.event !== "debugpyWaitingForServer") return;
      const { listen } = event.session.configuration as { listen?: { port?: number } };
      if (listen?.port !== undefined) platform.background("telling a Python its port", this.#answer(listen.port));
    };
    this.own(vscode.debug.onDidReceiveDebugSessionCustomEvent(listens));
  }

  /** What goes into the request of a run that shall be debugged. @throws NoDebugger. */
  async prepare(project: Project, entry_point: string): Promise<DebugRequest> {
    const debuggers = vscode.extensions.all.filter(offersDebugpy);
    if (debuggers.length === 0) {
      throw new NoDebugger("RESOURCE_DOES_NOT_EXIST", "No extension here debugs Python; the Python Debugger does.");
    }
    const folder = join(this.#root, randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await useDebugFolder({ folder });
    const name = `${entry_point} (${project.name})`;
    const asked = new Set<string>();
    const look = (): void => this.#platform.background("debugging", this.#look(project, name, folder, asked, watcher));
    const watcher: vscode.Disposable = this.own(watchFolder(this.#platform, folder, POLL, look));
    const bundled = debuggers.map((one) => join(one.extensionPath, "bundled", "libs", "debugpy")).find(existsSync);
    return { folder, debugpy: bundled === undefined ? ["-m", "debugpy"] : [bundled] };
  }

  async #look(
    project: Project,
    name: string,
    folder: string,
    asked: Set<string>,
    watcher: vscode.Disposable,
  ): Promise<void> {
    let files: string[];
    try {
      files = await readdir(folder);
    } catch {
      // The runner has removed it: the run is over.
      watcher.dispose();
      this.disown(watcher);
      return;
    }
    for (const file of files) {
      const [, pid] = /^wanted\.(\d+)$/.exec(file) ?? [];
      if (pid === undefined || asked.has(pid)) continue;
      asked.add(pid);
      await this.#listen(project, name, join(folder, `port.${pid}`));
    }
  }

  async #listen(project: Project, name: string, answer: string): Promise<void> {
    const port = await freePort();
    this.#waiting.set(port, answer);
    const configuration: vscode.DebugConfiguration = {
      name,
      type: DEBUGGER,
      request: "attach",
      listen: { host: HOST, port },
      subProcess: true,
      // What the command prints stands in the run's terminal.
      internalConsoleOptions: "neverOpen",
    };
    const folder = vscode.workspace.getWorkspaceFolder(project.file);
    // Resolves when the Python has come, which waits for the port: not waited for here.
    const started = Promise.resolve(vscode.debug.startDebugging(folder, configuration)).then((there) => {
      if (!there) throw new MlflowError("INVALID_STATE", `${name} runs without its debugger, which did not start.`);
    });
    started.catch((error: unknown) => this.#platform.report(error));
  }

  async #answer(port: number): Promise<void> {
    const file = this.#waiting.get(port);
    if (file === undefined) return;
    this.#waiting.delete(port);
    await writeFile(`${file}.new`, String(port));
    await rename(`${file}.new`, file);
  }

  /** A run that never began needs no folder. */
  async forget({ folder }: DebugRequest): Promise<void> {
    await rm(folder, { recursive: true, force: true });
  }
}

function offersDebugpy(extension: vscode.Extension<unknown>): boolean {
  const manifest = extension.packageJSON as { contributes?: { debuggers?: { type?: string }[] } };
  return manifest.contributes?.debuggers?.some(({ type }) => type === DEBUGGER) ?? false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen(0, HOST, () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    server.close(() => resolve(port));
  });
  return promise;
}
