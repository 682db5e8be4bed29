import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { KeptTables, SavedTable } from "../../../protocol/panels/experiment.ts";
import type { Platform } from "../../platform/platform.ts";
import type { StoreHandle } from "../../stores/stores.ts";

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
    const shared = (await this.#shared())[await this.#experiment()] ?? [];
    return { ...own, tables: [...own.tables, ...shared.map((table) => ({ ...table, shared: true }))] };
  }

  async keepFilters(filters: string[]): Promise<void> {
    await this.#keep({ ...this.#own(), filters });
  }

  /** Asks for a name where none is given; undefined when the person did not want to. */
  async save(table: unknown, shared: boolean, given?: string): Promise<string | undefined> {
    const title = shared ? "Name of the View in the Repository" : "Name of the View";
    const validateInput = (text: string) => (text.trim() === "" ? "A view has a name, such as Tuning." : undefined);
    const name = (given ?? (await vscode.window.showInputBox({ title, validateInput })))?.trim();
    if (name === undefined || name === "") return undefined;
    const with_ = (tables: SavedTable[]) => [...tables.filter((one) => one.name !== name), { name, table }];
    if (shared) await this.#writeShared(with_);
    else await this.#keep({ ...this.#own(), tables: with_(this.#own().tables) });
    return name;
  }

  async remove(name: string, shared: boolean): Promise<void> {
    const without = (tables: SavedTable[]) => tables.filter((one) => one.name !== name);
    if (shared) await this.#writeShared(without);
    else await this.#keep({ ...this.#own(), tables: without(this.#own().tables) });
  }

  #all(): Record<string, KeptTables> {
    return this.#platform.context.workspaceState.get<Record<string, KeptTables>>(KEY, {});
  }

  #own(): KeptTables {
    return this.#all()[this.#key] ?? { filters: [], tables: [] };
  }

  async #keep(kept: KeptTables): Promise<void> {
    await this.#platform.context.workspaceState.update(KEY, { ...this.#all(), [this.#key]: kept });
  }

  async #file(): Promise<vscode.Uri | undefined> {
    const folder = (await this.#store()).folders[0]?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    return folder === undefined ? undefined : vscode.Uri.joinPath(folder, ".vscode", FILE);
  }

  async #shared(): Promise<Record<string, SavedTable[]>> {
    const file = await this.#file();
    if (file === undefined) return {};
    try {
      return readShared(JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))));
    } catch (error) {
      // Most folders have none; one that is no JSON is the person's to mend.
      if (!(error instanceof vscode.FileSystemError)) this.#platform.log.warn(`${FILE}: ${String(error)}`);
      return {};
    }
  }

  async #writeShared(change: (tables: SavedTable[]) => SavedTable[]): Promise<void> {
    const file = await this.#file();
    if (file === undefined) throw new MlflowError("INVALID_STATE", "Open a folder to save views to its repository.");
    const experiment = await this.#experiment();
    const all = await this.#shared();
    const tables = change(all[experiment] ?? []).map(({ name, table }) => ({ name, table }));
    const { [experiment]: _before, ...others } = all;
    const next = tables.length === 0 ? others : { ...others, [experiment]: tables };
    const text = `${JSON.stringify({ format: 1, experiments: next }, undefined, 2)}\n`;
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  }
}

/** The border: anyone may write the file. */
function readShared(value: unknown): Record<string, SavedTable[]> {
  if (typeof value !== "object" || value === null || !("experiments" in value)) return {};
  const { experiments } = value;
  if (typeof experiments !== "object" || experiments === null) return {};
  const isTable = (one: unknown): one is SavedTable =>
    typeof one === "object" && one !== null && "name" in one && typeof one.name === "string" && "table" in one;
  return Object.fromEntries(
    Object.entries(experiments).map(([name, tables]) => [name, Array.isArray(tables) ? tables.filter(isTable) : []]),
  );
}
