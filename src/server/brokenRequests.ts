// What never became a request: answered on the bare socket, in the words of every other refusal.
import type { Server, ServerResponse as Answer } from "node:http";
import type { Duplex } from "node:stream";
import { HttpRefusal, refusalText, toldOf } from "./answers.ts";
import { ServerResponse, STATUS_CODES } from "./nodeHttp.ts";

/** Answers what node's parser refuses with JSON, and ends the connection. */
export function answerBrokenRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const before = answerOn(socket);
    // What follows an answer that has begun would be taken for the rest of it.
    const halfAnswered = before?.headersSent === true && !before.writableFinished;
    if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
    else if (before?.req.complete === true) {
      // Not the request that is being answered is broken, but the one behind it.
      before.once("finish", () => endWith(socket, refusalOf(error.code)));
    } else if (halfAnswered) socket.destroy();
    else endWith(socket, refusalOf(error.code));
  });
  server.on("connect", (_request, socket) => endWith(socket, new HttpRefusal(400, "This server is no proxy.")));
}

/** The last words on a connection. */
function endWith(socket: Duplex, refusal: HttpRefusal): void {
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

/** The border: the answer that has the socket, under node's own name for it. */
function answerOn(socket: Duplex): Answer | undefined {
  const current: unknown = Reflect.get(socket, "_httpMessage");
  return current instanceof ServerResponse ? current : undefined;
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
