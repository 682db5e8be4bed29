import { MlflowError } from "../errors.ts";
import { DATASET_KEYS, entityOf, pythonSet, SUBJECTS } from "./subjects.ts";
import type { EntityType, FilterSubject, TextRange } from "./tree.ts";

export interface Identifier {
  entity: EntityType;
  key: string;
  /** The key as it was spelled, for messages. */
  name: string;
}

/** Reads `metrics.rmse`, ``tags.`a b` `` or `status`, of a filter or of an order_by. Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
export function readIdentifier(
  subject: FilterSubject,
  { text, start, end }: TextRange & { text: string },
  attributes: readonly string[],
  inOrder = false,
): Identifier {
  const fail = (message: string): MlflowError =>
    new MlflowError("INVALID_PARAMETER_VALUE", message, { cause: { start, end } });
  const dot = text.indexOf(".");
  const entity = dot < 0 ? "attribute" : readEntity(subject, text.slice(0, dot), fail);
  const key = readKey(subject, entity, text.slice(dot + 1), inOrder);
  if (entity === "dataset" && !DATASET_KEYS.some((known) => known === key)) {
    throw fail(`Invalid dataset key '${key}' specified. Valid keys are '${pythonSet(DATASET_KEYS)}'`);
  }
  if (entity !== "attribute") return { entity, key, name: key };
  if (!attributes.includes(key)) {
    throw fail(`Invalid attribute key '${key}' specified. Valid keys are '${pythonSet(attributes)}'`);
  }
  const { aliases } = SUBJECTS[subject];
  return { entity, key: (Object.hasOwn(aliases, key) ? aliases[key] : undefined) ?? key, name: key };
}

function readEntity(subject: FilterSubject, word: string, fail: (message: string) => MlflowError): EntityType {
  if (subject === "runs") {
    const name = unquoted(word, "`");
    const entity = entityOf(name);
    if (entity) return entity;
    const known = "['metric', 'parameter', 'tag', 'attribute', 'dataset']";
    throw fail(`Invalid entity type '${name}'. Valid values are ${known}`);
  }
  const entity = entityOf(word);
  if (subject === "loggedModels") {
    if (entity && word === `${entity === "parameter" ? "param" : entity}s`) return entity;
    const known = "['attributes', 'metrics', 'params', 'tags']";
    throw fail(`Invalid entity type: '${word}'. Expected one of ${known}.`);
  }
  if (entity && (word === "attribute" || word === "tag" || word === "tags")) return entity;
  throw fail(`Invalid entity type '${word}'. Valid entity types are ('attribute', 'tag', 'tags')`);
}

function readKey(subject: FilterSubject, entity: EntityType, text: string, inOrder: boolean): string {
  if (subject === "loggedModels") return text.replace(/^`+|`+$/g, "");
  // Filters of the registry look an attribute up as it is written.
  if (entity === "attribute" && REGISTRY.includes(subject) && !inOrder) return text;
  return unquoteKey(text);
}

const REGISTRY: readonly FilterSubject[] = ["registeredModels", "modelVersions"];

/** A key without its quotes: first '…' or "…", then backticks, as MLflow peels them. */
export function unquoteKey(text: string): string {
  return unquoted(unquoted(unquoted(text, "'"), '"'), "`");
}

/** `text` without the quotes around it, or as it is when there are none. */
export function unquoted(text: string, quote: string): string {
  return text.length >= 2 && text.startsWith(quote) && text.endsWith(quote) ? text.slice(1, -1) : text;
}
