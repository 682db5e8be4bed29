import { deepEqual, equal } from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { asMlflowError } from "../../src/mlflow/errors.ts";
import { askScoringServer, LARGEST_ANSWER } from "../../src/models/scoringClient.ts";
import { replyJson, standInScorer } from "../support/standInScorer.ts";

const ask = (url: string, change: Partial<Parameters<typeof askScoringServer>[0]> = {}) =>
  askScoringServer({ url, body: "{}", contentType: "application/json", timeout: 10_000, ...change });
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => "answered",
    (error: unknown) => asMlflowError(error).error_code,
  );

test("an answer of any status is a reply, with the time it took", async () => {
  const { url, asked } = await standInScorer((_body, response) => replyJson(response, { message: "no" }, 400));
  const { status, text, contentType, ms } = await ask(url, { body: "ü", contentType: "text/csv" });
  deepEqual([status, text, contentType], [400, '{"message":"no"}', "application/json"]);
  deepEqual(asked, [{ body: "ü", contentType: "text/csv" }]);
  equal(ms > 0 && ms < 10_000, true);
});

test("a server that never answers is given up on after its time, or when the person does", async () => {
  const { url } = await standInScorer(() => undefined);
  equal(await codeOf(ask(url, { timeout: 50 })), "DEADLINE_EXCEEDED");
  const controller = new AbortController();
  const asked = codeOf(ask(url, { signal: controller.signal }));
  controller.abort();
  equal(await asked, "CANCELLED");
  equal(await codeOf(ask(url, { signal: AbortSignal.abort() })), "CANCELLED");
});

test("nobody who listens, a connection that ends, and what does not speak HTTP are told apart", async () => {
  const cut = await standInScorer((_body, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("{");
    response.destroy();
  });
  equal(await codeOf(ask(cut.url)), "INVALID_STATE");
  await cut.end();
  equal(await codeOf(ask(cut.url)), "TEMPORARILY_UNAVAILABLE");
  const other = createServer((socket) => socket.end("hello\r\n\r\n"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  equal(await codeOf(ask(`http://127.0.0.1:${port}`)), "MALFORMED_REQUEST");
  other.close();
});

test("too much is refused: a request before it is sent, an answer while it comes", async () => {
  const { url, asked } = await standInScorer((_body, response) => {
    const piece = Buffer.alloc(1 << 20, "1");
    let left = LARGEST_ANSWER + (2 << 20);
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= piece.length;
        if (!response.write(piece)) return void response.once("drain", more);
      }
    };
    more();
  });
  equal(await codeOf(ask(url, { body: " ".repeat(33_000_000) })), "RESOURCE_EXHAUSTED");
  equal(asked.length, 0);
  equal(await codeOf(ask(url)), "RESOURCE_EXHAUSTED");
});
