import { CHECKS, FIELDS, type Rpcs } from "../mlflow/api.generated.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { camelCase, type Json, type JsonObject, parseMessage } from "./messages.ts";
import { parseForPrinting, parsePythonJson, pythonJson, pythonType } from "./pythonJson.ts";
import { NO_PARAMETERS, type Route } from "./routes.ts";

/** What arrived, before it is read as a message. */
export interface RawRequest {
  method: string;
  query: URLSearchParams;
  contentType: string | undefined;
  /** Text of the body; empty when there was none. */
  body: string;
}

/** Ends every message about a parameter. */
export const SEE_DOCS = "See the API docs for more information about request parameters.";

/** Upper bounds of `max_results` (mlflow 3.17 `server/handlers.py`). */
const MAX_RESULTS: Readonly<Record<string, number>> = {
  SearchRuns: 50_000,
  SearchRegisteredModels: 1000,
  SearchModelVersions: 200_000,
  SearchTraces: 500,
  SearchTracesV3: 500,
};

/** Fields that each item of a list must have. */
const ITEM_FIELDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  LogBatch: { metrics: ["key", "value", "timestamp"], params: ["key"], tags: ["key"] },
};

/** Reads a request as the call's message. Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
export function readRequest<K extends keyof Rpcs>(route: Route & { rpc: K }, raw: RawRequest): Rpcs[K]["request"] {
  const json = withPath(route, readJson(route.request, raw), raw);
  rejectDoubleSpelling(route.request, json);
  const { message, ok } = parseMessage(route.request, json);
  checkRequest(route.request, json, ok, raw);
  // The border: the field table that shaped the message was generated together with the type.
  return message as Rpcs[K]["request"];
}

/** Messages whose ids stand in an inner message, as the path's template says (`{assessment.trace_id}`). */
const INNER: Readonly<Record<string, string>> = { CreateAssessment: "assessment", UpdateAssessment: "assessment" };

/** Calls whose body must name the logged model that their path names (mlflow 3.17). */
const NAMED_TWICE = ["LogLoggedModelParamsRequest", "FinalizeLoggedModel"];

function withPath({ request, parameters }: Route, json: JsonObject, raw: RawRequest): JsonObject {
  if (NAMED_TWICE.includes(request)) {
    const { model_id } = json;
    checkPresent("model_id", model_id);
    if (typeof model_id !== "string") throw wrongValue("model_id", model_id, raw);
    // Of two different ones the one in the body is finalized, and the one in the path gets params.
    if (request === "FinalizeLoggedModel") return json;
  }
  const name = INNER[request];
  if (name === undefined) return parameters === NO_PARAMETERS ? json : { ...json, ...parameters };
  const inner = json[name];
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return json;
  return { ...json, [name]: { ...inner, ...parameters } };
}

/** The JSON object of a request, from its query string or its body. Throws INVALID_PARAMETER_VALUE. */
export function readJson(name: string, raw: RawRequest): JsonObject {
  if (raw.method === "GET" && raw.query.size > 0) return readQuery(name, raw.query);
  let value = parseJson(raw.body);
  // Older clients send their JSON as a JSON string.
  if (typeof value === "string") value = parseJson(value);
  if (value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value;
  throw new MlflowError("INVALID_PARAMETER_VALUE", "Bad Request. The body must be a JSON object.");
}

/** MLflow reads a body that is no JSON as an empty one, so that the first missing parameter is named. */
function parseJson(text: string): Json {
  try {
    // The border: what JSON.parse gives is JSON.
    return parsePythonJson(text) as Json;
  } catch {
    return null;
  }
}

/** Refuses what a page may send without asking first; calls that read take their parameters from the query. */
export function checkContentType(
  { method, contentType }: Pick<RawRequest, "method" | "contentType">,
  hasBody: boolean,
): void {
  if (method === "GET" || (!hasBody && method !== "POST" && method !== "PUT")) return;
  if (contentType === undefined) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", "Bad Request. Content-Type header is missing.");
  }
  if (contentType.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    const message = "Bad Request. Content-Type must be one of ['application/json'].";
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
}

function readQuery(name: string, query: URLSearchParams): JsonObject {
  const json: JsonObject = {};
  for (const [field, type] of Object.entries(FIELDS[name] ?? {})) {
    const value = query.get(field);
    if (value === null) continue;
    if (type.endsWith("[]")) json[field] = query.getAll(field);
    else if (type === "bool") json[field] = readBoolean(value);
    else json[field] = value;
  }
  return json;
}

function readBoolean(value: string): boolean {
  const word = value.toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid boolean value: ${value}, must be 'true' or 'false'.`);
}

/** Two spellings of a field, and the message that stands in it. */
interface Spelling {
  field: string;
  other: string;
  inner: string | undefined;
}

const spellingsByMessage = new Map<string, readonly Spelling[]>();

/** The fields of a message that have two spellings, or fields of their own. */
function spellingsOf(name: string): readonly Spelling[] {
  const known = spellingsByMessage.get(name);
  if (known) return known;
  const spellings = Object.entries(FIELDS[name] ?? {}).map(([field, type]) => {
    const inner = type.replace("[]", "");
    return { field, other: camelCase(field), inner: Object.hasOwn(FIELDS, inner) ? inner : undefined };
  });
  const told = spellings.filter(({ field, other, inner }) => field !== other || inner !== undefined);
  spellingsByMessage.set(name, told);
  return told;
}

/** `run_id` and `runId` in one object: which one a later reader takes would be chance. */
function rejectDoubleSpelling(name: string, json: JsonObject): void {
  for (const { field, other, inner } of spellingsOf(name)) {
    if (field !== other && field in json && other in json) {
      const message = `Request specifies both '${field}' and '${other}'; provide only one of them.`;
      throw new MlflowError("INVALID_PARAMETER_VALUE", message);
    }
    if (inner === undefined) continue;
    const value = json[field] ?? json[other];
    if (!Array.isArray(value)) rejectInside(inner, value);
    else for (const item of value) rejectInside(inner, item);
  }
}

function rejectInside(name: string, value: Json | undefined): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) rejectDoubleSpelling(name, value);
}

function checkRequest(name: string, json: JsonObject, typesAreRight: boolean, raw: RawRequest): void {
  for (const [field, words] of Object.entries(CHECKS[name] ?? {})) {
    if (!(field in json) && !words.includes("required")) continue;
    const sent = json[field] ?? (field === "run_id" ? json["run_uuid"] : undefined);
    for (const word of words) {
      if (word === "required") checkPresent(field, sent);
      else if (!typesAreRight && !hasType(word, sent)) throw wrongValue(field, sent, raw);
    }
    const limit = field === "max_results" ? MAX_RESULTS[name] : undefined;
    const isNumber = typeof sent === "number" || typeof sent === "string";
    if (limit !== undefined && isNumber && Number(sent) > limit) throw wrongValue(field, sent, raw);
    for (const itemField of ITEM_FIELDS[name]?.[field] ?? []) checkItems(field, itemField, sent);
  }
  if (!typesAreRight) checkOthers(name, json, raw);
}

function checkPresent(path: string, value: Json | undefined): void {
  if (!isPresent(value)) throw missing(path);
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

function missing(path: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", `Missing value for required parameter '${path}'. ${SEE_DOCS}`);
}

function checkItems(field: string, itemField: string, list: Json | undefined): void {
  if (!Array.isArray(list)) return;
  for (const [i, item] of list.entries()) {
    const value = typeof item === "object" && item !== null && !Array.isArray(item) ? item[itemField] : undefined;
    if (!isPresent(value)) throw missing(`${field}[${i}].${itemField}`);
  }
}

function hasType(word: string, value: Json | undefined): boolean {
  switch (word) {
    case "string":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    case "item_type_string":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "intlike":
      if (typeof value === "string") return /^\s*[-+]?\d+\s*$/.test(value);
      return typeof value === "boolean" || typeof value === "number";
    case "floatlike":
      // An object is not asked for its number: it may name something else `valueOf`.
      if (typeof value === "string") return value !== "" && !Number.isNaN(Number(value));
      return typeof value === "boolean" || typeof value === "number";
    default:
      return true;
  }
}

/** MLflow goes on with what it could read of an ill-typed message; we name the parameter instead. */
function checkOthers(name: string, json: JsonObject, raw: RawRequest): void {
  for (const [field, value] of Object.entries(json)) {
    if (!parseMessage(name, { [field]: value }).ok) throw wrongValue(field, value, raw);
  }
}

/** Characters of a wrong value that are told back. */
const MAX_TOLD = 5_000;

function wrongValue(field: string, value: Json | undefined, raw: RawRequest): MlflowError {
  const shown = asWritten(field, raw) ?? value;
  const whole = pythonJson(shown);
  const told = whole.length > MAX_TOLD ? `${whole.slice(0, MAX_TOLD)}…` : whole;
  const hint = `Hint: Value was of type '${pythonType(shown)}'.`;
  const message = `Invalid value ${told} for parameter '${field}' supplied:  ${hint} ${SEE_DOCS}`;
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/** The field as it stands in the body; undefined when it came another way. */
function asWritten(field: string, { body }: RawRequest): unknown {
  let sent = parseForPrinting(body);
  if (typeof sent === "string") sent = parseForPrinting(sent);
  return typeof sent === "object" && sent !== null ? Reflect.get(sent, field) : undefined;
}
