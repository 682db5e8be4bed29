import {
  buildSchema,
  type DocumentNode,
  execute,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isListType,
  isObjectType,
  isScalarType,
  parse,
  validate,
} from "graphql";
import { ENDPOINTS, type Rpcs } from "../mlflow/api.generated.ts";
import { GRAPHQL_SCHEMA } from "../mlflow/graphql.generated.ts";
import { invalid } from "../store/validation.ts";
import { checkQuery } from "./graphqlLimits.ts";
import type { Handlers } from "./handlers.ts";
import { camelCase, type JsonObject } from "./messages.ts";
import { readRequest } from "./request.ts";

/** Calls for one request. */
type Calls = (rpc: keyof Rpcs, input: JsonObject) => Promise<unknown>;

/** What a field gives, by type and field. */
type Fields = Readonly<Record<string, (source: unknown, input: JsonObject, calls: Calls) => unknown>>;

// MLflow has no bounds for these: the queries of its web page have 1,500 characters and 300 tokens, and make three calls.
const MAX_QUERY = 100_000;
const MAX_TOKENS = 2_000;
const MAX_CALLS = 5_000;

/** Answers `data` and the messages of `errors` (null: none), as mlflow 3.17's `_graphql` does. */
export interface GraphqlAnswer {
  data: unknown;
  errors: string[] | null;
}

/** `POST /graphql`, by which MLflow's web page reads runs. Throws INVALID_PARAMETER_VALUE for a query that is none. */
export function graphqlOf(handlers: Handlers, searchDatasets: (input: JsonObject) => Promise<unknown>) {
  const schema = buildSchema(GRAPHQL_SCHEMA);
  readLongStrings(schema);
  const fieldResolver = resolverOf(fieldsOf(searchDatasets));
  return async (request: JsonObject): Promise<GraphqlAnswer> => {
    const { query, variables, operationName } = request;
    const document = readQuery(query);
    const tooLarge = checkQuery(document);
    const refused = tooLarge.length > 0 ? tooLarge : validate(schema, document);
    if (refused.length > 0) return { data: null, errors: refused.map(({ message }) => message) };
    const { data = null, errors } = await execute({
      schema,
      document,
      fieldResolver,
      contextValue: callsOf(handlers),
      variableValues: typeof variables === "object" && !Array.isArray(variables) ? variables : null,
      operationName: typeof operationName === "string" ? operationName : null,
    });
    return { data, errors: errors?.map(({ message }) => message) ?? null };
  };
}

function readQuery(query: unknown): DocumentNode {
  if (typeof query !== "string") throw invalid("A GraphQL request must have a `query` of text.");
  if (query.length > MAX_QUERY) throw invalid(`A GraphQL query may have at most ${MAX_QUERY} characters.`);
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) throw invalid(error.message);
    throw error;
  }
}

/** Whole numbers of 64 bits travel as text; as input they are numbers. */
function readLongStrings(schema: GraphQLSchema): void {
  const scalar = schema.getType("LongString");
  if (!isScalarType(scalar)) throw new Error("The GraphQL schema has no LongString.");
  scalar.serialize = (value) => String(value);
  scalar.parseValue = (value) => {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new GraphQLError(`LongString cannot represent '${String(value)}'.`);
    return number;
  };
}

function fieldsOf(searchDatasets: (input: JsonObject) => Promise<unknown>): Fields {
  const rpc = (name: keyof Rpcs) => (_: unknown, input: JsonObject, calls: Calls) => calls(name, input);
  const searchRuns = rpc("searchRuns");
  return {
    "Query.mlflowGetExperiment": rpc("getExperiment"),
    "Query.mlflowGetRun": rpc("getRun"),
    "Query.mlflowSearchRuns": searchRuns,
    "Mutation.mlflowSearchRuns": searchRuns,
    "Query.mlflowListArtifacts": rpc("listArtifacts"),
    "Query.mlflowSearchModelVersions": rpc("searchModelVersions"),
    "Query.mlflowGetMetricHistoryBulkInterval": rpc("getMetricHistoryBulkInterval"),
    "Mutation.mlflowSearchDatasets": (_, input) => searchDatasets(input),
    "MlflowRunExtension.experiment": async (run, _, calls) => {
      const experimentId = textAt(run, "info", "experiment_id");
      return valueAt(await calls("getExperiment", { experimentId }), "experiment");
    },
    "MlflowRunExtension.modelVersions": async (run, _, calls) => {
      const filter = `run_id='${textAt(run, "info", "run_id")}'`;
      return valueAt(await calls("searchModelVersions", { filter }), "model_versions") ?? [];
    },
    // GraphQL's Float has no NaN and no infinity.
    "MlflowMetricExtension.value": (metric) => {
      const value = valueAt(metric, "value");
      return Number.isFinite(value) ? value : null;
    },
  };
}

/** A call made once is not made again for the same request: a thousand runs are of one experiment. */
function callsOf(handlers: Handlers): Calls {
  const made = new Map<string, Promise<unknown>>();
  return (rpc, input) => {
    const name = `${rpc} ${JSON.stringify(input)}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    if (made.size >= MAX_CALLS) throw new GraphQLError(`A GraphQL query may look up at most ${MAX_CALLS} things.`);
    const answer = call(handlers, rpc, input);
    made.set(name, answer);
    return answer;
  };
}

async function call<K extends keyof Rpcs>(handlers: Handlers, rpc: K, input: JsonObject): Promise<unknown> {
  const handler = handlers[rpc];
  const endpoint = ENDPOINTS.find(([name]) => name === rpc);
  if (handler === undefined || endpoint === undefined) throw new Error(`There is no call ${rpc}.`);
  const [, , , request, response] = endpoint;
  const body = JSON.stringify(Object.fromEntries(Object.entries(input).map(([key, value]) => [snakeCase(key), value])));
  const raw = { method: "POST", query: new URLSearchParams(), contentType: "application/json", body };
  return handler(readRequest({ rpc, request, response, parameters: {} }, raw));
}

/** A field that a message does not have reads as protobuf's default for its type. */
function resolverOf(fields: Fields): GraphQLFieldResolver<unknown, Calls> {
  const inMessages = new Map<string, string>();
  return (source, args, calls, { parentType, fieldName, returnType }) => {
    const own = fields[`${parentType.name}.${fieldName}`];
    if (own !== undefined) return own(source, Object(args["input"]), calls);
    if (fieldName === "test" || fieldName === "testMutation") return { output: args["inputString"] };
    if (fieldName === "apiError") return null;
    const key = inMessages.get(fieldName) ?? snakeCase(fieldName);
    inMessages.set(fieldName, key);
    return valueAt(source, key) ?? defaultOf(returnType);
  };
}

function defaultOf(type: GraphQLOutputType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [];
  if (isObjectType(nullable)) return {};
  if (isEnumType(nullable)) return nullable.getValues()[0]?.value;
  const { name } = getNamedType(nullable);
  if (name === "String") return "";
  return name === "Boolean" ? false : 0;
}

function snakeCase(name: string): string {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (camelCase(snake) !== name) throw new Error(`${name} is no field of a message.`);
  return snake;
}

function valueAt(source: unknown, key: string): unknown {
  const value: unknown = typeof source === "object" && source !== null ? Reflect.get(source, key) : undefined;
  return value;
}

function textAt(source: unknown, outer: string, key: string): string {
  return String(valueAt(valueAt(source, outer), key));
}
