import { MlflowError } from "../../mlflow/errors.ts";
import type { ArtifactPiece } from "../../protocol/artifacts.ts";
import { vanished } from "../artifactPieces.ts";

/** How a file is asked of a server: address, and the headers of every call. */
export interface FileAddress {
  url: URL;
  headers: Record<string, string>;
  /** What the person calls the file. */
  path: string;
}

/**
 * A piece of a file of a server. One that knows no ranges (mlflow 3.17 behind some proxies) sends the whole file, which is
 * read as far as it is needed.
 */
export async function fetchPiece({ url, headers, path }: FileAddress, offset: number, length: number) {
  const range = { ...headers, range: `bytes=${offset}-${offset + Math.max(1, length) - 1}` };
  const response = await fetch(url, { headers: range, signal: AbortSignal.timeout(120_000) }).catch(
    (cause: unknown): never => {
      const message = `The tracking server at ${url.origin} does not answer.`;
      throw new MlflowError("TEMPORARILY_UNAVAILABLE", message, { cause });
    },
  );
  const modified = Date.parse(response.headers.get("last-modified") ?? "");
  const told = Number.isNaN(modified) ? {} : { modified };
  const total = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
  if (response.status === 416) {
    await response.body?.cancel();
    return { bytes: new Uint8Array(), size: Number.isNaN(total) ? offset : total, ...told };
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw refusal(response.status, url, path);
  }
  const isPart = response.status === 206;
  const { bytes, seen } = await readBody(response, isPart ? 0 : offset, length);
  const size = isPart ? total : Number(response.headers.get("content-length") ?? Number.NaN);
  return { bytes, size: Number.isNaN(size) ? offset + seen : size, ...told } satisfies ArtifactPiece;
}

function refusal(status: number, url: URL, path: string): MlflowError {
  if (status === 404) return vanished(path);
  if (status === 401) return new MlflowError("UNAUTHENTICATED", `${url.origin} asks who you are.`);
  if (status === 403) return new MlflowError("PERMISSION_DENIED", `The artifact ${path} may not be read.`);
  return new MlflowError("TEMPORARILY_UNAVAILABLE", `${url.origin} answered with status ${status} for ${path}.`);
}

/** `length` bytes behind `skip` others; what comes after them is not fetched. */
async function readBody(
  response: Response,
  skip: number,
  length: number,
): Promise<{ bytes: Uint8Array; seen: number }> {
  const bytes = new Uint8Array(length);
  let at = -skip;
  const reader = response.body?.getReader();
  while (reader !== undefined && at < length) {
    const { done, value } = await reader.read();
    if (done) break;
    const from = Math.max(0, -at);
    const part = value.subarray(from, from + length - Math.max(0, at));
    if (part.length > 0) bytes.set(part, Math.max(0, at));
    at += value.length;
  }
  await reader?.cancel();
  const got = Math.max(0, Math.min(at, length));
  return { bytes: bytes.slice(0, got), seen: got };
}
