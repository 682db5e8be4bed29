import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { finished, type Transform } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { MLFLOW_VERSION, type Rpcs } from "../mlflow/api.generated.ts";
import { asMlflowError, type ErrorCode, MlflowError } from "../mlflow/errors.ts";
import { type Artifacts, answerFile } from "./artifacts.ts";
import { type Access, isOwnOrigin, mayChange, refuse } from "./guard.ts";
import type { Handler, Handlers } from "./handlers.ts";
import { type JsonObject, printMessage } from "./messages.ts";
import { type RawRequest, readJson, readRequest } from "./request.ts";
import { answerTraceFile } from "./traceArtifact.ts";
import { allowedMethods, findRoute, type Route } from "./routes.ts";

/** Bytes of a JSON body, unpacked: a batch of 1,000 metrics takes about 100 kB. */
const MAX_BODY = 64 * 1024 * 1024;

/** Answers of the server's own that are no remote call of MLflow's, by `METHOD /path`. */
export type OwnRoutes = Readonly<Record<string, (asked: OwnRequest) => Promise<OwnAnswer>>>;

export interface OwnRequest {
  query: URLSearchParams;
  /** The body as a JSON object; an empty one when there is none. */
  json(): Promise<JsonObject>;
}

export interface OwnAnswer {
  contentType: string;
  body: string;
  headers?: Record<string, string>;
}

export interface Service {
  handlers: Handlers;
  artifacts: Artifacts;
  access: Access;
  own: OwnRoutes;
  /** Hears of every request that counts as use of the server. */
  onRequest(): void;
  /** Hears of what no client is told: errors of the server itself. */
  onError(error: unknown): void;
}

interface Asked {
  method: string;
  url: URL;
  /** Undecoded, so that `%2F` in a parameter does not split it. */
  rawPath: string;
  /** Decoded. */
  path: string;
  request: IncomingMessage;
  response: ServerResponse;
}

/** The listener of a `node:http` server: MLflow's REST over a store. Never throws, never answers a stack trace. */
export function requestListener(service: Service): RequestListener {
  return (request, response) => {
    answer(service, request, response).catch((error: unknown) => {
      service.onError(error);
      response.destroy();
    });
  };
}

async function answer(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { access } = service;
  response.setHeader("X-Content-Type-Options", "nosniff");
  if (access.frameOptions !== "NONE") response.setHeader("X-Frame-Options", access.frameOptions);
  try {
    const asked = readAsked(request, response);
    const { method, path } = asked;
    allowReading(access, request.headers.origin, response);
    const refusal = method === "OPTIONS" ? undefined : refuse(access, { method, path, headers: request.headers });
    if (refusal) return send(response, refusal.status, "text/plain", refusal.message);
    if (method === "OPTIONS") return answerPreflight(access, request, response);
    await answerAllowed(service, asked);
  } catch (error) {
    answerError(service, request, response, error);
  } finally {
    // An unread body would be taken for the next request of the connection.
    if (!request.complete) request.resume();
  }
}

function readAsked(request: IncomingMessage, response: ServerResponse): Asked {
  const target = request.url ?? "/";
  if (!URL.canParse(target, "http://localhost")) throw new MlflowError("BAD_REQUEST", "The URL cannot be read.");
  const url = new URL(target, "http://localhost");
  // Not `url.pathname`: that has `..` resolved already, and an artifact path with `..` must be seen to be refused.
  const rawPath = target.startsWith("/") ? target.replace(/[?#].*$/s, "") : url.pathname;
  // Node leaves the body of the answer to HEAD out by itself.
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  return { method, url, rawPath, path: decodePath(rawPath), request, response };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray % is taken as it stands, as Python's unquote does.
    return path;
  }
}

async function answerAllowed(service: Service, asked: Asked): Promise<void> {
  const { method, rawPath, path, url, request, response } = asked;
  const own = service.own[`${method} ${path}`];
  if (own) {
    const json = async () => readJson("", { ...rawOf(asked), body: await readBody(request) });
    const { contentType, body, headers = {} } = await own({ query: url.searchParams, json });
    if (path.includes("api/")) service.onRequest();
    return send(response, 200, contentType, body, headers);
  }
  service.onRequest();
  const asksFile = { method, path, query: url.searchParams, request, response };
  const file = answerFile(service.artifacts, asksFile) ?? answerTraceFile(service.artifacts, asksFile);
  if (file) return file;
  const route = findRoute(method, rawPath);
  if (!route) return answerUnknown(response, method, path);
  const raw = { ...rawOf(asked), body: await readBody(request) };
  const message = await call(service.handlers, { ...route, rpc: route.rpc }, raw);
  send(response, 200, "application/json", printMessage(route.response, message));
}

function rawOf({ method, url, request }: Asked): Omit<RawRequest, "body"> {
  return { method, query: url.searchParams, contentType: request.headers["content-type"] };
}

async function call<K extends keyof Rpcs>(
  handlers: Handlers,
  route: Route & { rpc: K },
  raw: RawRequest,
): Promise<Rpcs[K]["response"]> {
  const handler: Handler<K> | undefined = handlers[route.rpc];
  if (!handler) {
    throw new MlflowError("ENDPOINT_NOT_FOUND", `This server does not offer ${route.rpc} (${raw.method}).`);
  }
  return handler(readRequest(route, raw));
}

function answerUnknown(response: ServerResponse, method: string, path: string): void {
  const allowed = allowedMethods(path);
  if (allowed.length > 0) response.setHeader("Allow", allowed.join(", "));
  const message = `There is no endpoint ${method} ${path} in MLflow ${MLFLOW_VERSION}.`;
  sendError(response, allowed.length > 0 ? 405 : 404, new MlflowError("ENDPOINT_NOT_FOUND", message));
}

/** Text of the body, unpacked. Throws INVALID_PARAMETER_VALUE when it is too large or cannot be unpacked. */
async function readBody(request: IncomingMessage): Promise<string> {
  const unpacker = unpackerOf(request);
  const body = unpacker === undefined ? request : request.pipe(unpacker);
  if (unpacker) finished(request, { writable: false }, (error) => error && unpacker.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Destroying the request on leaving the loop would take the socket, and the answer, with it.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      size += bytes.length;
      if (size > MAX_BODY) break;
      chunks.push(bytes);
    }
  } catch (error) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", "The request body ended early or cannot be unpacked.", {
      cause: error,
    });
  } finally {
    if (unpacker) request.unpipe(unpacker);
    unpacker?.destroy();
  }
  if (size > MAX_BODY) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `The request is larger than ${MAX_BODY} bytes; send it in parts.`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Undefined for a body that is not packed. */
function unpackerOf(request: IncomingMessage): Transform | undefined {
  switch (request.headers["content-encoding"]?.toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      return undefined;
    case "gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    default:
      throw new MlflowError("BAD_REQUEST", "Content-Encoding must be gzip, deflate or identity.");
  }
}

/** HTTP status by error code (mlflow 3.17 `ERROR_CODE_TO_HTTP_STATUS`); the others are 500. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  BAD_REQUEST: 400,
  INVALID_PARAMETER_VALUE: 400,
  MALFORMED_REQUEST: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_DOES_NOT_EXIST: 404,
  RESOURCE_CONFLICT: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

function answerError(service: Service, request: IncomingMessage, response: ServerResponse, cause: unknown): void {
  // The client went away: nobody to tell, and nothing of ours to report.
  if (response.destroyed || request.socket.destroyed) return;
  const error = asMlflowError(cause);
  const status = STATUS[error.error_code] ?? 500;
  if (status >= 500) service.onError(cause);
  // Half an answer cannot be taken back: a broken connection tells the client that it is not whole.
  if (response.headersSent) response.destroy();
  else sendError(response, status, error);
}

function sendError(response: ServerResponse, status: number, { error_code, message }: MlflowError): void {
  send(response, status, "application/json", JSON.stringify({ error_code, message }));
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Record<string, string> = {},
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "Content-Type": contentType, "Content-Length": bytes.length });
  response.end(bytes);
}

/** Pages of this machine and of allowed origins may read answers. */
function allowReading(access: Access, origin: string | undefined, response: ServerResponse): void {
  if (origin === undefined || !(isOwnOrigin(origin) || mayChange(access, origin))) return;
  response.setHeader("Access-Control-Allow-Origin", access.allowedOrigins.includes("*") ? "*" : origin);
  response.setHeader("Vary", "Origin");
  if (!access.allowedOrigins.includes("*")) response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Access-Control-Expose-Headers", "*");
}

/** A browser asks before it sends; answered as mlflow 3.17 does, other OPTIONS with nothing. */
function answerPreflight(access: Access, request: IncomingMessage, response: ServerResponse): void {
  const { origin, "access-control-request-method": wanted } = request.headers;
  if (origin === undefined || wanted === undefined) {
    response.writeHead(204).end();
    return;
  }
  if (!mayChange(access, origin)) return send(response, 400, "text/plain", "Disallowed CORS origin");
  send(response, 200, "text/plain", "OK", {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS, PATCH",
    "Access-Control-Allow-Headers": request.headers["access-control-request-headers"] ?? "*",
    "Access-Control-Max-Age": "600",
  });
}
