import type { AttributeKey, RunField } from "../../../protocol/runs.ts";

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

/** The field that an id names; undefined for none. */
export function fieldOf(id: string): RunField | undefined {
  const dot = id.indexOf(".");
  const [room, key] = [id.slice(0, dot), id.slice(dot + 1)];
  if (dot < 0 || key === "") return undefined;
  if (room === "params") return { kind: "param", key };
  if (room === "tags") return { kind: "tag", key };
  if (room === "metrics") return { kind: "metric", key };
  const attribute = ATTRIBUTES.find((other) => other.key === key);
  return attribute === undefined ? undefined : { kind: "attribute", key: attribute.key };
}
