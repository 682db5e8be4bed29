import { MlflowError } from "../errors.ts";
import { readIdentifier } from "./identifier.ts";
import { pythonSet, SUBJECTS } from "./subjects.ts";
import { tokenize } from "./tokens.ts";
import type { FilterSubject, OrderBy } from "./tree.ts";

/** Reads one order_by clause such as `metrics.rmse DESC`. Throws INVALID_PARAMETER_VALUE in MLflow's wording (3.17). */
export function parseOrderBy(subject: Exclude<FilterSubject, "loggedModels">, clause: string): OrderBy {
  const [name, direction, ...more] = tokenize(clause);
  const unparsed = new MlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid order_by clause '${clause}'. Could not be parsed.`,
  );
  if (!name || name.kind !== "identifier" || more.length > 0 || clause !== clause.trim()) throw unparsed;
  const word = direction?.text.toLowerCase();
  if (direction && direction.kind !== "keyword" && direction.kind !== "identifier") throw unparsed;
  if (word !== undefined && word !== "asc" && word !== "desc") {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid ordering key in order_by clause '${clause}'.`);
  }
  const ascending = word !== "desc";
  const { orderAttributes } = SUBJECTS[subject];
  if (subject === "registeredModels") {
    const key = name.text;
    if (orderAttributes.includes(key)) return { entity: "attribute", key, ascending };
    const known = pythonSet(["name", "timestamp"]);
    throw new MlflowError(
      "INVALID_PARAMETER_VALUE",
      `Invalid order by key '${key}' specified. Valid keys are '${known}'`,
    );
  }
  const { entity, key } = readIdentifier(subject, name, orderAttributes);
  checkEntity(subject, entity, key);
  return { entity, key, ascending };
}

function checkEntity(subject: FilterSubject, entity: string, key: string): void {
  if (entity === "attribute") return;
  if (subject === "modelVersions") {
    const known = pythonSet(SUBJECTS.modelVersions.orderAttributes);
    throw new MlflowError(
      "INVALID_PARAMETER_VALUE",
      `Invalid order by key '${key}' specified. Valid keys are ${known}`,
    );
  }
  if (subject === "experiments") {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid order_by entity: ${entity}`);
  }
  if (entity === "dataset") throw new MlflowError("INVALID_PARAMETER_VALUE", "Invalid identifier type 'dataset'");
}

/** What a search of logged models is ordered by: an attribute (a column of `logged_models`) or a metric. */
export interface LoggedModelOrderBy {
  entity: "attribute" | "metric";
  key: string;
  ascending: boolean;
  dataset_name?: string;
  dataset_digest?: string;
}

const LOGGED_MODEL_COLUMNS = [
  "model_id",
  "experiment_id",
  "name",
  "artifact_location",
  "creation_timestamp_ms",
  "last_updated_timestamp_ms",
  "status",
  "lifecycle_stage",
  "model_type",
  "source_run_id",
  "status_message",
];

/** Reads one order_by entry of a search of logged models. Throws INVALID_PARAMETER_VALUE in MLflow's wording (3.17). */
export function parseLoggedModelOrderBy(entry: {
  field_name: string;
  ascending?: boolean;
  dataset_name?: string;
  dataset_digest?: string;
}): LoggedModelOrderBy {
  const { field_name, ascending = true, dataset_name, dataset_digest } = entry;
  const dot = field_name.indexOf(".");
  if (dot < 0) {
    const { aliases } = SUBJECTS.loggedModels;
    const key = (Object.hasOwn(aliases, field_name) ? aliases[field_name] : undefined) ?? field_name;
    if (LOGGED_MODEL_COLUMNS.includes(key)) return { entity: "attribute", key, ascending };
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid order by field name: ${field_name}`);
  }
  if (field_name.slice(0, dot) !== "metrics") {
    const message = `Invalid order by field name: ${field_name}. Only metrics are supported.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  return {
    entity: "metric",
    key: field_name.slice(dot + 1),
    ascending,
    ...(dataset_name ? { dataset_name } : {}),
    ...(dataset_digest ? { dataset_digest } : {}),
  };
}
