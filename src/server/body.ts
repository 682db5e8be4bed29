// Bodies of requests that are read whole.
import type { IncomingMessage } from "node:http";
import { finished, type Readable, type Transform } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { MlflowError } from "../mlflow/errors.ts";
import { HttpRefusal } from "./answers.ts";

/** Bytes of a JSON body, unpacked: a batch of 1,000 metrics takes about 100 kB. */
export const MAX_BODY = 64 * 1024 * 1024;
/** Bytes of all bodies that are being read at one time. */
const MAX_BODIES = 4 * MAX_BODY;

let held = 0;

/** Refuses what its head says is too large, or packed in a way that cannot be unpacked, before any of it is read. */
export function checkBodyHead({ headers }: IncomingMessage): void {
  if (Number(headers["content-length"] ?? 0) > MAX_BODY) throw tooLarge();
  const packing = headers["content-encoding"];
  if (packing !== undefined && !/^(?:identity|gzip|deflate)?$/i.test(packing)) {
    throw new HttpRefusal(415, "Content-Encoding must be gzip, deflate or identity.");
  }
}

/** Whether a body follows the head. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Text of the body, unpacked. Throws HttpRefusal 413 when it is too large, and 400 when it cannot be unpacked. */
export async function readBody(request: IncomingMessage): Promise<string> {
  if (!hasBody(request)) return "";
  const unpacker = unpackerOf(request);
  if (unpacker === undefined) return textOf(await readChunks(request));
  finished(request, { writable: false }, (error) => error && unpacker.destroy(error));
  try {
    return textOf(await readChunks(request.pipe(unpacker)));
  } finally {
    request.unpipe(unpacker);
    unpacker.destroy();
  }
}

/** With listeners, not the stream's iterator: that takes longer than all else about a small request. */
function readChunks(body: Readable): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    const end = (error?: Error) => {
      if (ended) return;
      ended = true;
      held -= size;
      if (error === undefined) return resolve(chunks);
      // What else comes is passed over: destroying the request would take the socket, and the answer, with it.
      body.off("data", take).pause();
      reject(error);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      held += chunk.length;
      if (size > MAX_BODY) return end(tooLarge());
      if (held > MAX_BODIES) return end(tooMany());
      chunks.push(chunk);
    };
    const done = () => end();
    const failed = (cause: unknown) => end(broken(cause));
    // Comes after every body.
    const cut = () => ended || end(broken(undefined));
    body.on("data", take).on("end", done).on("close", cut).on("error", failed);
  });
}

function tooMany(): MlflowError {
  return new MlflowError("REQUEST_LIMIT_EXCEEDED", "Too many large requests at one time; try again later.");
}

function broken(cause: unknown): MlflowError {
  const message = "The request body ended early or cannot be unpacked.";
  return new MlflowError("INVALID_PARAMETER_VALUE", message, { cause });
}

/** A byte order mark is passed over; what is no UTF-8 reads as U+FFFD. */
function textOf(chunks: Buffer[]): string {
  const [first, second] = chunks;
  const whole = first !== undefined && second === undefined ? first : Buffer.concat(chunks);
  const marked = whole[0] === 0xef && whole[1] === 0xbb && whole[2] === 0xbf;
  return whole.toString("utf8", marked ? 3 : 0);
}

function tooLarge(): HttpRefusal {
  return new HttpRefusal(413, `The request is larger than ${MAX_BODY} bytes; send it in parts.`);
}

/** Undefined for a body that is not packed. */
function unpackerOf(request: IncomingMessage): Transform | undefined {
  switch (request.headers["content-encoding"]?.toLowerCase()) {
    case "gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    default:
      return undefined;
  }
}
