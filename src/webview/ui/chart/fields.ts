import { ATTRIBUTE_KEYS, type AttributeKey, type MetricOf, type RunField } from "../../../protocol/runs.ts";
import { directionOf } from "../metrics.ts";

// A field of runs, be it a column of the table or the values of a chart, is known by an id: `params.eta`, `metrics.loss`,
// `min.metrics.loss`, `step:100.metrics.loss`, `best.metrics.loss`, `curve.metrics.loss`, `tags.team`, `attributes.status`,
// `datasets`, `models`.

/** Attributes that charts offer as values. */
export const ATTRIBUTES: readonly { key: AttributeKey; name: string; kind: "duration" | "time" | "names" }[] = [
  { key: "duration", name: "duration", kind: "duration" },
  { key: "start_time", name: "start time", kind: "time" },
  { key: "status", name: "status", kind: "names" },
  { key: "user_id", name: "user", kind: "names" },
  { key: "source", name: "source", kind: "names" },
  { key: "version", name: "git commit", kind: "names" },
];

/** `params.eta` is shown as `eta`. */
export function fieldName(id: string): string {
  const attribute = ATTRIBUTES.find((other) => `attributes.${other.key}` === id);
  return attribute?.name ?? id.slice(id.indexOf(".") + 1);
}

const ID = /^(?:(last|min|max|best|curve|delta|step:(-?\d+))\.)?(attributes|params|metrics|tags)\.([^]+)$/;

export interface IdParts {
  /** What of a metric's history; `delta` = its difference from the baseline. */
  of: "last" | "min" | "max" | "best" | "curve" | "delta" | "step";
  step: number;
  room: "attributes" | "params" | "metrics" | "tags" | "datasets" | "models";
  key: string;
}

export function partsOf(id: string): IdParts | undefined {
  if (id === "datasets" || id === "models") return { of: "last", step: 0, room: id, key: id };
  const [, of, step, room, key] = ID.exec(id) ?? [];
  if (key === undefined || !isRoom(room)) return undefined;
  return { of: step === undefined ? ofNamed(of) : "step", step: Number(step ?? 0), room, key };
}

function isRoom(room: string | undefined): room is "attributes" | "params" | "metrics" | "tags" {
  return room === "attributes" || room === "params" || room === "metrics" || room === "tags";
}

const NAMED_OF = ["min", "max", "best", "curve", "delta"] as const;

function ofNamed(of: string | undefined): IdParts["of"] {
  return NAMED_OF.find((one) => one === of) ?? "last";
}

/** What the store is asked for; undefined for a column that is made here, or for no column. */
export function fieldOf(id: string): RunField | undefined {
  const parts = partsOf(id);
  if (parts === undefined || parts.of === "curve" || parts.of === "delta") return undefined;
  const { room, key } = parts;
  switch (room) {
    case "attributes":
      return isAttribute(key) ? { kind: "attribute", key } : undefined;
    case "params":
      return { kind: "param", key };
    case "tags":
      return { kind: "tag", key };
    case "metrics": {
      const of = metricOf(parts);
      return { kind: "metric", key, ...(of === undefined ? {} : { of }) };
    }
    case "datasets":
    case "models":
      return { kind: room };
    default:
      return room satisfies never;
  }
}

export function isAttribute(key: string): key is AttributeKey {
  return (ATTRIBUTE_KEYS as readonly string[]).includes(key);
}

function metricOf({ of, step, key }: IdParts): MetricOf | undefined {
  if (of === "step") return { step };
  if (of === "best") return directionOf(key) === "lower" ? "min" : "max";
  return of === "min" || of === "max" ? of : undefined;
}

/** The id of the column that shows a field as it is. */
export function idOf(field: RunField): string {
  switch (field.kind) {
    case "attribute":
      return `attributes.${field.key}`;
    case "param":
      return `params.${field.key}`;
    case "tag":
      return `tags.${field.key}`;
    case "metric": {
      const { of = "last" } = field;
      return `${of === "last" ? "" : typeof of === "string" ? `${of}.` : `step:${of.step}.`}metrics.${field.key}`;
    }
    case "datasets":
    case "models":
      return field.kind;
    default:
      return field satisfies never;
  }
}
