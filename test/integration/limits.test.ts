import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "node:test";
import { listen } from "../../src/server/listener.ts";
import { LIMITS, noteStoring } from "../../src/server/slowClients.ts";
import { until, whenOver } from "../support/environment.ts";
import { sendOne } from "../support/rawBytes.ts";
import { startService } from "../support/service.ts";

const QUICK = { ...LIMITS, head: 400, stall: 400, rate: 512, stopStall: 400 };
/** For those who move on: this machine may stand still for a while, too. */
const LONGER = { ...QUICK, stall: 2_000, stopStall: 2_000 };
/** Pieces that together take longer than that, each much less. */
const [PIECES, PAUSE] = [35, 100];
const { url, folder } = await startService(["--artifacts-destination", "artifacts"], QUICK);
const { host, port } = new URL(url);
const PUT = `PUT /api/2.0/mlflow-artifacts/artifacts/slow.txt HTTP/1.1\r\nHost: ${host}\r\n`;

/** A connection that is left open, and all that came on it. */
function open(at = Number(port)): { socket: Socket; heard(): string; closed(): boolean } {
  const socket = connect(at, "127.0.0.1");
  let heard = "";
  socket.on("data", (chunk) => (heard += chunk.toString()));
  socket.on("error", () => socket.destroy());
  whenOver(() => socket.destroy());
  return { socket, heard: () => heard, closed: () => socket.closed };
}

async function sendPieces(socket: Socket): Promise<void> {
  for (let i = 0; i < PIECES; i++) {
    socket.write("x".repeat(1_000));
    await pause(PAUSE);
  }
}

test("who does not finish the head of a request, or its body, is told so and cut off", async () => {
  const beginnings = ["", "GET /health HTTP/1.1\r\nHost: 127", `${PUT}Content-Length: 100\r\n\r\nhalf`];
  const slow = beginnings.map((text) => {
    const one = open();
    one.socket.write(text);
    return one;
  });
  await until("three closed connections", () => slow.every(({ closed }) => closed()));
  for (const { heard } of slow) assert.match(heard(), /^HTTP\/1\.1 408 .*\r\n\r\n\{"error_code":"DEADLINE_EXCEEDED"/s);
  assert.equal(existsSync(join(folder, "artifacts", "slow.txt")), false);
});

test("an upload that moves on takes as long as it takes", async () => {
  const patient = await startService(["--artifacts-destination", "artifacts"], LONGER);
  const { socket, heard } = open(Number(new URL(patient.url).port));
  socket.write(`${PUT}Content-Length: ${PIECES * 1_000}\r\n\r\n`);
  await sendPieces(socket);
  await until("the answer", () => heard().startsWith("HTTP/1.1 200"));
});

test("who reads no answer is cut off", async () => {
  const large = Buffer.alloc(64 * 1024 * 1024);
  let cut = false;
  const answer: RequestListener = (_, response) => response.on("close", () => (cut = true)).end(large);
  const listener = await listen({ host: "127.0.0.1", port: 0, shared: false }, answer, QUICK);
  whenOver(() => listener.stop());
  const { socket, closed } = open(listener.port);
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await until("the server's patience to end", () => cut);
  socket.resume();
  await until("the end", closed);
  assert.ok(socket.bytesRead < large.length);
});

test("a call that takes too long is answered all the same, and what it gives later is let go", async () => {
  let finish = () => {};
  const late = new Promise<void>((done) => (finish = done));
  const answer: RequestListener = (_, response) => void late.then(() => response.headersSent || response.end("late"));
  const listener = await listen({ host: "127.0.0.1", port: 0, shared: false }, answer, { ...QUICK, answer: 300 });
  whenOver(() => listener.stop());
  const { status, body } = await sendOne(`http://127.0.0.1:${listener.port}`, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"]);
  assert.deepEqual([status, JSON.parse(body).error_code], [400, "DEADLINE_EXCEEDED"]);
  finish();
});

for (const [what, isFile, late] of [
  ["whose body took long has its time from the end of the body", false, 100],
  ["that stores a file is not given up", true, 1_200],
] as const) {
  test(`a call ${what}`, async () => {
    const answer: RequestListener = (request, response) => {
      if (isFile) noteStoring(request);
      request.on("end", () => setTimeout(() => response.headersSent || response.end(), late)).resume();
    };
    const limits = { ...QUICK, stall: 5_000, answer: 600 };
    const listener = await listen({ host: "127.0.0.1", port: 0, shared: false }, answer, limits);
    whenOver(() => listener.stop());
    const { socket, heard } = open(listener.port);
    socket.write("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000\r\n\r\n");
    for (let i = 0; i < 8; i++) {
      socket.write("x".repeat(1_000));
      if (!isFile) await pause(100);
    }
    await until("the answer", () => heard() !== "");
    assert.match(heard(), /^HTTP\/1\.1 200 /);
  });
}

test("a stopping server waits for what moves on, not for what stands still", async () => {
  const { url: other, stop } = await stoppable();
  const still = open(other);
  still.socket.write("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
  const moving = open(other);
  moving.socket.write(`PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${PIECES * 1_000}\r\n\r\n`);
  await until("both requests", () => underWay === 2);
  const stopped = stop();
  await sendPieces(moving.socket);
  await stopped;
  assert.match(moving.heard(), /^HTTP\/1\.1 200 .*connection: close/is);
  assert.match(still.heard(), /^HTTP\/1\.1 408 /);
});

let underWay = 0;

async function stoppable(): Promise<{ url: number; stop(): Promise<void> }> {
  const answer: RequestListener = (request, response) => {
    underWay += 1;
    request.on("end", () => response.end()).resume();
  };
  const listener = await listen({ host: "127.0.0.1", port: 0, shared: false }, answer, LONGER);
  return { url: listener.port, stop: () => listener.stop() };
}

test("a place is not kept for a connection beyond the limit", async () => {
  const limits = { ...LIMITS, connections: 2 };
  const listener = await listen({ host: "127.0.0.1", port: 0, shared: false }, (_, response) => response.end(), limits);
  whenOver(() => listener.stop());
  const three = [open(listener.port), open(listener.port), open(listener.port)];
  await until("one closed connection", () => three.filter(({ closed }) => closed()).length === 1);
  for (const { socket } of three) socket.destroy();
});
