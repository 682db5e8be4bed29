import type { RunField, RunGroup } from "../../../protocol/runs.ts";
import { quotedKey } from "../../../mlflow/filter/write.ts";
import { headerOf } from "./fields.ts";

// The rows of groups: how they are named, and the search that finds their runs.

/** What each value of a group is called: the key, and the value or "none". */
export function groupWords(groupBy: string[], { values }: RunGroup): { key: string; value: string }[] {
  return groupBy.map((id, i) => ({ key: headerOf(id), value: values[i] ?? "none" }));
}

/** MLflow's search for the runs of a group; undefined where the grammar has no way to say it. */
export function groupFilter(fields: RunField[], { values }: RunGroup): string | undefined {
  const parts = fields.map((field, i) => {
    const value = values[i] ?? null;
    if (value?.includes("'") === true) return undefined;
    const name = nameOf(field);
    if (name === undefined) return undefined;
    if (value !== null) return field.kind === "metric" ? `${name} = ${value}` : `${name} = '${value}'`;
    return field.kind === "param" || field.kind === "tag" ? `${name} IS NULL` : undefined;
  });
  return parts.every((part) => part !== undefined) ? parts.join(" AND ") : undefined;
}

function nameOf(field: RunField): string | undefined {
  switch (field.kind) {
    case "param":
    case "tag":
      return `${field.kind}s.${quotedKey(field.key)}`;
    case "metric":
      return field.of === undefined ? `metrics.${quotedKey(field.key)}` : undefined;
    case "attribute":
      return (
        { source: "tags.`mlflow.source.name`", version: "tags.`mlflow.source.git.commit`" }[field.key as string] ??
        (["run_name", "status", "user_id", "run_id", "artifact_uri"].includes(field.key)
          ? `attributes.${field.key}`
          : undefined)
      );
    case "datasets":
    case "models":
      return undefined;
    default:
      return field satisfies never;
  }
}
