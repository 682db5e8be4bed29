import { closeSync, read } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { sendRefusal } from "./answers.ts";
import { type OpenArtifact, openFile, readWhole } from "./artifactFiles.ts";
import type { Place } from "./artifactFolder.ts";
import { contentType } from "./contentType.ts";

/** Files up to this many bytes are read at once. */
const SMALL = 64 * 1024;
/** Bytes read at once of larger ones; two such pieces are under way for each download. */
const PIECE = 256 * 1024;

/** Streams a file of a place, or the part of it that is asked for. */
export async function sendFile(
  { headers, method }: Pick<IncomingMessage, "headers" | "method">,
  response: ServerResponse,
  place: Place,
  path: string,
): Promise<void> {
  const file = openFile(place, path);
  try {
    if (response.headersSent) return;
    let wanted = partOf(headers, file);
    const isSmall = file.size <= SMALL && wanted.status < 300 && method !== "HEAD";
    const small = isSmall ? readWhole(file) : Buffer.alloc(0);
    // It became shorter meanwhile, or never had the size it tells (as in /sys): an answer has as many bytes as it says.
    if (isSmall && small.length < file.size) {
      file.size = small.length;
      wanted = partOf(headers, file);
    }
    if (wanted.status === 412 || wanted.status === 416) return refusePart(response, file, wanted.status);
    const empty = wanted.status === 304 || wanted.end < wanted.start || method === "HEAD";
    writeHead(response, file, wanted);
    if (empty) response.end();
    else if (isSmall) response.end(small.subarray(wanted.start, wanted.end + 1));
    else await pump(file.fd, wanted, response);
  } finally {
    closeSync(file.fd);
  }
}

function writeHead(response: ServerResponse, file: OpenArtifact, { status, start, end }: Part): void {
  const { name, size, mtime, etag } = file;
  response.setHeader("ETag", etag);
  response.setHeader("Last-Modified", new Date(mtime).toUTCString());
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("Accept-Ranges", "bytes");
  if (status !== 304) {
    // Always an attachment: a page among the artifacts must not run in the server's name.
    response.setHeader("Content-Disposition", attachment(name));
    response.setHeader("Content-Type", contentType(name));
    response.setHeader("Content-Length", end + 1 - start);
  }
  if (status === 206) response.setHeader("Content-Range", `bytes ${start}-${end}/${size}`);
  response.writeHead(status);
}

function refusePart(response: ServerResponse, { size }: OpenArtifact, status: 412 | 416): void {
  const message =
    status === 416 ? `The artifact has ${size} bytes.` : "The artifact is another one than the request is about.";
  if (status === 416) response.setHeader("Content-Range", `bytes */${size}`);
  sendRefusal(response, { status, error_code: "INVALID_PARAMETER_VALUE", message });
}

/** What of a file is sent: from `start` to `end`, both included. */
export interface Part {
  status: 200 | 206 | 304 | 412 | 416;
  start: number;
  end: number;
}

type Facts = Pick<OpenArtifact, "size" | "mtime" | "etag">;

/**
 * Reads the conditions and the range of a request (RFC 9110 §13, §14). Of several ranges none is answered alone: the whole
 * file is sent.
 */
export function partOf(headers: IncomingHttpHeaders, file: Facts): Part {
  const whole: Part = { status: 200, start: 0, end: file.size - 1 };
  if (!holds(headers, file)) return { ...whole, status: 412 };
  if (isKnown(headers, file)) return { ...whole, status: 304 };
  const range = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(headers.range ?? "");
  if (range === null || !isSameAs(headerText(headers["if-range"]), file)) return whole;
  const [first, last] = [range[1] ?? "", range[2] ?? ""];
  if (first === "" && last === "") return whole;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return whole;
  const start = first === "" ? Math.max(0, file.size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? file.size - 1 : Math.min(file.size - 1, Number(last));
  const found = start < file.size && (first !== "" || Number(last) > 0);
  return found ? { status: 206, start, end } : { ...whole, status: 416 };
}

function holds(headers: IncomingHttpHeaders, file: Facts): boolean {
  const match = headers["if-match"];
  if (match !== undefined) return match.trim() === "*" || tagsOf(match).includes(file.etag);
  const since = timeOf(headers["if-unmodified-since"]);
  return since === undefined || seconds(file.mtime) <= since;
}

function isKnown(headers: IncomingHttpHeaders, file: Facts): boolean {
  const match = headers["if-none-match"];
  if (match !== undefined) {
    return match.trim() === "*" || tagsOf(match).some((tag) => tag.replace(/^W\//, "") === file.etag);
  }
  const since = timeOf(headers["if-modified-since"]);
  return since !== undefined && seconds(file.mtime) <= since;
}

/** Whether what the client has a part of is still this file. */
function isSameAs(condition: string | undefined, file: Facts): boolean {
  if (condition === undefined) return true;
  if (condition.startsWith('"')) return condition === file.etag;
  // A date is right only to the second, within which a file can be written twice: it must be a while ago.
  return timeOf(condition) === seconds(file.mtime) && Date.now() - file.mtime > 2000;
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function tagsOf(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

function timeOf(date: string | undefined): number | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : seconds(time);
}

function seconds(time: number): number {
  return Math.floor(time / 1000);
}

/** Sends a part of a file as fast as the client takes it: one piece is read while the one before is being sent. */
async function pump(fd: number, { start, end }: Part, response: ServerResponse): Promise<void> {
  const buffers = [Buffer.allocUnsafeSlow(PIECE), Buffer.allocUnsafeSlow(PIECE)];
  const gone = new Promise<never>((_, fail) => response.once("close", () => fail(new Error("The client went away."))));
  // Not every way out waits for it.
  gone.catch(() => undefined);
  let sent: Promise<unknown> = Promise.resolve();
  for (let position = start, turn = 0; position <= end; turn ^= 1) {
    const buffer = buffers[turn] ?? Buffer.alloc(0);
    const length = await readPiece(fd, buffer, Math.min(PIECE, end + 1 - position), position);
    await Promise.race([sent, gone]);
    // A file that was cut meanwhile is shorter than was told: a broken connection says so.
    if (length === 0) throw new Error("The artifact became shorter while it was sent.");
    position += length;
    sent = write(response, buffer.subarray(0, length));
    sent.catch(() => undefined);
  }
  await Promise.race([sent, gone]);
  response.end();
}

function readPiece(fd: number, buffer: Buffer, length: number, position: number): Promise<number> {
  return new Promise((done, fail) => {
    read(fd, buffer, 0, length, position, (error, bytes) => (error ? fail(error) : done(bytes)));
  });
}

function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((done, fail) => void response.write(bytes, (error) => (error ? fail(error) : done())));
}

/** A header must be ASCII: other names are told a second time, encoded (RFC 6266). */
export function attachment(name: string): string {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `attachment; filename=${name}`;
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  if (ascii === name) return `attachment; filename="${ascii}"`;
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, escape);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function escape(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}
