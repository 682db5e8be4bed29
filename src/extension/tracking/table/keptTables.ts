import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { KeptTables, SavedTable } from "../../../protocol/panels/experiment.ts";
import type { Platform } from "../../platform/platform.ts";
import { askText } from "../../platform/questions.ts";
import type { StoreHandle } from "../../stores/stores.ts";
import { NO_VIEWS, parseViews, type ViewsFile, viewsOf, withoutView, withView } from "./viewsFile.ts";

const KEY = "flowdeck.tracking.tables";
/** In `.vscode` of the store's folder. Made only when a person saves a view to the repository. */
const FILE = "flowdeck-views.json";

/** The views and filters of one experiment: those of the person in the workspace's state, those of everyone in a file. */
export class KeptTablesOf {
  readonly #platform: Platform;
  readonly #key: string;
  readonly #store: () => Promise<StoreHandle>;
  readonly #experiment: () => Promise<string>;

  /** `experiment` = its name, by which others know it. */
  constructor(
    platform: Platform,
    of: { uri: string; experiment_id: string },
    store: () => Promise<StoreHandle>,
    experiment: () => Promise<string>,
  ) {
    this.#platform = platform;
    this.#key = `${of.uri} ${of.experiment_id}`;
    this.#store = store;
    this.#experiment = experiment;
  }

  async read(): Promise<KeptTables> {
    const own = this.#own();
    const file = await this.#file();
    const views = file === undefined ? undefined : await this.#views(file);
    const shared = viewsOf(views ?? NO_VIEWS, await this.#experiment());
    return { ...own, tables: [...own.tables, ...shared.map((table) => ({ ...table, shared: true }))] };
  }

  async keepFilters(filters: string[]): Promise<void> {
    await this.#keep({ ...this.#own(), filters });
  }

  /** Asks for a name where none is given, and before it replaces a view; undefined when the person did not want to. */
  async save(table: unknown, shared: boolean, given?: string): Promise<string | undefined> {
    const title = shared ? "Name of the View in the Repository" : "Name of the View";
    const validateInput = (text: string) => (text.trim() === "" ? "A view has a name, such as Tuning." : undefined);
    const name = (given ?? (await askText({ title, validateInput })))?.trim();
    if (name === undefined || name === "") return undefined;
    const { tables } = await this.read();
    const isTaken = tables.some((one) => one.name === name && (one.shared ?? false) === shared);
    if (isTaken && !(await isReplaced(name))) return undefined;
    const view = { name, table };
    if (shared) return (await this.#writeShared((views, of) => withView(views, of, view))) ? name : undefined;
    await this.#keep({ ...this.#own(), tables: [...this.#others(name), view] });
    return name;
  }

  async remove(name: string, shared: boolean): Promise<void> {
    if (shared) await this.#writeShared((views, of) => withoutView(views, of, name));
    else await this.#keep({ ...this.#own(), tables: this.#others(name) });
  }

  #all(): Record<string, KeptTables> {
    return this.#platform.context.workspaceState.get<Record<string, KeptTables>>(KEY, {});
  }

  #own(): KeptTables {
    return this.#all()[this.#key] ?? { filters: [], tables: [] };
  }

  #others(name: string): SavedTable[] {
    return this.#own().tables.filter((one) => one.name !== name);
  }

  async #keep(kept: KeptTables): Promise<void> {
    await this.#platform.context.workspaceState.update(KEY, { ...this.#all(), [this.#key]: kept });
  }

  async #file(): Promise<vscode.Uri | undefined> {
    const folder = (await this.#store()).folders[0]?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    return folder === undefined ? undefined : vscode.Uri.joinPath(folder, ".vscode", FILE);
  }

  /** The views of everyone; undefined where their file cannot be read. One that is not there holds none. */
  async #views(file: vscode.Uri): Promise<ViewsFile | undefined> {
    try {
      const views = parseViews(
        new TextDecoder("utf-8", { fatal: true }).decode(await vscode.workspace.fs.readFile(file)),
      );
      if (views === undefined) this.#platform.log.warn(`${FILE} holds no views of runs tables`);
      return views;
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return NO_VIEWS;
      this.#platform.log.warn(`${FILE}: ${String(error)}`);
      return undefined;
    }
  }

  /** False, and the person is told, where the file cannot be read: what stands in it would be lost. */
  async #writeShared(change: (views: ViewsFile, experiment: string) => string): Promise<boolean> {
    const file = await this.#file();
    if (file === undefined) throw new MlflowError("INVALID_STATE", "Open a folder to save views to its repository.");
    const experiment = await this.#experiment();
    const views = await this.#views(file);
    if (views === undefined) {
      const message = `Flowdeck cannot read the views in ${FILE}, so it left the file as it is.`;
      const run = () => vscode.commands.executeCommand("vscode.open", file);
      this.#platform.report(new MlflowError("INVALID_STATE", message), { title: "Open File", run });
      return false;
    }
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(change(views, experiment)));
    return true;
  }
}

async function isReplaced(name: string): Promise<boolean> {
  const detail = "What the view shows so far is lost.";
  const replace = "Replace";
  const question = `Replace the view ${name}?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, replace)) === replace;
}
