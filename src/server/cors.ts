import type { IncomingMessage, ServerResponse } from "node:http";
import { send } from "./answers.ts";
import { type Access, isListed } from "./guard.ts";

/** Lets pages of listed origins read the answer; without a listed origin no answer has a word of CORS in it. */
export function allowReading({ allowedOrigins }: Access, origin: string | undefined, response: ServerResponse): void {
  if (allowedOrigins.length === 0) return;
  const any = allowedOrigins.includes("*");
  if (!any) response.setHeader("Vary", "Origin");
  if (origin === undefined || !isListed(allowedOrigins, origin)) return;
  response.setHeader("Access-Control-Allow-Origin", any ? "*" : origin);
  if (!any) response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Access-Control-Expose-Headers", "*");
}

/** A browser asks before it sends; a listed origin is answered as mlflow 3.17 does, other OPTIONS with nothing. */
export function answerPreflight({ allowedOrigins }: Access, request: IncomingMessage, response: ServerResponse): void {
  const { origin, "access-control-request-method": wanted } = request.headers;
  if (origin === undefined || wanted === undefined || !isListed(allowedOrigins, origin)) {
    response.writeHead(204).end();
    return;
  }
  send(response, 200, "text/plain", "OK", {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS, PATCH",
    "Access-Control-Allow-Headers": request.headers["access-control-request-headers"] ?? "*",
    "Access-Control-Max-Age": "600",
  });
}
