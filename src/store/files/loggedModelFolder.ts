import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LoggedModel, LoggedModelStatus, Metric } from "../../mlflow/entities.ts";
import { LOGGED_MODEL_STATUSES } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { eachLine, isLater, readPoint } from "./metricFile.ts";
import { numberOf, readMeta, textOf } from "./metaYaml.ts";
import { readParams, readTexts } from "./runFolder.ts";
import { Shelf } from "./shelf.ts";
import type { Look } from "./stamps.ts";
import { MODELS, type Place, type StoreFolder } from "./storeFolder.ts";

/** A logged model as its folder (`<experiment>/models/m-…`, mlflow 3.x) tells it. */
export interface StoredModel {
  model: LoggedModel;
  deleted: boolean;
}

/** The number that MLflow stores for a status: 1 pending, 2 ready, 3 failed. */
export function statusNumber(status: LoggedModelStatus): number {
  return LOGGED_MODEL_STATUSES.indexOf(status);
}

const shelves = new WeakMap<StoreFolder, Map<string, Shelf<StoredModel>>>();

/** The logged models of an experiment. */
export function loggedModelsOf(store: StoreFolder, { experiment, folder }: Place): Shelf<StoredModel> {
  const known = shelves.get(store) ?? new Map<string, Shelf<StoredModel>>();
  shelves.set(store, known);
  const path = join(folder, MODELS);
  const found = known.get(path);
  if (found !== undefined) return found;
  const shelf = new Shelf<StoredModel>(path, {
    read: (look, name) => readLoggedModel(look, name, experiment.experiment_id, store),
    changed: () => store.listener?.modelsChanged(),
  });
  known.set(path, shelf);
  return shelf;
}

/** Shelves of logged models that somebody has asked for. */
export function askedLoggedModels(store: StoreFolder): Shelf<StoredModel>[] {
  return [...(shelves.get(store)?.values() ?? [])];
}

export interface FoundModel {
  stored: StoredModel;
  folder: string;
  shelf: Shelf<StoredModel>;
}

/** Finds one logged model. Throws RESOURCE_DOES_NOT_EXIST. */
export function findLoggedModel(store: StoreFolder, model_id: string, deletedToo = false): FoundModel {
  if (/^[\w-]+$/.test(model_id)) {
    for (const place of store.placesNow()) {
      const folder = join(place.folder, MODELS, model_id);
      if (!existsSync(folder)) continue;
      const shelf = loggedModelsOf(store, place);
      const stored = shelf.get(model_id);
      if (stored !== undefined && (deletedToo || !stored.deleted)) return { stored, folder, shelf };
    }
  }
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Logged model with ID '${model_id}' not found.`);
}

function readLoggedModel(
  look: Look,
  model_id: string,
  experiment_id: string,
  store: StoreFolder,
): StoredModel | undefined {
  const names = new Set(look.list("").map(({ name }) => name));
  if (!names.has("meta.yaml")) return undefined;
  const meta = readMeta(look.text("meta.yaml") ?? "");
  if (meta === undefined || textOf(meta["model_id"]) !== model_id) return undefined;
  if (textOf(meta["experiment_id"]) !== experiment_id) return undefined;
  const [message, type, run] = [meta["status_message"], meta["model_type"], meta["source_run_id"]].map(textOf);
  const model: LoggedModel = {
    info: {
      model_id,
      experiment_id,
      name: textOf(meta["name"]) ?? "",
      creation_timestamp_ms: numberOf(meta["creation_timestamp"]) ?? 0,
      last_updated_timestamp_ms: numberOf(meta["last_updated_timestamp"]) ?? 0,
      artifact_uri: store.relocate(textOf(meta["artifact_location"]) ?? ""),
      status: LOGGED_MODEL_STATUSES[numberOf(meta["status"]) ?? 0] ?? "LOGGED_MODEL_STATUS_UNSPECIFIED",
      ...(message === undefined ? {} : { status_message: message }),
      ...(type === undefined ? {} : { model_type: type }),
      ...(run === undefined ? {} : { source_run_id: run }),
      tags: names.has("tags") ? readTexts(look, "tags") : [],
    },
    data: {
      params: names.has("params") ? readParams(look) : [],
      metrics: names.has("metrics") ? readModelMetrics(look, model_id) : [],
    },
  };
  return { model, deleted: meta["lifecycle_stage"] === "deleted" };
}

/** The latest point of each metric on each dataset. Lines: `timestamp value step run_id [dataset digest]`. */
function readModelMetrics(look: Look, model_id: string): Metric[] {
  return look.keys("metrics").flatMap((key) => {
    const path = `metrics/${key}`;
    if (look.stat(path) === undefined) return [];
    const latest = new Map<string, Metric>();
    eachLine(join(look.folder, path), 0, (line) => {
      const [timestamp, value, step, run_id, ...dataset] = line.trim().split(" ");
      const point = readPoint(key, [timestamp, value, step, ...dataset].join(" "));
      if (point === undefined || run_id === undefined) return;
      const on = dataset.join(" ");
      const known = latest.get(on);
      if (known === undefined || isLater(point, known)) latest.set(on, { ...point, run_id, model_id });
    });
    return [...latest.values()];
  });
}
