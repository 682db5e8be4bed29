import { once } from "node:events";
import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import { whenOver } from "./environment.ts";

/** A way to a server on which the answer to one kind of call is held back: the server has done it, and nobody hears of it. */
export interface HoldingProxy {
  url: string;
  /** Resolves when an answer is being held. */
  held: Promise<void>;
}

/**
 * Holds the answers to calls of this path whose body says so; `before`: the server does not even hear of the call; `cut`: the
 * connection breaks in place of the answer; `refused`: the call is refused, and the server does not hear of it.
 */
export async function holdingProxy(
  target: string,
  holds: { path: string; body?: string; before?: boolean; cut?: boolean; refused?: boolean },
): Promise<HoldingProxy> {
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const to = new URL(target);
  const server = createServer((incoming, outgoing) => {
    bodyOf(incoming).then(
      (body) => pass(incoming, outgoing, body),
      () => outgoing.destroy(),
    );
  });
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void => {
    const isHeld = (incoming.url ?? "").includes(holds.path) && body.toString().includes(holds.body ?? "");
    if (isHeld && holds.before === true) return resolve();
    if (isHeld && holds.refused === true) {
      outgoing.writeHead(403, { "content-type": "application/json" });
      outgoing.end(JSON.stringify({ error_code: "PERMISSION_DENIED", message: "Not now." }));
      return resolve();
    }
    const { method, url: path, headers } = incoming;
    const forwarded = send(
      { host: to.hostname, port: to.port, method, path, headers: { ...headers, host: to.host } },
      (answer) => {
        if (isHeld) {
          answer.resume();
          answer.on("end", resolve);
          if (holds.cut === true) outgoing.destroy();
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on("error", () => outgoing.destroy());
    forwarded.end(body);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  whenOver(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`, held };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
