import { existsSync } from "node:fs";
import { isAbsolute, sep } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { TRACE_TAG } from "../mlflow/traces.ts";
import { foreignPath, relocator } from "./relocate.ts";

// A store whose answers name artifact locations as they are on this machine. What is stored stays as it is.

/** Methods that answer locations. */
const METHODS = [
  "getExperiment",
  "getExperimentByName",
  "searchExperiments",
  "createRun",
  "getRun",
  "updateRun",
  "searchRuns",
  "runTexts",
  "createLoggedModel",
  "getLoggedModel",
  "finalizeLoggedModel",
  "searchLoggedModels",
  "createRegisteredModel",
  "getRegisteredModel",
  "updateRegisteredModel",
  "renameRegisteredModel",
  "searchRegisteredModels",
  "getLatestVersions",
  "getModelVersionByAlias",
  "createModelVersion",
  "getModelVersion",
  "getModelVersionDownloadUri",
  "updateModelVersion",
  "transitionModelVersionStage",
  "searchModelVersions",
  "textsOfModels",
  "textsOfVersions",
  "moreOfVersions",
  "startTrace",
  "startRunningTrace",
  "endRunningTrace",
  "getTraceInfo",
  "getTraceInfos",
  "searchTraces",
] as const;

/** Locations of the store to learn from where its folders lie now; those of runs first. */
export type Samples = () => Promise<string[]>;

/** `store` with its locations found in `bases`, its own folders, when they are not where they were written. */
export function relocated<S extends object>(store: S, bases: readonly string[], samples: Samples): S {
  const folders = new Folders(bases, samples);
  const wrapped: Record<string, unknown> = {};
  for (const name of METHODS) {
    const method: unknown = Reflect.get(store, name);
    if (typeof method !== "function") continue;
    wrapped[name] = async (...args: unknown[]) => folders.placed(await Reflect.apply(method, store, args));
  }
  return { ...store, ...wrapped };
}

/** Finds the locations of an answer where they are on this machine. */
export type Locate = <T>(answer: T) => Promise<T>;

export function locator(bases: readonly string[], samples: Samples): Locate {
  const folders = new Folders(bases, samples);
  // The border: what comes back is what was given, or a copy of it with other locations.
  return async <T>(answer: T) => (await folders.placed(answer)) as T;
}

/** ms until folders that were not found are looked for again: a copy may be under way. Each time in vain it is twice as long, up to the longest. */
const RETRY_AFTER = 5_000;
const LONGEST_RETRY = 120_000;
/** ms for which a folder that was found is taken to be there. */
const SURE_FOR = 60_000;
const MOST_FOLDERS = 10_000;

interface Known {
  /** The same folder on this machine. */
  here: string;
  /** Whether it was found; else it is looked for again. */
  found: boolean;
  until: number;
}

/** Folders that hold runs and logged models (an experiment's), as they were written → as they are here. */
class Folders {
  readonly #own: string[];
  readonly #samples: Samples;
  readonly #relocate: ReturnType<typeof relocator>;
  readonly #known = new Map<string, Known>();
  #missing = false;
  #learnedAt = 0;
  #retryAfter = RETRY_AFTER;

  constructor(bases: readonly string[], samples: Samples) {
    this.#own = bases.map((base) => (base.endsWith(sep) ? base : base + sep));
    this.#samples = samples;
    this.#relocate = relocator(bases);
  }

  async placed(answer: unknown): Promise<unknown> {
    this.#missing = false;
    const placed = visit(answer, (location) => this.#place(location));
    if (!this.#missing || Date.now() - this.#learnedAt < this.#retryAfter) return placed;
    await this.#learn();
    this.#missing = false;
    const again = visit(answer, (location) => this.#place(location));
    this.#retryAfter = this.#missing ? Math.min(this.#retryAfter * 2, LONGEST_RETRY) : RETRY_AFTER;
    return again;
  }

  /** The first locations of the store that are found tell where the others are. */
  async #learn(): Promise<void> {
    this.#learnedAt = Date.now();
    for (const location of await this.#samplesIfAny()) this.#relocate(location, undefined, true);
    for (const [folder, { found }] of this.#known) if (!found) this.#known.delete(folder);
  }

  /** None when the store cannot be read just now: what was asked of it is answered already, and may have been written. */
  async #samplesIfAny(): Promise<string[]> {
    try {
      return await this.#samples();
    } catch (error) {
      if (error instanceof MlflowError) return [];
      throw error;
    }
  }

  #place(location: string): string {
    if (this.#own.some((base) => location.startsWith(base))) return location;
    const { folder, rest } = split(location);
    let known = this.#known.get(folder);
    if (known === undefined || known.until < Date.now()) {
      known = this.#look(location, folder, rest);
      if (this.#known.size >= MOST_FOLDERS) this.#known.clear();
      this.#known.set(folder, known);
    }
    if (!known.found) this.#missing = true;
    return known.here === folder ? location : known.here + rest.replaceAll("\\", "/");
  }

  #look(location: string, folder: string, rest: string): Known {
    const path = foreignPath(folder);
    const isHere = path === undefined || (isAbsolute(path) && existsSync(path));
    if (isHere) return { here: folder, found: true, until: Date.now() + SURE_FOR };
    const whole = this.#relocate(location);
    const tail = rest.replaceAll("\\", "/");
    if (whole === location || !whole.endsWith(tail)) {
      return { here: folder, found: false, until: Date.now() + this.#retryAfter };
    }
    return { here: whole.slice(0, whole.length - tail.length), found: true, until: Date.now() + SURE_FOR };
  }
}

/** The folder of an experiment, and what MLflow puts below it: `<run_id>/artifacts/…`, `models/<id>/artifacts/…`. */
function split(location: string): { folder: string; rest: string } {
  const found = /[\\/](?:(?:models|traces)[\\/])?[^\\/]+[\\/]artifacts(?:[\\/].*)?$/s.exec(location);
  if (found === null) return { folder: location, rest: "" };
  return { folder: location.slice(0, found.index), rest: found[0] };
}

/** An answer with its locations changed: itself when none was. */
function visit<T>(answer: T, change: (location: string) => string): T {
  if (typeof answer !== "object" || answer === null) return answer;
  const changes: Record<string, unknown> = {};
  if (Array.isArray(answer)) {
    const items: unknown[] = answer.map((item: unknown) => visit(item, change));
    // The border: the items are what they were, or copies of it.
    return items.some((item, i) => item !== answer[i]) ? (items as T) : answer;
  }
  for (const name of ["artifact_location", "artifact_uri", "source", TRACE_TAG.artifactLocation] as const) {
    const before: unknown = Reflect.get(answer, name);
    if (typeof before !== "string" || before === "") continue;
    const after = change(before);
    if (after !== before) changes[name] = after;
  }
  for (const name of ["info", "items", "latest_versions", "tags"] as const) {
    const before: unknown = Reflect.get(answer, name);
    if (typeof before !== "object" || before === null || (name === "tags" && Array.isArray(before))) continue;
    const after = visit(before, change);
    if (after !== before) changes[name] = after;
  }
  return Object.keys(changes).length > 0 ? { ...answer, ...changes } : answer;
}
