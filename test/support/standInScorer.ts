import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { whenOver } from "./environment.ts";

/** What it was asked: body and content type. */
export interface AskedOf {
  body: string;
  contentType: string;
}

export interface StandInScorer {
  port: number;
  url: string;
  asked: AskedOf[];
  /** Ends it, with all connections. */
  end(): Promise<void>;
}

/**
 * Stands in for a scoring server where a page or an end of the line is tested: answers as `answer` says. The real one is asked in
 * test/integration/predict.test.ts.
 */
export async function standInScorer(
  answer: (body: string, response: ServerResponse, request: IncomingMessage) => void,
): Promise<StandInScorer> {
  const asked: AskedOf[] = [];
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces).toString("utf8");
      asked.push({ body, contentType: request.headers["content-type"] ?? "" });
      answer(body, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const end = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  whenOver(end);
  return { port, url: `http://127.0.0.1:${port}`, asked, end };
}

/** Answers with JSON. */
export function replyJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
