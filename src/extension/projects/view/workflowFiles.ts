import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { Disposable } from "../../platform/disposable.ts";
import { FoundFiles } from "../../platform/foundFiles.ts";
import type { Platform } from "../../platform/platform.ts";

const FILES = "**/{workflow,*.workflow}.mlflow.{yaml,yml}";

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
  readonly #files: FoundFiles;
  readonly onChange: vscode.Event<void>;

  constructor(platform: Platform) {
    super();
    const wanted = { name: "workflow files", pattern: FILES, key: "flowdeck.hasWorkflow" } as const;
    this.#files = this.own(new FoundFiles(platform, wanted));
    this.onChange = this.#files.onChange;
  }

  async files(): Promise<vscode.Uri[]> {
    return (await this.#files.all()).toSorted((one, other) => one.fsPath.localeCompare(other.fsPath));
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
