// A window's hold on a running tracking server. No vscode.
import type { Socket } from "node:net";
import { isAlive } from "../../processes/processes.ts";
import type { ServerDiscovery } from "../../protocol/discovery.ts";

/**
 * Not imported: an import asks for all that the module offers, `fetch` too, which took a quarter of loading the extension.
 * Not its `request`: VS Code (1.139) puts an agent of its own in the place of any other there, which closes the connection with
 * each answer.
 */
const { Agent, ClientRequest } = process.getBuiltinModule("node:http");

/** Renewed this often (ms); the server forgets a window that did not for three times as long. */
const EVERY = 30_000;
/** ms for the answer of a server that is looked for. */
const LIMIT = 2_000;

/**
 * Keeps the lease of a server on one connection. A server that ends, however it does, takes the connection with it, and
 * `onLost` hears of it at once; it is not told after `close`. One that only takes its time is not lost.
 */
export class Lease {
  readonly #discovery: ServerDiscovery;
  readonly #onLost: () => void;
  // The server lets a connection rest for longer than the time between two renewals.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #watched = new WeakSet<Socket>();
  readonly #timer: NodeJS.Timeout;
  #closed = false;
  /** A renewal waits for its answer. */
  #asking = false;

  constructor(discovery: ServerDiscovery, onLost: () => void) {
    this.#discovery = discovery;
    this.#onLost = onLost;
    this.#timer = setInterval(() => this.#renew(), EVERY);
    this.#renew();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#agent.destroy();
  }

  #renew(): void {
    // A stopped or busy server finds the one before when it goes on.
    if (this.#asking) return;
    this.#asking = true;
    const asked = new ClientRequest({ ...addressed(this.#discovery), agent: this.#agent }, (response) => {
      this.#asking = false;
      if (response.statusCode !== 200) this.#lose();
      response.resume();
    });
    asked.on("socket", (socket) => {
      if (this.#watched.has(socket)) return;
      this.#watched.add(socket);
      socket.once("close", () => this.#lose());
    });
    asked.on("error", () => this.#lose());
    asked.end();
  }

  #lose(): void {
    if (this.#closed) return;
    this.close();
    this.#onLost();
  }
}

/** True when a server that accepts this token answers there and takes the lease. */
export function renewLease(discovery: ServerDiscovery): Promise<boolean> {
  // Another program may have its port since it died, and must not be told the token, which the next server has again.
  if (!isAlive({ pid: discovery.pid })) return Promise.resolve(false);
  return new Promise((tell) => {
    const asked = new ClientRequest({ ...addressed(discovery), agent: false }, (response) => {
      tell(response.statusCode === 200);
      response.resume();
    });
    asked.setTimeout(LIMIT, () => asked.destroy());
    // Nobody listens there.
    asked.on("error", () => tell(false));
    asked.end();
  });
}

function addressed({ port, token }: ServerDiscovery) {
  const headers = { authorization: `Bearer ${token}` };
  return { host: "127.0.0.1", port, path: "/flowdeck/lease", method: "POST", headers };
}
