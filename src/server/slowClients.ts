// Connections that make no progress: a slow client may take its time, one that holds a place for nothing may not.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { MlflowError } from "../mlflow/errors.ts";
import { HttpRefusal, sendRefusal, toldOf } from "./answers.ts";

export interface Limits {
  /** ms until the head of a request must be there. */
  head: number;
  /** ms in which a body, or an answer that is read, must move on by `rate` bytes a second. */
  stall: number;
  rate: number;
  /** ms until a call whose body has arrived must be answered. */
  answer: number;
  /** Connections at one time. */
  connections: number;
  /** A stopping server waits for what is under way as long as it moves on: ms in all, and ms without any move. */
  stop: number;
  stopStall: number;
}

export const LIMITS: Limits = {
  head: 20_000,
  stall: 60_000,
  rate: 512,
  answer: 120_000,
  connections: 2_000,
  stop: 5 * 60_000,
  stopStall: 15_000,
};

interface UnderWay {
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
  /** When its body was first seen to be there. */
  arrivedAt: number | undefined;
  /** Bytes and time at the last look at which it had moved on. */
  moved: number;
  movedAt: number;
}

/** Watches over the requests of a server; `note` is told of each. */
export class SlowClients {
  readonly #limits: Limits;
  readonly #underWay = new Set<UnderWay>();
  #stall: number;

  constructor(server: Server, limits: Limits) {
    this.#limits = limits;
    this.#stall = limits.stall;
    const every = Math.min(5_000, limits.stall / 4, limits.stopStall / 4);
    const sweeping = setInterval(() => this.#sweep(Date.now()), every).unref();
    server.once("close", () => clearInterval(sweeping));
  }

  note(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const now = Date.now();
    const one = { request, response, socket, arrivedAt: undefined, moved: bytesOf(socket), movedAt: now };
    this.#underWay.add(one);
    response.once("close", () => this.#underWay.delete(one));
  }

  /** The server is stopping: less patience, and an end of it. Returns what takes the end back. */
  hurry(): () => void {
    this.#stall = Math.min(this.#stall, this.#limits.stopStall);
    for (const { response } of this.#underWay) {
      if (!response.headersSent) response.setHeader("Connection", "close");
    }
    const end = setTimeout(() => {
      for (const { socket } of this.#underWay) socket.destroy();
    }, this.#limits.stop).unref();
    return () => clearTimeout(end);
  }

  #sweep(now: number): void {
    for (const one of this.#underWay) {
      const { request, response, socket } = one;
      const bytes = bytesOf(socket);
      const enough = (this.#limits.rate * (now - one.movedAt)) / 1000;
      // What the server itself has not taken yet is not the client's fault.
      if (bytes - one.moved >= Math.max(1, enough) || isOurs(one)) [one.moved, one.movedAt] = [bytes, now];
      if (now - one.movedAt >= this.#stall) this.#cut(one, new HttpRefusal(408, "The request did not arrive in time."));
      else if (!request.complete || response.headersSent) continue;
      else if (now - (one.arrivedAt ??= now) >= this.#limits.answer && !storing.has(request)) {
        this.#cut(one, new MlflowError("DEADLINE_EXCEEDED", "The request took too long; ask for less at a time."));
      }
    }
  }

  #cut(one: UnderWay, why: HttpRefusal | MlflowError): void {
    const { response, socket } = one;
    this.#underWay.delete(one);
    if (response.headersSent) return void socket.destroy();
    response.setHeader("Connection", "close");
    sendRefusal(response, toldOf(why));
    // Who does not read the answer either is not waited for.
    setTimeout(() => socket.destroy(), 1_000).unref();
  }
}

const storing = new WeakSet<IncomingMessage>();

/** Says of a request that it stores a file, which takes as long as the disk does: refused, it would be stored all the same. */
export function noteStoring(request: IncomingMessage): void {
  storing.add(request);
}

/** Whether the client has done its part, and it is for the server to go on. */
function isOurs({ request, response, socket }: UnderWay): boolean {
  const waitsForUs = request.complete || request.readableLength > 0;
  return waitsForUs && socket.writableLength === 0 && response.writableLength === 0;
}

function bytesOf(socket: Socket): number {
  return socket.bytesRead + socket.bytesWritten;
}
