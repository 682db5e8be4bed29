import type { AttributeKey } from "../../../protocol/runs.ts";
import { isAttribute, partsOf } from "../../ui/chart/fields.ts";

// How columns of the runs table are named and told apart by their ids.

/** The column whose values a difference is taken of, and the other way round. */
export function deltaId(id: string): string {
  return `delta.metrics.${id}`;
}
export function ofDelta(id: string): string | undefined {
  return id.startsWith("delta.metrics.") ? id.slice("delta.metrics.".length) : undefined;
}

/** The same metric shown otherwise: `of` is `last`, `min`, `max`, `best`, `curve` or `step:100`. */
export function withOf(key: string, of: string): string {
  return of === "last" ? `metrics.${key}` : `${of}.metrics.${key}`;
}

export const ATTRIBUTE_NAMES: Readonly<Record<AttributeKey, string>> = {
  run_name: "Run",
  run_id: "Run ID",
  status: "Status",
  lifecycle_stage: "Lifecycle",
  start_time: "Age",
  end_time: "End",
  duration: "Duration",
  user_id: "User",
  artifact_uri: "Artifacts",
  experiment: "Experiment",
  source: "Source",
  version: "Git commit",
};

/** What stands in the header, and in lists of columns. */
export function headerOf(id: string): string {
  const parts = partsOf(id);
  if (parts === undefined) return id;
  const { room, key, of, step } = parts;
  if (room === "attributes") return isAttribute(key) ? ATTRIBUTE_NAMES[key] : key;
  if (room === "datasets") return "Datasets";
  if (room === "models") return "Models";
  if (of === "curve") return `${key} by step`;
  if (of === "step") return `${key} at ${step}`;
  return of === "last" ? key : `${of} ${key}`;
}
