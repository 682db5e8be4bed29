import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import type { MlprojectDocument } from "../../projects/document.ts";
import { coalesce } from "../platform/coalesce.ts";
import { setContextKey } from "../platform/contextKeys.ts";
import { Disposable } from "../platform/disposable.ts";
import { holdsFile } from "../platform/folders.ts";
import type { Platform } from "../platform/platform.ts";

const FILES = "**/{MLproject,mlproject,MLPROJECT}";
const NOT_IN = "**/{node_modules,.venv,venv,.git,mlruns,site-packages}/**";
/** More projects than this in one workspace are not listed. */
const LIMIT = 200;

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
  readonly #platform: Platform;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  #found: Promise<vscode.Uri[]> | undefined;

  readonly onChange = this.#changed.event;

  constructor(platform: Platform) {
    super();
    this.#platform = platform;
    const tell = this.own(
      coalesce(platform, "MLproject files", 200, async () => {
        await this.#files();
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
    // Whatever is on screen, commands ask at once whether there is a project.
    tell.request();
  }

  /** True when the folder holds an MLproject file, at any depth. */
  async has(folder: vscode.WorkspaceFolder): Promise<boolean> {
    const files = await this.#files();
    return files.some((file) => holdsFile([folder], file));
  }

  /** True when the file lies in the folder of an MLproject file, or below it. */
  async holds(file: vscode.Uri): Promise<boolean> {
    const files = await this.#files();
    return files.some(({ path }) => file.path.startsWith(path.slice(0, path.lastIndexOf("/") + 1)));
  }

  async all(): Promise<Project[]> {
    const projects = await Promise.all((await this.#files()).map(readProject));
    return projects
      .filter((project) => project !== undefined)
      .toSorted((one, other) => one.folder.localeCompare(other.folder));
  }

  async #files(): Promise<vscode.Uri[]> {
    this.#found ??= Promise.resolve(vscode.workspace.findFiles(FILES, NOT_IN, LIMIT));
    // A search that failed is made again by who asks next.
    this.#found.catch(() => (this.#found = undefined));
    const files = (await this.#found).filter((file) => file.scheme === "file");
    setContextKey(this.#platform, "flowdeck.hasProject", files.length > 0);
    return files;
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
