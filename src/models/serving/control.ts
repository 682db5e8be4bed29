import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { ServeCommand } from "../../protocol/serving.ts";
import { Lines } from "./lines.ts";

/** ms that a connection has to say its token. */
const PATIENCE = 5_000;

/** Told by the windows that hold a server. */
export interface ControlListener {
  /** How many windows have it; told at each change. */
  onWindows(count: number): void;
  keep(keep: boolean): void;
  stop(): void;
}

/**
 * Where windows hold a server: a connection that said the token holds it for as long as it is open, is told the state at each
 * change, and may ask. A window that ends, however it does, lets go of it at once, and nothing needs to be asked at rest.
 */
export class Control {
  readonly token = randomBytes(24).toString("base64url");
  readonly #listener: ControlListener;
  readonly #server: Server;
  readonly #windows = new Set<Socket>();
  readonly #others = new Set<Socket>();
  #told = "";

  constructor(listener: ControlListener) {
    this.#listener = listener;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** The port that it listens at. */
  async listen(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen(0, "127.0.0.1", resolve);
    await promise;
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("No port was given.");
    return address.port;
  }

  /** Tells every window, one that comes later at once. */
  tell(message: string): void {
    if (message === this.#told) return;
    this.#told = message;
    for (const socket of this.#windows) socket.write(`${message}\n`);
  }

  /** Windows that read what was told last see the end of their connection after it. */
  close(): void {
    this.#server.close();
    for (const socket of this.#windows) socket.end();
    for (const socket of this.#others) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#others.add(socket);
    const timer = setTimeout(() => {
      if (this.#others.has(socket)) socket.destroy();
    }, PATIENCE);
    const lines = new Lines((line) => this.#read(socket, line));
    socket.on("data", (chunk: Buffer) => lines.write(chunk));
    // A window that was ended; the close follows.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      this.#others.delete(socket);
      if (this.#windows.delete(socket)) this.#listener.onWindows(this.#windows.size);
    });
  }

  #read(socket: Socket, line: string): void {
    const command = commandOf(line);
    if (command !== undefined && "hello" in command && this.#isToken(command.hello)) {
      this.#others.delete(socket);
      this.#windows.add(socket);
      if (this.#told !== "") socket.write(`${this.#told}\n`);
      this.#listener.onWindows(this.#windows.size);
    } else if (command === undefined || "hello" in command || !this.#windows.has(socket)) socket.destroy();
    else if ("stop" in command) this.#listener.stop();
    else this.#listener.keep(command.keep);
  }

  #isToken(said: string): boolean {
    const [one, other] = [Buffer.from(said), Buffer.from(this.token)];
    return one.length === other.length && timingSafeEqual(one, other);
  }
}

/** The border. */
function commandOf(line: string): ServeCommand | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return undefined;
    if ("hello" in value && typeof value.hello === "string") return { hello: value.hello };
    if ("keep" in value && typeof value.keep === "boolean") return { keep: value.keep };
    return "stop" in value ? { stop: true } : undefined;
  } catch {
    // No JSON: whoever asks is not one of our windows.
    return undefined;
  }
}
