import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Experiment } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { StoreStatus } from "../../protocol/stores.ts";
import { type Relocate, relocator } from "../relocate.ts";
import { invalid } from "../validation.ts";
import { RunCache } from "./cacheFile.ts";
import { readExperiment } from "./experimentFolder.ts";
import { type Meta, readMeta, textOf } from "./metaYaml.ts";
import { readRun, type StoredRun, toDataset } from "./runFolder.ts";
import { RunKeeper, wholeItems } from "./runKeeper.ts";
import { Shelf } from "./shelf.ts";
import { entriesOf, readOwn, statsOf } from "./stamps.ts";
import { Edit } from "./write.ts";

export const TRASH = ".trash";
export const MODELS = "models";
/** Folders of an experiment that are no runs. */
const NO_RUNS = ["tags", "datasets", "traces", MODELS];

export interface FolderOptions {
  readonly: boolean;
  /** Parent of new experiments' artifacts; absent: the store's own folder, as MLflow does. */
  artifactRoot?: string;
  cacheFolder?: string;
}

/** Told what was found changed, whoever changed it. */
export interface FolderListener {
  experimentChanged(experiment_id: string): void;
  runChanged(experiment_id: string, run_id: string): void;
  modelsChanged(): void;
}

/** An experiment and the folder it has now. */
export interface Place {
  experiment: Experiment;
  folder: string;
}

/** An `mlruns` folder: what is known of it, and the guard of everything written to it. */
export class StoreFolder {
  readonly root: string;
  readonly relocate: Relocate;
  readonly active: Shelf<Experiment>;
  readonly deleted: Shelf<Experiment>;
  readonly #options: FolderOptions;
  readonly #runs = new Map<string, Shelf<StoredRun>>();
  readonly #experimentOf = new Map<string, string>();
  readonly #cache: RunCache | undefined;
  readonly #keeper: RunKeeper | undefined;
  #placeKnown = false;
  listener: FolderListener | undefined;

  constructor(root: string, options: FolderOptions) {
    this.root = root;
    this.#options = options;
    this.relocate = relocator([root, dirname(root)]);
    this.#cache = options.cacheFolder === undefined ? undefined : new RunCache(options.cacheFolder, root);
    this.#keeper = this.#cache && new RunKeeper(this.#cache);
    const changed = (id: string) => this.listener?.experimentChanged(id);
    this.active = new Shelf(root, {
      read: (look, name) => readExperiment(look, name, "active", this),
      except: [TRASH, MODELS],
      changed,
    });
    this.deleted = new Shelf(join(root, TRASH), {
      read: (look, name) => readExperiment(look, name, "deleted", this),
      changed,
    });
  }

  /** Learns from an experiment that keeps its artifacts in its own folder where the store was when it was written. */
  learnPlace(): void {
    if (this.#placeKnown) return;
    this.#placeKnown = true;
    for (const { name } of entriesOf(this.root)) {
      const meta = readMeta(readOwn(join(this.root, name), "meta.yaml") ?? "");
      const location = textOf(meta?.["artifact_location"]);
      if (location === undefined || basename(location) !== name) continue;
      this.relocate(location, join(this.root, name));
      return;
    }
  }

  status(): Pick<StoreStatus, "state" | "read_only" | "problem"> {
    const name = `\`${basename(this.root)}\``;
    const { readonly } = this.#options;
    const stats = statsOf(this.root);
    if (stats === undefined) return { state: "absent", read_only: readonly };
    if (!stats.isDirectory()) return { state: "unreadable", read_only: true, problem: `${name} is no folder.` };
    try {
      if (readdirSync(this.root).length === 0) return { state: "absent", read_only: readonly };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { state: "unreadable", read_only: true, problem: `${name} cannot be read: ${reason}.` };
    }
    if (readonly) return { state: "open", read_only: true };
    if (isWritable(this.root)) return { state: "open", read_only: false };
    return { state: "open", read_only: true, problem: `${name} may not be written: its folder is read-only.` };
  }

  /**
   * Does `work`, which writes: all of it or nothing. Throws PERMISSION_DENIED for a read-only store, RESOURCE_EXHAUSTED when the
   * disk is full, IO_ERROR when it refuses.
   */
  write<T>(work: (edit: Edit) => T): T {
    const { state, read_only, problem } = this.status();
    const name = `\`${basename(this.root)}\``;
    if (read_only) throw new MlflowError("PERMISSION_DENIED", problem ?? `${name} is open for reading only.`);
    const edit = new Edit(join(this.root, TRASH));
    let result: T;
    try {
      if (state === "absent") this.#create(edit);
      result = work(edit);
    } catch (error) {
      edit.undo();
      throw refusal(error, name);
    }
    edit.finish();
    return result;
  }

  /** Where an experiment lies now. Throws RESOURCE_DOES_NOT_EXIST. */
  experiment(experiment_id: string): Place {
    const id = experiment_id === "" ? "0" : experiment_id;
    const found = /^[\p{L}\p{N}_-]+$/u.test(id) ? this.#experiment(id) : undefined;
    if (found !== undefined) return found;
    if (!/^\s*[+-]?\d+\s*$/.test(id)) {
      throw invalid(`Invalid experiment ID '${experiment_id}'. Experiment ID must be a valid integer.`);
    }
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No Experiment with id=${id} exists`);
  }

  #experiment(id: string): Place | undefined {
    const active = id === MODELS ? undefined : this.active.get(id);
    if (active !== undefined) return { experiment: active, folder: join(this.root, id) };
    const deleted = this.deleted.get(id);
    if (deleted !== undefined) return { experiment: deleted, folder: join(this.root, TRASH, id) };
    return id === "0" && this.status().state === "absent" ? this.#unmade() : undefined;
  }

  /** Every experiment with its folder. */
  async experiments(): Promise<Place[]> {
    await this.active.refresh();
    await this.deleted.refresh();
    const active = this.active.values().map((experiment) => this.#place(experiment, this.root));
    const ids = new Set(active.map(({ experiment }) => experiment.experiment_id));
    const deleted = this.deleted.values().filter(({ experiment_id }) => !ids.has(experiment_id));
    const places = [...active, ...deleted.map((experiment) => this.#place(experiment, this.deleted.folder))];
    return places.length === 0 && this.status().state === "absent" ? [this.#unmade()] : places;
  }

  #place(experiment: Experiment, parent: string): Place {
    return { experiment, folder: join(parent, experiment.experiment_id) };
  }

  /** The runs of an experiment as they were known last; undefined when there is no such experiment. */
  runs(experiment_id: string): Shelf<StoredRun> | undefined {
    const place = /^[\p{L}\p{N}_-]+$/u.test(experiment_id) ? this.#experiment(experiment_id) : undefined;
    return place === undefined ? undefined : this.runsOf(place);
  }

  runsOf({ experiment: { experiment_id }, folder }: Place): Shelf<StoredRun> {
    const known = this.#runs.get(experiment_id);
    if (known?.folder === folder) return known;
    const place = {
      experiment_id,
      datasets: join(folder, "datasets"),
      readDataset: (id: string) => readDataset(folder, id),
    };
    const shelf = new Shelf<StoredRun>(folder, {
      read: (look, name, before) => {
        const stored = readRun(look, name, place, before);
        if (stored === undefined) return undefined;
        this.#experimentOf.set(name, experiment_id);
        return this.#here(stored);
      },
      except: NO_RUNS,
      isLive: ({ run: { info } }) => info.status === "RUNNING" && info.lifecycle_stage === "active",
      changed: (run_id) => this.listener?.runChanged(experiment_id, run_id),
    });
    // A folder that was moved (deleted, restored) holds the same runs; what was not read yet is looked for in the new place.
    if (known !== undefined) {
      this.#keeper?.forget(experiment_id);
      shelf.restore(wholeItems(known));
    } else if (this.#cache !== undefined) this.#restore(shelf, experiment_id);
    this.#runs.set(experiment_id, shelf);
    return shelf;
  }

  #restore(shelf: Shelf<StoredRun>, experiment_id: string): void {
    const items = this.#cache?.read(experiment_id) ?? [];
    for (const [name, { value }] of items) {
      this.#experimentOf.set(name, experiment_id);
      if (value !== undefined) this.#here(value);
    }
    shelf.restore(items);
  }

  /** Names the place that the run's artifacts have on this machine. */
  #here(stored: StoredRun): StoredRun {
    stored.run.info.artifact_uri = this.relocate(stored.artifact_uri);
    return stored;
  }

  /** Runs of experiments, up to date. */
  async upToDate(experiment_ids: readonly string[], signal?: AbortSignal): Promise<StoredRun[]> {
    const all: StoredRun[] = [];
    for (const experiment_id of new Set(experiment_ids)) {
      const shelf = this.runs(experiment_id);
      if (shelf === undefined) continue;
      await shelf.refresh(signal);
      this.#keeper?.keepLater(experiment_id, shelf);
      all.push(...shelf.values());
    }
    return all;
  }

  /** One run and its folder. Throws RESOURCE_DOES_NOT_EXIST. */
  run(run_id: string): { stored: StoredRun; folder: string; place: Place } {
    for (const place of this.#candidates(run_id)) {
      const stored = this.runsOf(place).get(run_id);
      if (stored !== undefined) return { stored, folder: join(place.folder, run_id), place };
    }
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Run with id=${run_id} not found`);
  }

  /** The experiment a run was seen in last, then all others. */
  *#candidates(run_id: string): Generator<Place> {
    if (!/^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u.test(run_id)) return;
    const known = this.#experimentOf.get(run_id);
    const likely = known === undefined ? undefined : this.#experiment(known);
    if (likely !== undefined) yield likely;
    for (const place of this.placesNow()) {
      if (place.experiment.experiment_id !== known && existsSync(join(place.folder, run_id))) yield place;
    }
  }

  /** Every experiment with its folder, looked at without letting others pass. */
  placesNow(): Place[] {
    return [this.active, this.deleted].flatMap((shelf) => {
      shelf.refreshNow();
      return shelf.values().map((experiment) => this.#place(experiment, shelf.folder));
    });
  }

  /** Shelves of runs that somebody has asked for. */
  get asked(): [string, Shelf<StoredRun>][] {
    return [...this.#runs];
  }

  close(): void {
    this.#keeper?.close(this.#runs);
  }

  /** Parent of a new experiment's artifacts. */
  get artifactRoot(): string {
    return this.#options.artifactRoot ?? pathToFileURL(this.root).href;
  }

  /** Experiment 0 of a folder that is not there yet: what Python makes at its first look. */
  #unmade(): Place {
    const experiment: Experiment = {
      experiment_id: "0",
      name: "Default",
      artifact_location: `${this.artifactRoot}/0`,
      lifecycle_stage: "active",
      tags: [],
    };
    return { experiment, folder: join(this.root, "0") };
  }

  #create(edit: Edit): void {
    edit.folder(join(this.root, TRASH));
    edit.folder(join(this.root, "0"));
    edit.meta(join(this.root, "0"), experimentMeta({ ...this.#unmade().experiment }, Date.now()));
  }
}

/** A new experiment's meta.yaml. */
export function experimentMeta({ experiment_id, name, artifact_location }: Experiment, now: number): Meta {
  return {
    artifact_location,
    creation_time: now,
    experiment_id,
    last_update_time: now,
    lifecycle_stage: "active",
    name,
  };
}

/** What a failed write is told as. */
function refusal(error: unknown, name: string): unknown {
  if (error instanceof MlflowError || !(error instanceof Error) || !("code" in error)) return error;
  switch (error.code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new MlflowError("PERMISSION_DENIED", `${name} cannot be written: permission denied.`, { cause: error });
    case "ENOSPC":
    case "EDQUOT":
      return new MlflowError("RESOURCE_EXHAUSTED", `${name} cannot be written: the disk is full.`, { cause: error });
    case "ENAMETOOLONG":
    case "ENOTDIR":
    case "EISDIR":
    case "EEXIST":
      // A key is a path: one of 300 letters is too long for a file's name, and `a/b` cannot be where `a` is.
      return new MlflowError("INVALID_PARAMETER_VALUE", `A key or name cannot be kept as a file of ${name}.`, {
        cause: error,
      });
    default:
      return new MlflowError("IO_ERROR", `${name} cannot be written (${String(error.code)}).`, { cause: error });
  }
}

function readDataset(folder: string, id: string) {
  if (!/^[\w-]+$/.test(id)) return undefined;
  const meta = readMeta(readOwn(folder, join("datasets", id, "meta.yaml")) ?? "");
  return meta === undefined ? undefined : toDataset(meta);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    // Asked to be told so.
    return false;
  }
}
