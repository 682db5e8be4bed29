import { join } from "node:path";
import { RUN_STATUSES, RUN_TAG } from "../../mlflow/entities.ts";
import type { DatasetInput, KeyValue, ModelInput, ModelOutput, Run, RunStatus } from "../../mlflow/entities.ts";
import { type Curve, readCurve } from "./metricFile.ts";
import { type Meta, numberOf, readMeta, textOf } from "./metaYaml.ts";
import type { Look } from "./stamps.ts";

/** A run as its folder tells it. */
export interface StoredRun {
  /** As it is answered: its artifacts' place is the one on this machine. */
  run: Run;
  /** Where its artifacts were when it was written. */
  artifact_uri: string;
  /** By metric key. */
  curves: Map<string, Curve>;
}

/** Numbers that MLflow stores for a status (1 = RUNNING). */
export const STATUS_NUMBERS: Readonly<Record<RunStatus, number>> = {
  RUNNING: 1,
  SCHEDULED: 2,
  FINISHED: 3,
  FAILED: 4,
  KILLED: 5,
};

export interface RunPlace {
  experiment_id: string;
  /** Folder of the experiment's datasets. */
  datasets: string;
  readDataset(id: string): DatasetInput["dataset"] | undefined;
}

/** Reads a run's folder. Undefined when it is none: no meta.yaml, or one of another run or experiment. */
export function readRun(
  look: Look,
  run_id: string,
  place: RunPlace,
  before: StoredRun | undefined,
): StoredRun | undefined {
  const names = new Set(look.list("").map(({ name }) => name));
  if (!names.has("meta.yaml")) return undefined;
  const meta = readMeta(look.text("meta.yaml") ?? "");
  if (meta === undefined) {
    // Python empties the file before it writes it anew: until that has settled, it is what it was.
    return look.stamps.settled ? undefined : before;
  }
  if ((textOf(meta["run_id"]) ?? textOf(meta["run_uuid"])) !== run_id) return undefined;
  if (textOf(meta["experiment_id"]) !== place.experiment_id) return undefined;
  const tags = names.has("tags") ? readTexts(look, "tags") : [];
  const curves = names.has("metrics") ? readCurves(look, before) : new Map<string, Curve>();
  const run: Run = {
    info: readInfo(meta, run_id, place.experiment_id, tags),
    data: {
      metrics: [...curves.values()].map(({ latest }) => latest),
      params: names.has("params") ? readParams(look) : [],
      tags,
    },
    inputs: names.has("inputs") ? readInputs(look, place) : { dataset_inputs: [], model_inputs: [] },
    outputs: { model_outputs: names.has("outputs") ? readOutputs(look) : [] },
  };
  return { run, artifact_uri: run.info.artifact_uri, curves };
}

function readInfo(meta: Meta, run_id: string, experiment_id: string, tags: KeyValue[]): Run["info"] {
  const start_time = numberOf(meta["start_time"]);
  const end_time = numberOf(meta["end_time"]);
  return {
    run_id,
    run_uuid: run_id,
    // mlflow <= 1.29 kept the name in the tag only, and before that as `name`.
    run_name:
      textOf(meta["run_name"]) ||
      (tags.find(({ key }) => key === RUN_TAG.runName)?.value ?? "") ||
      textOf(meta["name"]) ||
      "",
    experiment_id,
    user_id: textOf(meta["user_id"]) ?? "",
    status: statusOf(meta["status"]),
    ...(start_time === undefined ? {} : { start_time }),
    ...(end_time === undefined ? {} : { end_time }),
    artifact_uri: textOf(meta["artifact_uri"]) ?? "",
    lifecycle_stage: meta["lifecycle_stage"] === "deleted" ? "deleted" : "active",
  };
}

function statusOf(value: Meta[string] | undefined): RunStatus {
  return RUN_STATUSES.find((status) => value === STATUS_NUMBERS[status] || value === status) ?? "RUNNING";
}

/** Files with bare values (tags): each may be written again. */
export function readTexts(look: Look, folder: string): KeyValue[] {
  return look.keys(folder).flatMap((key) => {
    const value = look.text(`${folder}/${key}`);
    return value === undefined ? [] : [{ key, value }];
  });
}

/** Params keep their first value, so their files need no stamps. */
export function readParams(look: Look): KeyValue[] {
  return look.keys("params").flatMap((key) => {
    const value = look.once(`params/${key}`);
    return value === undefined ? [] : [{ key, value }];
  });
}

function readCurves(look: Look, before: StoredRun | undefined): Map<string, Curve> {
  const curves = new Map<string, Curve>();
  for (const key of look.keys("metrics")) {
    const path = `metrics/${key}`;
    const size = look.stat(path)?.size;
    if (size === undefined) continue;
    const known = before?.curves.get(key);
    // A history only grows; what is shorter than before was written anew.
    const curve = readOn(join(look.folder, path), key, known !== undefined && size >= known.end ? known : undefined);
    if (curve !== undefined) curves.set(key, curve);
  }
  return curves;
}

function readOn(path: string, key: string, known: Curve | undefined): Curve | undefined {
  try {
    return readCurve(path, key, known);
  } catch {
    // Removed meanwhile, or not ours to read: as if it were missing.
    return undefined;
  }
}

function readInputs(look: Look, place: RunPlace): Run["inputs"] {
  const dataset_inputs: DatasetInput[] = [];
  const model_inputs: ModelInput[] = [];
  for (const { name } of look.list("inputs")) {
    const meta = readInner(look, `inputs/${name}`);
    const source = textOf(meta?.["source_id"]);
    if (meta === undefined || source === undefined) continue;
    if (meta["source_type"] === "MODEL") model_inputs.push({ model_id: source });
    const dataset = meta["source_type"] === "DATASET" ? place.readDataset(source) : undefined;
    if (dataset !== undefined) dataset_inputs.push({ tags: pairsOf(meta["tags"]), dataset });
  }
  return { dataset_inputs, model_inputs };
}

function readOutputs(look: Look): ModelOutput[] {
  return look.list("outputs").flatMap(({ name }) => {
    const meta = readInner(look, `outputs/${name}`);
    if (meta?.["destination_type"] !== "MODEL_OUTPUT") return [];
    return [{ model_id: textOf(meta["destination_id"]) ?? name, step: numberOf(meta["step"]) ?? 0 }];
  });
}

/** The folder is looked at too, so that a meta.yaml that comes later is noticed. */
function readInner(look: Look, folder: string): Meta | undefined {
  const found = look.list(folder).some(({ name }) => name === "meta.yaml");
  return found ? readMeta(look.text(`${folder}/meta.yaml`) ?? "") : undefined;
}

function pairsOf(value: Meta[string] | undefined): KeyValue[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([key, inner]) => ({ key, value: textOf(inner) ?? JSON.stringify(inner) }));
}

/** Reads `datasets/<id>/meta.yaml`. */
export function toDataset(meta: Meta): DatasetInput["dataset"] {
  const schema = textOf(meta["schema"]);
  const profile = textOf(meta["profile"]);
  return {
    name: textOf(meta["name"]) ?? "",
    digest: textOf(meta["digest"]) ?? "",
    source_type: textOf(meta["source_type"]) ?? "",
    source: textOf(meta["source"]) ?? "",
    ...(schema === undefined ? {} : { schema }),
    ...(profile === undefined ? {} : { profile }),
  };
}
