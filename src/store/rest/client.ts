import { setTimeout as pause } from "node:timers/promises";
import { errorCodeOf, MlflowError, type ErrorCode } from "../../mlflow/errors.ts";
import type { Json } from "./read.ts";
import { send, type Answer, type Sent } from "./send.ts";

export interface RestServer {
  /** http or https, a path behind the host allowed; user and password in it become basic authentication. */
  tracking_uri: string;
  /** Bearer token. */
  token?: string;
  /** How long a call goes on trying when the server is away or overloaded, ms; 10,000 when absent. */
  patience?: number;
}

export type HttpMethod = "GET" | "POST" | "PATCH" | "DELETE";

export interface RestCall {
  method: HttpMethod;
  /** Below `/api/2.0/mlflow/`, such as `runs/get`. */
  path: string;
  /** GET sends it as the query, the others as a JSON body. */
  argument?: object;
  /** Sending it twice is not the same as once: it is repeated only when it surely was not carried out. */
  once?: boolean;
}

export interface RestClient {
  /** @throws MlflowError with the server's own code; TEMPORARILY_UNAVAILABLE when it does not answer. */
  call(call: RestCall): Promise<Json>;
  /** The address of a file at `path` below the server's root, with what every call carries. */
  file(path: string, query: Record<string, string>): { url: URL; headers: Record<string, string> };
}

/** ms; MLflow's client (3.17) waits as long for an answer. */
const REQUEST_TIMEOUT = 120_000;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;
/** Answers after which MLflow's client (3.17) tries again. */
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

/** Codes that MLflow's server (3.17) answers with status 500, though asking again changes nothing. */
const FINAL: ReadonlySet<ErrorCode> = new Set(["INVALID_STATE"]);

export function restClient(server: RestServer): RestClient {
  const { base, headers } = readServer(server);
  const patience = server.patience ?? 10_000;
  return {
    file(path, query) {
      const url = new URL(`${base.pathname.replace(/\/$/, "")}/${path}`, base);
      addQuery(url, query);
      return { url, headers };
    },
    async call(call) {
      const end = Date.now() + patience;
      for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
        const outcome = await attempt(base, headers, call);
        if ("value" in outcome) return outcome.value;
        if (!outcome.again || Date.now() + wait > end) throw outcome.error;
        await pause(wait);
      }
    },
  };
}

type Outcome = { value: Json } | { error: MlflowError; again: boolean };

async function attempt(base: URL, headers: Record<string, string>, call: RestCall): Promise<Outcome> {
  const url = new URL(`${base.pathname.replace(/\/$/, "")}/api/2.0/mlflow/${call.path}`, base);
  const { method, once = false } = call;
  const sent: Sent = { method, headers, timeout: REQUEST_TIMEOUT, alone: once };
  if (method === "GET") addQuery(url, call.argument ?? {});
  else sent.body = JSON.stringify(call.argument ?? {}, wireNumber);
  let answer: Answer;
  try {
    answer = await send(url, sent);
  } catch (cause) {
    const message = `The tracking server at ${base.href.replace(/\/$/, "")} does not answer.`;
    const error = new MlflowError("TEMPORARILY_UNAVAILABLE", message, { cause });
    return { error, again: !once || causeCode(cause) === "ECONNREFUSED" };
  }
  const { status, text } = answer;
  const value = parse(text);
  if (status >= 200 && status < 300 && value !== undefined) return { value };
  const error = errorOf(base, status, value);
  const again = status === 429 || (TRANSIENT.has(status) && !once);
  return { error, again: again && !FINAL.has(error.error_code) };
}

function readServer(server: RestServer): { base: URL; headers: Record<string, string> } {
  const base = URL.canParse(server.tracking_uri) ? new URL(server.tracking_uri) : undefined;
  if (base?.protocol !== "http:" && base?.protocol !== "https:") {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `${server.tracking_uri} is not the address of a tracking server.`);
  }
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (base.username !== "") {
    const user = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
    headers["authorization"] = `Basic ${Buffer.from(user).toString("base64")}`;
    base.username = "";
    base.password = "";
  }
  if (server.token !== undefined) headers["authorization"] = `Bearer ${server.token}`;
  return { base, headers };
}

function addQuery(url: URL, argument: object): void {
  for (const [key, value] of Object.entries(argument)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) url.searchParams.append(key, String(item));
    }
  }
}

/** JSON has no word for NaN and ±Infinity; protobuf's JSON writes them as text. */
function wireNumber(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** The border: an object, or undefined when the text is none. */
function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function errorOf(base: URL, status: number, body: Json | undefined): MlflowError {
  const message = body?.["message"];
  if (typeof message === "string" && typeof body?.["error_code"] === "string") {
    return new MlflowError(errorCodeOf(body["error_code"]), message);
  }
  return new MlflowError(
    codeOfStatus(status),
    `${base.origin} answered with status ${status}, but not as an MLflow server does.`,
  );
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "UNAUTHENTICATED";
  if (status === 403) return "PERMISSION_DENIED";
  if (status === 404) return "ENDPOINT_NOT_FOUND";
  if (status === 429) return "REQUEST_LIMIT_EXCEEDED";
  return TRANSIENT.has(status) ? "TEMPORARILY_UNAVAILABLE" : "INTERNAL_ERROR";
}

/** The system's code behind a failed request; a host with several addresses fails with one error for each. */
function causeCode(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return causeCode(error.errors[0]);
  return causeCode(error.cause);
}
