import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { MLFLOW_VERSION, type Rpcs } from "../mlflow/api.generated.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { HttpRefusal, send, sendRefusal, toldOf } from "./answers.ts";
import type { PrintedPart } from "../store/printedReads.ts";
import { answerFile } from "./artifactRequests.ts";
import type { Artifacts } from "./artifacts.ts";
import { askedBy } from "./asker.ts";
import { checkBodyHead, hasBody, readBody } from "./body.ts";
import { allowReading, answerPreflight } from "./cors.ts";
import { type Access, type Asker, isBearer, isTrusted as isTrustedAsker, refuse } from "./guard.ts";
import type { Handler, Handlers } from "./handlers.ts";
import { type JsonObject, printMessage } from "./messages.ts";
import { findUser, isSameUser } from "./peer.ts";
import type { Printed, PrintedHandlers } from "./printed.ts";
import { checkContentType, type RawRequest, readJson, readRequest } from "./request.ts";
import { allowedMethods, findRoute, METHODS, type Route } from "./routes.ts";
import { readTarget, type Target } from "./target.ts";
import { answerTraceFile } from "./traceArtifact.ts";

/** Answers of the server's own that are no remote call of MLflow's, by `METHOD /path`. */
export type OwnRoutes = Readonly<Record<string, (asked: OwnRequest) => Promise<OwnAnswer>>>;

export interface OwnRequest {
  query: URLSearchParams;
  /** The body as a JSON object; an empty one when there is none. */
  json(): Promise<JsonObject>;
  /** Whether who asks may be told everything; of interest where the answer is for anyone. */
  isTrusted(): boolean;
}

export interface OwnAnswer {
  contentType: string;
  body: string;
  headers?: Record<string, string>;
}

export interface Service {
  handlers: Handlers;
  printed: Printed;
  artifacts: Artifacts;
  access: Access;
  own: OwnRoutes;
  /** Hears of every request that counts as use of the server. */
  onRequest(): void;
  /** Hears of what no client is told: errors of the server itself. */
  onError(error: unknown): void;
}

interface Asked extends Target, Asker {
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
  if (!access.unguarded) response.setHeader("X-Content-Type-Options", "nosniff");
  if (access.frameOptions !== "NONE") response.setHeader("X-Frame-Options", access.frameOptions);
  try {
    checkHead(request);
    const { headers, socket } = request;
    const target = readTarget(request.url ?? "/");
    // Node leaves the body of the answer to HEAD out by itself.
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    const asked = { ...target, method, headers, request, response, isSameUser: () => isSameUser(socket) };
    allowReading(access, headers.origin, response);
    if (access.mode === "auto" && !isBearer(access, headers)) await findUser(socket);
    const refusal = refuse(access, asked);
    // A browser's question before a request carries no token.
    if (refusal && !(method === "OPTIONS" && refusal.error_code === "UNAUTHENTICATED")) throw refusal;
    if (method === "OPTIONS") return answerPreflight(access, request, response);
    if (headers.expect !== undefined) meetExpectation(headers.expect, request, response);
    await askedBy(
      () => response.destroyed || socket.destroyed || socket.writableEnded,
      () => answerAllowed(service, asked),
    );
  } catch (error) {
    answerError(service, request, response, error);
  } finally {
    if (!request.complete) passOver(request);
  }
}

function meetExpectation(expected: string, request: IncomingMessage, response: ServerResponse): void {
  if (expected.toLowerCase() !== "100-continue") throw new HttpRefusal(417, "Expect must be 100-continue.");
  if (request.httpVersion === "1.1") response.writeContinue();
}

/** ms for which a body that was refused is still taken, and thrown away: many clients read no answer before they sent it all. */
const PASS_OVER_MS = 10_000;

/** An unread body would be taken for the next request of the connection. */
function passOver(request: IncomingMessage): void {
  const cut = setTimeout(() => request.destroy(), PASS_OVER_MS);
  request.once("close", () => clearTimeout(cut));
  request.resume();
}

/** More headers than any client sends. */
const MAX_HEADERS = 200;

/** Refuses a head that two readers could read in two ways. */
function checkHead({ rawHeaders, httpVersion }: IncomingMessage): void {
  if (rawHeaders.length > 2 * MAX_HEADERS) throw new HttpRefusal(431, `A request has at most ${MAX_HEADERS} headers.`);
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion !== "1.0")) {
    throw new HttpRefusal(400, "A request has one Host header.");
  }
}

async function answerAllowed(service: Service, asked: Asked): Promise<void> {
  const { method, rawPath, path, query, request, response } = asked;
  const name = `${method} ${path}`;
  const own = Object.hasOwn(service.own, name) ? service.own[name] : undefined;
  if (own) {
    const json = async () => readJson("", await readRaw(asked));
    const isTrusted = () => isTrustedAsker(service.access, asked);
    const { contentType, body, headers = {} } = await own({ query, json, isTrusted });
    if (path.includes("api/") || path === "/graphql") service.onRequest();
    return send(response, 200, contentType, body, headers);
  }
  service.onRequest();
  const raw = () => readRaw(asked);
  const asksFile = { method, path, query, request, response, raw };
  const file = answerFile(service.artifacts, asksFile) ?? answerTraceFile(service.artifacts, asksFile);
  if (file) return file;
  const route = findRoute(method, rawPath);
  if (!route) return answerUnknown(service, response, method, path);
  return answerCall(service, { ...route, rpc: route.rpc }, asked);
}

/** What can be refused by its head is refused before its body is read. */
async function readRaw({ method, query, request }: Asked): Promise<RawRequest> {
  const raw = { method, query, contentType: request.headers["content-type"], body: "" };
  checkBodyHead(request);
  checkContentType(raw, hasBody(request));
  raw.body = await readBody(request);
  return raw;
}

async function sendParts(service: Service, response: ServerResponse, part: PrintedPart): Promise<void> {
  const { printed } = service;
  if (part.more === undefined) return send(response, 200, "application/json", part.bytes);
  try {
    // A limit has answered already.
    if (response.headersSent) return;
    response.writeHead(200, { "Content-Type": "application/json" });
    await pipeline(printed.partsFrom(part), response);
  } catch (error) {
    // The client sees only that its answer broke off. Its own going is no MlflowError.
    if (error instanceof MlflowError) service.onError(error);
    throw error;
  } finally {
    await printed.dropRest(part).catch((error: unknown) => service.onError(error));
  }
}

async function answerCall<K extends keyof Rpcs>(
  service: Service,
  route: Route & { rpc: K },
  asked: Asked,
): Promise<void> {
  const handler: Handler<K> | undefined = service.handlers[route.rpc];
  if (!handler) {
    throw new MlflowError("ENDPOINT_NOT_FOUND", `This server does not offer ${route.rpc} (${asked.method}).`);
  }
  const request = readRequest(route, await readRaw(asked));
  const printed: PrintedHandlers[K] | undefined = service.printed.handlers[route.rpc];
  const part = await printed?.(request);
  if (part !== undefined) return sendParts(service, asked.response, part);
  send(asked.response, 200, "application/json", printMessage(route.response, await handler(request)));
}

function answerUnknown({ own, handlers }: Service, response: ServerResponse, method: string, path: string): void {
  const ours = METHODS.filter((one) => Object.hasOwn(own, `${one} ${path}`));
  const allowed = ours.length > 0 ? ours : allowedMethods(path, handlers);
  if (allowed.length > 0) response.setHeader("Allow", allowed.join(", "));
  const message = `There is no endpoint ${method} ${path.slice(0, 200)} in MLflow ${MLFLOW_VERSION}.`;
  sendRefusal(response, { status: allowed.length > 0 ? 405 : 404, error_code: "ENDPOINT_NOT_FOUND", message });
}

function answerError(service: Service, request: IncomingMessage, response: ServerResponse, cause: unknown): void {
  // The client went away: nobody to tell, and nothing of ours to report.
  if (response.destroyed || request.socket.destroyed) return;
  const told = toldOf(cause);
  if (told.status >= 500) service.onError(cause);
  // Half an answer cannot be taken back: a broken connection tells the client that it is not whole.
  if (response.headersSent) response.destroy();
  else sendRefusal(response, told);
}
