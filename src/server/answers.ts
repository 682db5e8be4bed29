// What goes out: bodies, refusals, and which HTTP status a refusal has.
import type { ServerResponse } from "node:http";
import { asMlflowError, type ErrorCode, MlflowError } from "../mlflow/errors.ts";

/**
 * HTTP status by error code. Where mlflow 3.17 answers a request that cannot be met with a 5xx (INVALID_STATE 500,
 * NOT_IMPLEMENTED 501, DEADLINE_EXCEEDED 504) it is a 4xx here: clients try 5xx again for minutes, and in vain. The 404 of
 * NOT_IMPLEMENTED makes MLflow's client fall back to plain uploads and downloads, as 501 does.
 */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_REQUEST: 400,
  INVALID_PARAMETER_VALUE: 400,
  MALFORMED_REQUEST: 400,
  FEATURE_DISABLED: 400,
  DEADLINE_EXCEEDED: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  ENDPOINT_NOT_FOUND: 404,
  NOT_IMPLEMENTED: 404,
  RESOURCE_DOES_NOT_EXIST: 404,
  INVALID_STATE: 409,
  RESOURCE_CONFLICT: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  // The state of the machine: a lock that another program holds, a full disk.
  TEMPORARILY_UNAVAILABLE: 503,
  IO_ERROR: 503,
  // A fault of the server's own; no input may lead here.
  INTERNAL_ERROR: 500,
};

const CODE_OF_STATUS = {
  400: "BAD_REQUEST",
  403: "PERMISSION_DENIED",
  408: "DEADLINE_EXCEEDED",
  413: "REQUEST_LIMIT_EXCEEDED",
  415: "INVALID_PARAMETER_VALUE",
  417: "BAD_REQUEST",
  431: "REQUEST_LIMIT_EXCEEDED",
} as const satisfies Record<number, ErrorCode>;

/** A refusal with a status that HTTP has for exactly this. */
export class HttpRefusal extends Error {
  readonly status: keyof typeof CODE_OF_STATUS;

  constructor(status: keyof typeof CODE_OF_STATUS, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HttpRefusal";
    this.status = status;
  }
}

/** What a client is told of an error. */
export interface Told {
  status: number;
  error_code: ErrorCode;
  message: string;
}

/** The answer to an error. What only the log may say (SQL, paths, stacks) is left out of it. */
export function toldOf(cause: unknown): Told {
  if (cause instanceof HttpRefusal) {
    return { status: cause.status, error_code: CODE_OF_STATUS[cause.status], message: cause.message };
  }
  if (isTooDeep(cause)) return toldOf(new MlflowError("INVALID_PARAMETER_VALUE", "The request is nested too deeply."));
  const { error_code, message } = asMlflowError(cause);
  const status = STATUS[error_code];
  return { status, error_code, message: error_code === "INTERNAL_ERROR" ? INTERNAL : message };
}

const INTERNAL = "The server failed to answer; its log says why.";

/** A value in a value in a value… that some walk through it ran out of stack for. */
function isTooDeep(cause: unknown): boolean {
  const text = cause instanceof RangeError || cause instanceof MlflowError ? cause.message : "";
  return text === "Maximum call stack size exceeded";
}

export function sendRefusal(response: ServerResponse, { status, error_code, message }: Told): void {
  if (status === 401) response.setHeader("WWW-Authenticate", "Bearer");
  send(response, status, "application/json", refusalText({ error_code, message }));
}

/** The body of every refusal. */
export function refusalText({ error_code, message }: Pick<Told, "error_code" | "message">): string {
  return JSON.stringify({ error_code, message });
}

/** Sends a whole answer, unless a limit has answered already. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) return;
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, "Content-Type": contentType, "Content-Length": length });
  // As text, it goes out in one piece with the head.
  response.end(body);
}
