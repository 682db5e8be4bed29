import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { MlprojectDocument } from "../../projects/document.ts";
import { findMlprojectName } from "../../projects/mlprojectName.ts";
import { Disposable } from "../platform/disposable.ts";
import { holdsFile } from "../platform/folders.ts";
import { FoundFiles } from "../platform/foundFiles.ts";
import type { Platform } from "../platform/platform.ts";

const FILES = "**/{MLproject,mlproject,MLPROJECT}";

/** An MLproject file as it was read last. */
export interface Project {
  file: vscode.Uri;
  /** Absolute path of its folder. */
  folder: string;
  /** Its own name, else its folder's. */
  name: string;
  document: MlprojectDocument;
}

/** The MLproject files of the workspace, read when asked and again when they change. */
export class ProjectFiles extends Disposable {
  readonly #files: FoundFiles;
  readonly onChange: vscode.Event<void>;

  constructor(platform: Platform) {
    super();
    const wanted = { name: "MLproject files", pattern: FILES, key: "flowdeck.hasProject" } as const;
    this.#files = this.own(new FoundFiles(platform, wanted));
    this.onChange = this.#files.onChange;
  }

  /** True when the folder holds an MLproject file, at any depth. */
  async has(folder: vscode.WorkspaceFolder): Promise<boolean> {
    const files = await this.#files.all();
    return files.some((file) => holdsFile([folder], file));
  }

  /** True when the file lies in the folder of an MLproject file, or below it. */
  async holds(file: vscode.Uri): Promise<boolean> {
    const files = await this.#files.all();
    return files.some(({ path }) => file.path.startsWith(path.slice(0, path.lastIndexOf("/") + 1)));
  }

  async all(): Promise<Project[]> {
    const projects = await Promise.all((await this.#files.all()).map(readProject));
    return projects
      .filter((project) => project !== undefined)
      .toSorted((one, other) => one.folder.localeCompare(other.folder));
  }
}

/** The project in a file as it stands in the editor, or on disk; undefined when it cannot be read. */
export async function readProject(file: vscode.Uri): Promise<Project | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  // A file that vanished between two looks is no project any more.
  const text = open?.getText() ?? (await readText(file).catch(() => undefined));
  if (text === undefined) return undefined;
  // The YAML reader is loaded with the first project, not with the window.
  const { readMlproject } = await import("../../projects/mlproject.ts");
  const document = readMlproject(text);
  const folder = dirname(file.fsPath);
  return { file, folder, name: document.name ?? basename(folder), document };
}

async function readText(file: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}

/** The project in a folder; undefined where the folder holds none. @throws FileSystemError without the folder. */
export async function readProjectIn(folder: string): Promise<Project | undefined> {
  const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
  const name = findMlprojectName(entries.map(([one]) => one));
  return name === undefined ? undefined : readProject(vscode.Uri.file(join(folder, name)));
}
