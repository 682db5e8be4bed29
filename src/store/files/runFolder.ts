import { RUN_STATUSES, RUN_TAG } from "../../mlflow/entities.ts";
import type { DatasetInput, KeyValue, ModelInput, ModelOutput, Run, RunStatus } from "../../mlflow/entities.ts";
import { Curves } from "./curves.ts";
import { type Meta, numberOf, readMeta, textOf } from "./metaYaml.ts";
import { Look, statsOf } from "./stamps.ts";

/** A run as its folder tells it. Its params, tags and metrics are read when they are first asked for: most searches ask for those of a page. */
export interface StoredRun {
  /** As it is answered: its artifacts' place is the one on this machine. */
  run: Run;
  /** Where its artifacts were when it was written. */
  artifact_uri: string;
  curves: Curves;
  /** Whether nothing is left to be read, so that it stays the same when its folder moves. */
  isWhole(): boolean;
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
  const tags = later(look, names, "tags", readTexts);
  const params = later(look, names, "params", readParams);
  const curves = names.has("metrics") ? Curves.in(look, before?.curves) : Curves.of([]);
  // What the stamps do not say yet: the folders' content as it is now.
  if (names.has("tags")) for (const key of look.keys("tags")) look.stat(`tags/${key}`);
  if (names.has("params")) look.keys("params");
  const run: Run = {
    info: readInfo(meta, run_id, place.experiment_id, tags.get),
    data: {
      get metrics() {
        return curves.latest();
      },
      get params() {
        return params.get();
      },
      get tags() {
        return tags.get();
      },
    },
    inputs: names.has("inputs") ? readInputs(look, place) : { dataset_inputs: [], model_inputs: [] },
    outputs: { model_outputs: names.has("outputs") ? readOutputs(look) : [] },
  };
  const isWhole = () => tags.isRead() && params.isRead() && curves.isWhole();
  return { run, artifact_uri: run.info.artifact_uri, curves, isWhole };
}

/**
 * What lies in a folder of the run, once it is asked for: looked at from the start, since links may have come meanwhile. Of a run that
 * is gone (moved with its experiment) nothing is kept.
 */
function later(
  { folder }: Look,
  names: ReadonlySet<string>,
  name: string,
  read: (look: Look, name: string) => KeyValue[],
) {
  let found: KeyValue[] | undefined = names.has(name) ? undefined : [];
  const readNow = () => {
    const look = new Look(folder);
    const isThere = look.list("").some((entry) => entry.name === name);
    const wasThere = look.stamps.paths.length > 0;
    const values = isThere ? read(look, name) : [];
    // Also one that went while it was read.
    if (wasThere && statsOf(folder) !== undefined) found = values;
    return values;
  };
  return { get: () => found ?? readNow(), isRead: () => found !== undefined };
}

function readInfo(meta: Meta, run_id: string, experiment_id: string, tags: () => KeyValue[]): Run["info"] {
  const start_time = numberOf(meta["start_time"]);
  const end_time = numberOf(meta["end_time"]);
  return {
    run_id,
    run_uuid: run_id,
    // mlflow <= 1.29 kept the name in the tag only, and before that as `name`.
    run_name:
      textOf(meta["run_name"]) ||
      (tags().find(({ key }) => key === RUN_TAG.runName)?.value ?? "") ||
      textOf(meta["name"]) ||
      "",
    experiment_id,
    user_id: textOf(meta["user_id"]) ?? "",
    status: statusOf(meta["status"]),
    ...(start_time === undefined ? {} : { start_time }),
    ...(end_time ? { end_time } : {}),
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
