import { connect } from "node:net";

/** What came back on a bare connection: an answer, or nothing before it was closed. */
export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  status: number;
  headers: string;
  body: string;
}

/** ms for an answer that is to come. */
const LONG = 60_000;

/**
 * Sends bytes on a connection of its own and reads the answers, one after another: until there are `count`, the server closes
 * the connection, or, where no count is known, nothing has come for a while.
 */
export function sendRaw(
  url: string,
  parts: (string | Uint8Array)[],
  count = Number.POSITIVE_INFINITY,
): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(url);
  // Whether there comes one more than is wanted cannot be waited for.
  const patience = Number.isFinite(count) ? LONG : 400;
  return new Promise((done) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    let timer = setTimeout(() => socket.destroy(), LONG);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      clearTimeout(timer);
      if (readAnswers(Buffer.concat(chunks)).length >= count) socket.destroy();
      else timer = setTimeout(() => socket.destroy(), patience);
    });
    // A server that closes while more is being sent is the answer, not a failure of the test.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(timer);
      done(readAnswers(Buffer.concat(chunks)));
    });
    for (const part of parts) socket.write(part);
  });
}

/** The first answer. */
export async function sendOne(url: string, parts: (string | Uint8Array)[]): Promise<RawAnswer> {
  const [first] = await sendRaw(url, parts, 1);
  return first ?? { status: 0, headers: "", body: "" };
}

function readAnswers(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const end = rest.indexOf("\r\n\r\n");
    if (end === -1) break;
    const headers = rest.subarray(0, end).toString("latin1");
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1] ?? 0);
    const length = Number(/^content-length: (\d+)$/im.exec(headers)?.[1] ?? 0);
    if (rest.length < end + 4 + length) break;
    const body = rest.subarray(end + 4, end + 4 + length).toString("utf8");
    if (status !== 100) answers.push({ status, headers, body });
    rest = rest.subarray(end + 4 + length);
  }
  return answers;
}
