// The search language of traces, which has entities of its own (mlflow 3.17 `SearchTraceUtils`).
import { MlflowError } from "../errors.ts";
import { TRACE_METADATA, TRACE_TAG } from "../traces.ts";
import { unquoteKey, unquoted } from "./identifier.ts";
import { readOrder } from "./orderBy.ts";
import { comparisonAt, type RawCondition } from "./parse.ts";
import { pythonSet } from "./subjects.ts";
import { type Token, tokenize } from "./tokens.ts";
import { readList, readText } from "./value.ts";

export type TraceEntity = "attribute" | "tag" | "request_metadata" | "span" | "feedback" | "expectation" | "issue";

export interface TraceCondition {
  entity: TraceEntity;
  key: string;
  /** In capitals. */
  comparator: string;
  value: string | number | string[] | null;
}

export interface TraceOrder {
  entity: TraceEntity;
  key: string;
  ascending: boolean;
}

const ENTITIES: Readonly<Record<string, TraceEntity>> = {
  tag: "tag",
  tags: "tag",
  attribute: "attribute",
  attributes: "attribute",
  trace: "attribute",
  request_metadata: "request_metadata",
  metadata: "request_metadata",
  span: "span",
  feedback: "feedback",
  expectation: "expectation",
  issue: "issue",
};

const NUMERIC_KEYS = ["timestamp_ms", "timestamp", "execution_time_ms", "execution_time", "end_time_ms", "end_time"];
const FILTER_KEYS = [...NUMERIC_KEYS, "request_id", "status", "client_request_id", "name", "run_id", "prompt", "text"];
const ORDER_KEYS = [...NUMERIC_KEYS, "experiment_id", "status", "request_id", "name", "run_id"];
const LIST_KEYS = ["name", "status", "request_id", "run_id", "client_request_id"];

const NUMERIC = [">", ">=", "!=", "=", "<", "<="];
const TEXT = ["!=", "=", "LIKE", "ILIKE", "RLIKE"];
const TEXT_OR_LIST = [...TEXT, "IN", "NOT IN"];
const TEXT_OR_NULL = [...TEXT, "IS NULL", "IS NOT NULL"];
const ORDERED = [">", ">=", "<", "<="];

/** Reads a filter of traces. Throws INVALID_PARAMETER_VALUE in MLflow's wording (3.17). */
export function parseTraceFilter(text: string | undefined): TraceCondition[] {
  if (text === undefined || text.trim() === "") return [];
  const tokens = tokenize(text);
  const second = tokens.findIndex(({ kind }) => kind === "semicolon");
  if (second >= 0 && second < tokens.length - 1) {
    throw invalid(`Search filter contained multiple expression '${text}'. Provide AND-ed expression list.`);
  }
  const raw: RawCondition[] = [];
  const strangers: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    const found = comparisonAt(tokens, at);
    const token = tokens[at];
    if (found) raw.push(found);
    else if (token && !(token.kind === "keyword" && token.text.toUpperCase() === "AND")) strangers.push(token.text);
    at += found?.length ?? 1;
  }
  if (strangers.length > 0) {
    throw invalid(`Invalid clause(s) in filter string: ${strangers.map((clause) => `'${clause}'`).join(", ")}`);
  }
  const conditions = raw.map(readCondition).map(renamed);
  for (const condition of conditions) checkComparator(condition);
  return conditions;
}

/** Reads one order_by clause. Throws INVALID_PARAMETER_VALUE in MLflow's wording (3.17). */
export function parseTraceOrder(clause: string): TraceOrder {
  const { text, ascending } = readOrder(clause);
  const { entity, key } = renamed({ ...readIdentifier(text, ORDER_KEYS), comparator: "=", value: "" });
  if (entity === "span" || entity === "feedback" || entity === "expectation" || entity === "issue") {
    throw invalid(`Invalid identifier type '${entity}'`);
  }
  return { entity, key, ascending };
}

function readIdentifier(text: string, attributes: string[]): { entity: TraceEntity; key: string } {
  const dot = text.indexOf(".");
  const word = dot < 0 ? "attribute" : unquoted(text.slice(0, dot), "`");
  const entity = Object.hasOwn(ENTITIES, word) ? ENTITIES[word] : undefined;
  if (entity === undefined) {
    throw invalid(`Invalid entity type '${word}'. Valid values are ${pythonSet(Object.keys(ENTITIES))}`);
  }
  const key = unquoteKey(text.slice(dot + 1));
  if (entity === "attribute" && !attributes.includes(key)) {
    throw invalid(`Invalid attribute key '${key}' specified. Valid keys are '${pythonSet(attributes)}'`);
  }
  return { entity, key };
}

function readCondition({ left, right, comparator, word }: RawCondition): TraceCondition {
  if (left.kind !== "identifier") {
    throw invalid(`Invalid comparison clause. Expected 'Identifier' found '${left.text}'`);
  }
  const { entity, key } = readIdentifier(left.text, FILTER_KEYS);
  if (right === null) return { entity, key, comparator, value: null };
  if (entity === "feedback" || entity === "expectation") checkAssessmentValue(entity, word, right);
  const value = readValue(entity, key, right);
  // MLflow looks at the word as it was written here, so that `like` in small letters is refused for spans.
  if (entity === "span") checkSpan(key, comparator.includes(" ") ? comparator : word);
  return { entity, key, comparator, value };
}

function readValue(entity: TraceEntity, key: string, token: Token): string | number | string[] {
  const quoted = token.kind === "string" || token.kind === "identifier";
  if (quoted) return readText(token);
  const number = token.kind === "integer" || token.kind === "float";
  switch (entity) {
    case "attribute":
      if (token.kind === "list" && LIST_KEYS.includes(key)) return readList(token);
      if (token.kind === "list") {
        const known = pythonSet(LIST_KEYS);
        throw invalid(`Only attributes in ${known} supports comparison with a list of quoted string values.`);
      }
      if (number && NUMERIC_KEYS.includes(key)) return Number(token.text);
      if (number) {
        throw invalid(`Only the '${pythonSet(NUMERIC_KEYS)}' attributes support comparison with numeric values.`);
      }
      throw invalid(
        `Expected a quoted string value or a list of quoted string values for attributes. Got value ${token.text}`,
      );
    case "tag":
    case "span":
      if (token.kind === "list") return readList(token);
      break;
    case "feedback":
    case "expectation":
      if (number) return Number(token.text);
      break;
    case "request_metadata":
    case "issue":
      break;
    default:
      return entity satisfies never;
  }
  throw invalid(`Expected a quoted string value for ${entity} (e.g. 'my-value'). Got value ${token.text}`);
}

/** Numbers are compared by order, texts by anything else. */
function checkAssessmentValue(entity: TraceEntity, word: string, token: Token): void {
  const numeric = ORDERED.includes(word);
  const number = token.kind === "integer" || token.kind === "float";
  const quoted = token.kind === "string" || token.kind === "identifier";
  if (numeric ? number : quoted) return;
  const expected = numeric
    ? `a numeric value for ${entity} when using comparator '${word}'`
    : `a quoted string value for ${entity} (e.g. 'my-value')`;
  throw invalid(`Expected ${expected}. Got value ${token.text}`);
}

/** Some keys are kept elsewhere than their name says, whatever entity they were written with. */
function renamed(condition: TraceCondition): TraceCondition {
  if (condition.entity === "span") return condition;
  switch (condition.key.toLowerCase()) {
    case "name":
      return { ...condition, entity: "tag", key: TRACE_TAG.name };
    case "prompt":
      return { ...condition, entity: "tag", key: TRACE_TAG.linkedPrompts };
    case "run_id":
      return { ...condition, entity: "request_metadata", key: TRACE_METADATA.sourceRun };
    case "text":
      return { ...condition, entity: "span", key: "content" };
    case "timestamp":
      return { ...condition, key: "timestamp_ms" };
    case "execution_time":
      return { ...condition, key: "execution_time_ms" };
    case "end_time":
      return { ...condition, key: "end_time_ms" };
    default:
      return condition;
  }
}

function checkComparator({ entity, key, comparator, value }: TraceCondition): void {
  if (Array.isArray(value) && comparator !== "IN" && comparator !== "NOT IN") {
    throw invalid(`Invalid comparator '${comparator}' for the list that '${key}' is compared with.`);
  }
  switch (entity) {
    case "issue":
      if (key !== "id") throw invalid(`Invalid issue attribute '${key}'. Supported attributes: id`);
      if (comparator !== "=") throw invalid(`issue.${key} comparator '${comparator}' not one of '{'='}'`);
      return;
    case "attribute":
      return checkOneOf(comparator, NUMERIC_KEYS.includes(key) ? NUMERIC : TEXT_OR_LIST);
    case "tag":
      checkOneOf(comparator, TEXT_OR_NULL);
      if (key === TRACE_TAG.linkedPrompts) checkPrompt(comparator, value);
      return;
    case "request_metadata":
      return checkOneOf(comparator, TEXT_OR_NULL);
    case "span":
      return checkSpan(key, comparator);
    case "feedback":
    case "expectation":
      if (key === "") throw invalid("Assessment field name cannot be empty");
      if ([...TEXT_OR_NULL, ...ORDERED].includes(comparator)) return;
      throw invalid(
        `assessment.${key} comparator '${comparator}' not one of '${pythonSet([...TEXT_OR_NULL, ...ORDERED])}'`,
      );
    default:
      return entity satisfies never;
  }
}

function checkOneOf(comparator: string, known: string[]): void {
  if (!known.includes(comparator)) throw invalid(`Invalid comparator '${comparator}' not one of '${pythonSet(known)}'`);
}

function checkPrompt(comparator: string, value: TraceCondition["value"]): void {
  const format = 'format: prompt = "name/version"';
  if (comparator !== "=") {
    throw invalid(`Invalid comparator '${comparator}' for prompts filter. Only '=' is supported with ${format}`);
  }
  if (String(value).split("/").length === 2) return;
  throw invalid(`Invalid prompts filter value '${String(value)}'. Expected ${format}`);
}

function checkSpan(key: string, comparator: string): void {
  if (key === "attributes.") throw invalid("Span attribute name cannot be empty after 'attributes.'");
  const named = key.startsWith("attributes.") || ["name", "type", "status"].includes(key);
  if (!named && key !== "content") {
    const known = "name, status, type, attributes.<attribute_name>.";
    throw invalid(`Invalid span attribute '${key}'. Supported attributes: ${known}`);
  }
  const known = named ? TEXT_OR_LIST : ["LIKE", "ILIKE"];
  if (known.includes(comparator)) return;
  throw invalid(`span.${key} comparator '${comparator}' not one of '${pythonSet(known)}'`);
}

function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
