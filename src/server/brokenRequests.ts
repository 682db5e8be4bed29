// What never became a request: answered on the bare socket, in the words of every other refusal.
import { type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { HttpRefusal, refusalText, toldOf } from "./answers.ts";

/** Answers what node's parser refuses with JSON, and ends the connection. */
export function answerBrokenRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // An answer that has begun cannot be followed by another one that the client would take for the rest of it.
    if (error.code === "ECONNRESET" || !socket.writable || isAnswering(socket)) return void socket.destroy();
    endWith(socket, refusalOf(error.code));
  });
  server.on("connect", (_request, socket) => endWith(socket, new HttpRefusal(400, "This server is no proxy.")));
}

/** The last words on a connection. */
export function endWith(socket: Duplex, refusal: HttpRefusal): void {
  const told = toldOf(refusal);
  const body = Buffer.from(refusalText(told));
  const head = [
    `HTTP/1.1 ${told.status} ${STATUS_CODES[told.status] ?? ""}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "X-Content-Type-Options: nosniff",
    "Connection: close",
  ];
  socket.on("error", () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]));
  // What is still coming is not read: a client that goes on sending is cut off.
  setTimeout(() => socket.destroy(), 1_000).unref();
}

/** The border: node's name for the answer that has the socket, kept under this name since node 0. */
function isAnswering(socket: Duplex): boolean {
  const current: unknown = Reflect.get(socket, "_httpMessage");
  return typeof current === "object" && current !== null && Reflect.get(current, "headersSent") === true;
}

function refusalOf(code: string | undefined): HttpRefusal {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpRefusal(431, "The URL and the headers of a request are too large.");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new HttpRefusal(413, "The extensions of a chunk are too large.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpRefusal(408, "The request did not arrive in time.");
    default:
      return new HttpRefusal(400, "This is not a request of HTTP/1.1.");
  }
}
