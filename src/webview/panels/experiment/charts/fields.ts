import type { AttributeKey } from "../../../../protocol/runs.ts";

/** Attributes that charts offer as values. */
export const ATTRIBUTES: readonly { key: AttributeKey; name: string; kind: "duration" | "time" | "names" }[] = [
  { key: "duration", name: "duration", kind: "duration" },
  { key: "start_time", name: "start time", kind: "time" },
  { key: "status", name: "status", kind: "names" },
  { key: "user_id", name: "user", kind: "names" },
  { key: "source", name: "source", kind: "names" },
  { key: "version", name: "git commit", kind: "names" },
];
