import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { coalesce } from "../../platform/coalesce.ts";
import { setContextKey } from "../../platform/contextKeys.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Platform } from "../../platform/platform.ts";

const FILES = "**/{workflow,*.workflow}.mlflow.{yaml,yml}";
const NOT_IN = "**/{node_modules,.venv,venv,.git,mlruns,site-packages}/**";
const LIMIT = 200;

/** A workflow file as it was read last. */
export interface WorkflowFile {
  file: vscode.Uri;
  folder: string;
  name: string;
  /** How many it has; undefined when it cannot be read. */
  steps: number | undefined;
  /** The first error in it. */
  problem?: string;
}

/** The workflow files of the workspace, read when asked and again when they change. */
export class WorkflowFiles extends Disposable {
  readonly #platform: Platform;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  #found: Promise<vscode.Uri[]> | undefined;

  readonly onChange = this.#changed.event;

  constructor(platform: Platform) {
    super();
    this.#platform = platform;
    const tell = this.own(
      coalesce(platform, "workflow files", 200, async () => {
        await this.files();
        this.#changed.fire();
      }),
    );
    const again = (): void => {
      this.#found = undefined;
      tell.request();
    };
    const watcher = this.own(vscode.workspace.createFileSystemWatcher(FILES));
    this.own(watcher.onDidCreate(again));
    this.own(watcher.onDidDelete(again));
    this.own(watcher.onDidChange(() => tell.request()));
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(again));
    // Commands ask at once whether there is a workflow.
    tell.request();
  }

  async files(): Promise<vscode.Uri[]> {
    this.#found ??= Promise.resolve(vscode.workspace.findFiles(FILES, NOT_IN, LIMIT));
    // A search that failed is made again by who asks next.
    this.#found.catch(() => (this.#found = undefined));
    const files = (await this.#found).filter((file) => file.scheme === "file");
    setContextKey(this.#platform, "flowdeck.hasWorkflow", files.length > 0);
    return files.toSorted((one, other) => one.fsPath.localeCompare(other.fsPath));
  }

  async all(): Promise<WorkflowFile[]> {
    return Promise.all((await this.files()).map(readFile));
  }
}

async function readFile(file: vscode.Uri): Promise<WorkflowFile> {
  const { fsPath } = file;
  const place = { file, folder: dirname(fsPath), name: basename(fsPath), steps: undefined };
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  try {
    const text = open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    // The YAML reader is loaded with the first file, not with the window.
    const { readWorkflow } = await import("../../../projects/workflow/readWorkflow.ts");
    const { steps, problems } = readWorkflow(text);
    const problem = problems.find(({ severity }) => severity === "error")?.message;
    return { ...place, steps: steps.length, ...(problem === undefined ? {} : { problem }) };
  } catch {
    // A file that vanished between two looks.
    return place;
  }
}
