import type { RequestListener, Server } from "node:http";
import { createServer as createPlainServer, Server as NetServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { answerBrokenRequests } from "./brokenRequests.ts";
import { createServer } from "./nodeHttp.ts";
import { LIMITS, type Limits, SlowClients } from "./slowClients.ts";

/** Longer than clients keep a connection unused, so that they close it and never find it closed under them. */
const KEEP_ALIVE_MS = 75_000;
/** How long a stopping server leaves open connections, for the request that may be on its way. */
const DRAIN_MS = 300;

export interface Address {
  host: string;
  /** 0 = any free one. */
  port: number;
  /** Lets the next version listen on the same port before this one stops (where the system can). */
  shared: boolean;
}

/** A listening HTTP server. */
export interface Listener {
  port: number;
  /** Stops listening, finishes what is under way, closes what is unused. */
  stop(): Promise<void>;
}

/** Bytes of the first line and all headers of a request; as much as MLflow's own server reads. */
const MAX_HEAD = 64 * 1024;

/** Listens. Throws Node's error, such as EADDRINUSE. */
export async function listen(address: Address, answer: RequestListener, limits: Limits = LIMITS): Promise<Listener> {
  let stopping = false;
  const server = createServer({
    maxHeaderSize: MAX_HEAD,
    connectionsCheckingInterval: Math.min(5_000, limits.head / 2),
    // Whether there is one is for the answer to say.
    requireHostHeader: false,
  });
  const slow = new SlowClients(server, limits);
  const take: RequestListener = (request, response) => {
    slow.note(request, response);
    if (stopping) response.setHeader("Connection", "close");
    answer(request, response);
  };
  server.on("request", take);
  // Told to go on only once its head is accepted, or what is wrong with it.
  server.on("checkContinue", take);
  server.on("checkExpectation", take);
  answerBrokenRequests(server);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = limits.head;
  // A large artifact takes as long as it takes, as long as it moves on.
  server.requestTimeout = 0;
  server.maxConnections = limits.connections;
  // All of them, so that none is dropped unseen; their bytes are bounded.
  server.maxHeadersCount = 0;
  await startListening(server, address);
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  return {
    port,
    async stop() {
      stopping = true;
      const calm = slow.hurry();
      await stopListening(server);
      calm();
    },
  };
}

/** Whether nobody else listens on the port; with a shared port, listening itself would not tell. */
export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((tell) => {
    const probe = createPlainServer();
    probe.once("error", () => tell(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => tell(true)));
  });
}

/** How long a server that was told to stop may take to let its port go. */
const LET_GO_MS = 5_000;

/** Whether the port gets free within five seconds. */
export async function becomesFree(host: string, port: number): Promise<boolean> {
  const end = Date.now() + LET_GO_MS;
  while (!(await isFree(host, port))) {
    if (Date.now() > end) return false;
    await pause(50);
  }
  return true;
}

const CAN_SHARE = process.platform === "linux";

function startListening(server: Server, { host, port, shared }: Address): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen({ host, port, ...(shared && CAN_SHARE ? { reusePort: true } : {}) }, () => {
      server.off("error", fail);
      done();
    });
  });
}

async function stopListening(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => {
    // Not the HTTP server's own close: that drops idle connections at once, also those whose next request is on its way.
    inQuietMoment(server, () => NetServer.prototype.close.call(server, () => done()));
  });
  // Answers under way end their connections, for they carry `Connection: close`; this is for those begun before.
  // After what has arrived was read, since a connection that waits for that is not idle.
  const sweep = setInterval(() => setImmediate(() => server.closeIdleConnections()), DRAIN_MS);
  await closed;
  clearInterval(sweep);
}

/** Turns of the event loop that are compared with one another. */
const TURNS = 50;
/** ms for which a quiet moment is waited for. */
const QUIET_LIMIT_MS = 1_000;

/**
 * What the kernel has accepted for a socket and we have not is reset when the socket closes. Calls `close` right after a turn
 * of the event loop that took in no new connection and was as short as an idle one (2 µs), which leaves hardly any room for one.
 */
function inQuietMoment(server: Server, close: () => void): void {
  let accepted = 0;
  const count = () => (accepted += 1);
  server.on("connection", count);
  let [turns, shortest] = [0, Number.POSITIVE_INFINITY];
  const end = performance.now() + QUIET_LIMIT_MS;
  const look = (before: number, begun: number) => {
    const now = performance.now();
    shortest = Math.min(shortest, now - begun);
    turns += 1;
    const isQuiet = turns > TURNS && accepted === before && now - begun <= 1.2 * shortest;
    // In the turn that follows, the network is looked at.
    if (!isQuiet && now < end) return void setImmediate(look, accepted, performance.now());
    close();
    server.off("connection", count);
  };
  setImmediate(look, accepted, performance.now());
}
