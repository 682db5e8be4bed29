import type { IncomingMessage } from "node:http";

// An import of `node:http` asks for all that it offers, and the global `fetch` loads as much: more than all else that a short run does.
const requestOf = (protocol: string) =>
  process.getBuiltinModule(protocol === "https:" ? "node:https" : "node:http").request;

export interface Sent {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** ms until the whole answer is there. */
  timeout: number;
  /** On a connection of its own: one that is used again may be closed by the server at that very moment. */
  alone?: boolean;
}

export interface Answer {
  status: number;
  text: string;
}

const MOST_REDIRECTS = 5;

/** Sends one request, and follows where the server leads it. Rejects with the system's error when there is no answer. */
export async function send(url: URL, sent: Sent): Promise<Answer> {
  const signal = AbortSignal.timeout(sent.timeout);
  let [at, how] = [url, sent];
  for (let redirects = 0; ; redirects += 1) {
    const answer = await sendOnce(at, how, signal);
    const status = answer.statusCode ?? 0;
    const { location } = answer.headers;
    if (status < 300 || status > 399 || location === undefined || redirects === MOST_REDIRECTS) {
      return { status, text: await textOf(answer) };
    }
    answer.resume();
    const next = new URL(location, at);
    how = redirected(how, status, next.origin === at.origin);
    at = next;
  }
}

function sendOnce(
  url: URL,
  { method, headers, body, alone = false }: Sent,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options = { method, headers: { ...headers, ...length }, signal, ...(alone ? { agent: false as const } : {}) };
  const call = requestOf(url.protocol)(url, options, resolve);
  call.on("error", reject);
  call.end(body);
  return promise;
}

/** As `fetch` has it: what was not found here is only looked at there, and another server hears of no password. */
function redirected(sent: Sent, status: number, isSameOrigin: boolean): Sent {
  const { authorization, ...others } = sent.headers;
  const headers = isSameOrigin || authorization === undefined ? sent.headers : others;
  const { body, ...rest } = sent;
  const onlyLooks = status === 303 || (status < 303 && sent.method === "POST");
  if (onlyLooks) return { ...rest, headers, method: "GET" };
  return { ...rest, headers, ...(body === undefined ? {} : { body }) };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
