import { MlflowError } from "../errors.ts";
import { readIdentifier } from "./identifier.ts";
import { pythonSet, SUBJECTS } from "./subjects.ts";
import { type TokenKind, tokenize } from "./tokens.ts";
import type { FilterSubject, OrderBy } from "./tree.ts";

/** Reads one order_by clause such as `metrics.rmse DESC`. Throws INVALID_PARAMETER_VALUE in MLflow's wording (3.17). */
export function parseOrderBy(subject: Exclude<FilterSubject, "loggedModels">, clause: string): OrderBy {
  const { text, ascending } = readOrder(clause);
  const { orderAttributes } = SUBJECTS[subject];
  if (subject === "registeredModels") {
    if (orderAttributes.includes(text)) return { entity: "attribute", key: text, ascending };
    const known = pythonSet(["name", "timestamp"]);
    throw invalidOrder(`Invalid order by key '${text}' specified. Valid keys are '${known}'`);
  }
  const { entity, key } = readIdentifier(subject, { text, start: 0, end: clause.length }, orderAttributes, true);
  checkEntity(subject, entity, key);
  return { entity, key, ascending };
}

/** Splits a clause into its name and its direction. */
export function readOrder(clause: string): { text: string; ascending: boolean } {
  const [first, ...more] = tokenize(clause);
  const direction = more.pop();
  const unparsed = invalidOrder(`Invalid order_by clause '${clause}'. Could not be parsed.`);
  if (!first || clause !== clause.trim() || (direction && !ENDS.includes(direction.kind))) throw unparsed;
  const word = direction?.text.toLowerCase();
  if (direction?.kind === "keyword" && !isDirection(word)) throw unparsed;
  const text = clause.slice(0, (more.at(-1) ?? first).end);
  // `metrics.m-1` and `metrics.1` are no names in SQL, but a direction makes one of the number, and an alias of that.
  const named = first.kind === "identifier" && more.length === 0;
  if (!named && !(isDirection(word) && /^[^\s+*/]+(?:-|\.)\d+$/.test(text))) throw unparsed;
  // What is written together is one name.
  if (direction === undefined || direction.start === text.length) return { text: clause, ascending: true };
  const key = shellWord(text);
  if (key === undefined) throw unparsed;
  if (!isDirection(word)) throw invalidOrder(`Invalid ordering key in order_by clause '${clause}'.`);
  return { text: key, ascending: word === "asc" };
}

const ENDS: readonly TokenKind[] = ["keyword", "identifier"];

function isDirection(word: string | undefined): boolean {
  return word === "asc" || word === "desc";
}

/** Before a direction MLflow reads the name as a shell does, quotes anywhere left out; undefined when it is not one word. */
function shellWord(text: string): string | undefined {
  const parts = /^(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^\s'"\\])+$/;
  const spelled = text.replaceAll("`", '"');
  if (!parts.test(spelled)) return undefined;
  return spelled.replace(/'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g, (_, single, double, escaped) =>
    double === undefined ? String(single ?? escaped) : String(double).replace(/\\(["\\])/g, "$1"),
  );
}

function invalidOrder(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
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
