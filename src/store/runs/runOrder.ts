import type { RunOrder } from "../../protocol/runs.ts";
import { invalid } from "../validation.ts";

const WORDS = { attribute: "attributes", param: "params", metric: "metrics", tag: "tags" } as const;

/** `order` in the words of MLflow's searches. Throws INVALID_PARAMETER_VALUE for what these cannot sort by. */
export function orderClauses(order: RunOrder[] | undefined): string[] {
  return (order ?? []).map(({ field, ascending }) => {
    if (field.kind === "datasets" || field.kind === "models") throw invalid(`Runs cannot be sorted by ${field.kind}.`);
    const key = field.key.includes("`") ? `"${field.key}"` : `\`${field.key}\``;
    return `${WORDS[field.kind]}.${key} ${ascending ? "ASC" : "DESC"}`;
  });
}
