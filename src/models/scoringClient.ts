import { request } from "node:http";
import { MlflowError } from "../mlflow/errors.ts";

/** One question to a scoring server. */
export interface ScoringRequest {
  /** `http://127.0.0.1:5001`. */
  url: string;
  body: string;
  contentType: "application/json" | "text/csv";
  /** ms until nobody waits for the answer any more. */
  timeout: number;
  signal?: AbortSignal;
}

export interface ScoringReply {
  status: number;
  /** Without parameters. */
  contentType: string;
  text: string;
  /** From the request's first byte to the answer's last. */
  ms: number;
}

/** Bytes. The panel holds request and answer as text; more goes in parts, by Predict File. */
export const LARGEST_REQUEST = 32_000_000;
export const LARGEST_ANSWER = 64_000_000;

/**
 * Asks a scoring server. An answer of any status is a reply; no answer is an MlflowError: TEMPORARILY_UNAVAILABLE nobody listens,
 * INVALID_STATE it ended meanwhile, DEADLINE_EXCEEDED it is too slow, CANCELLED, RESOURCE_EXHAUSTED too much.
 */
export async function askScoringServer(asked: ScoringRequest): Promise<ScoringReply> {
  const { url, contentType, timeout, signal } = asked;
  const body = Buffer.from(asked.body, "utf8");
  if (body.length > LARGEST_REQUEST) throw tooLarge(body.length);
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    let failure: MlflowError | undefined;
    const fail = (error: MlflowError) => {
      failure ??= error;
      call.destroy(failure);
    };
    const onAbort = () => fail(new MlflowError("CANCELLED", "The request was given up."));
    const seconds = Math.round(timeout / 1_000);
    const timer = setTimeout(
      () => fail(new MlflowError("DEADLINE_EXCEEDED", `There was no answer within ${seconds} s.`)),
      timeout,
    );
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    // No connection is kept: a server that was started again would answer on a dead one.
    const headers = { "content-type": contentType, "content-length": body.length };
    const call = request(`${url}/invocations`, { method: "POST", headers, agent: false });
    call.once("error", (error) => {
      done();
      reject(failure ?? unanswered(error));
    });
    call.once("response", (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on("data", (piece: Buffer) => {
        pieces.push(piece);
        length += piece.length;
        if (length > LARGEST_ANSWER) fail(new MlflowError("RESOURCE_EXHAUSTED", "The answer is larger than 64 MB."));
      });
      response.once("error", (error) => {
        done();
        reject(failure ?? unanswered(error));
      });
      response.once("end", () => {
        done();
        const text = Buffer.concat(pieces, length).toString("utf8");
        const type = (response.headers["content-type"] ?? "").split(";")[0] ?? "";
        resolve({ status: response.statusCode ?? 0, contentType: type.trim(), text, ms: performance.now() - begun });
      });
    });
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener("abort", onAbort);
    call.end(body);
  });
}

function tooLarge(bytes: number): MlflowError {
  const size = Math.round(bytes / 1_000_000);
  return new MlflowError("RESOURCE_EXHAUSTED", `The request is ${size} MB, and the panel sends up to 32 MB.`);
}

function unanswered(error: Error & { code?: string }): MlflowError {
  const nobody = ["ECONNREFUSED", "EHOSTUNREACH", "ENOTFOUND", "EADDRNOTAVAIL"].includes(error.code ?? "");
  if (nobody) return new MlflowError("TEMPORARILY_UNAVAILABLE", "Nobody answers there.", { cause: error });
  if (error.code?.startsWith("HPE_") === true) {
    return new MlflowError("MALFORMED_REQUEST", "What answers there does not speak HTTP.", { cause: error });
  }
  return new MlflowError("INVALID_STATE", "The connection ended before the answer did.", { cause: error });
}
