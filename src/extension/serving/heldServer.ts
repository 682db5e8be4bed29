// A window's hold on a scoring server. No vscode.
import { connect, type Socket } from "node:net";
import { endMarked } from "../../models/serving/marked.ts";
import { Lines } from "../../models/serving/lines.ts";
import { readState, stateFileOf, writeState } from "../../models/serving/stateFile.ts";
import { isAlive } from "../../processes/processes.ts";
import type { ScoringServer, ServeCommand, ServeState } from "../../protocol/serving.ts";

/** ms until a connection that was lost is tried for again, while the program lives. */
const AGAIN = 500;
/** ms after which a program that was told to stop, and did not, is ended; what guards its server ends that. */
const STOP_LIMIT = 20_000;

/** Hears of a held server. */
export interface HeldServerListener {
  /** What is told of it changed. */
  onChange(): void;
  /** Nothing is left of it. */
  onGone(): void;
}

/**
 * Holds a server by an open connection to its program, as long as this object is not disposed. A program that ends, however it does,
 * takes the connection with it: what is left in the state file tells why.
 */
export class HeldServer {
  readonly #folder: string;
  readonly #listener: HeldServerListener;
  #state: ServeState;
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #killing: NodeJS.Timeout | undefined;
  #disposed = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(folder: string, state: ServeState, listener: HeldServerListener) {
    this.#folder = folder;
    this.#state = state;
    this.#listener = listener;
    if (isOver(state)) this.#ended.resolve();
    else this.#connect();
  }

  get server(): ScoringServer {
    return this.#state.server;
  }

  get state(): ServeState {
    return this.#state;
  }

  /** Resolves when its program has ended. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  keep(keep: boolean): void {
    this.#say({ keep });
  }

  /** Ends it with all that it started; resolves when that is done. */
  stop(): Promise<void> {
    if (isOver(this.#state)) return Promise.resolve();
    this.#say({ stop: true });
    this.#killing ??= setTimeout(() => this.#kill(), STOP_LIMIT);
    return this.#ended.promise;
  }

  /** Lets it go on without this window. */
  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#killing);
    this.#socket?.destroy();
  }

  #connect(): void {
    const { port, token } = this.#state.control;
    const socket = connect({ host: "127.0.0.1", port });
    this.#socket = socket;
    const lines = new Lines((line) => this.#take(line));
    // Kept until it is connected, as is what is said after it.
    this.#say({ hello: token });
    socket.on("data", (chunk: Buffer) => lines.write(chunk));
    // Nobody listens there; the close follows.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#lose());
  }

  #take(line: string): void {
    const server = serverOf(line);
    // Another program may have got the port of one that ended.
    if (server?.id !== this.server.id) return;
    this.#state = { ...this.#state, server };
    if (!this.#disposed) this.#listener.onChange();
  }

  #say(command: ServeCommand): void {
    this.#socket?.write(`${JSON.stringify(command)}\n`);
  }

  #lose(): void {
    if (this.#disposed) return;
    const lives = isAlive(this.#state.program);
    if (lives && !isOver(this.#state)) {
      this.#retry = setTimeout(() => this.#connect(), AGAIN);
      return;
    }
    clearTimeout(this.#killing);
    const file = stateFileOf(this.#folder, this.server.id);
    const left = readState(file);
    if (left === undefined) this.#listener.onGone();
    else {
      this.#state = isOver(left) ? left : abandoned(left);
      if (!isOver(left)) {
        // What guarded it may have been ended, too, and no later look ends what a server that is over has left.
        endMarked(this.server.id);
        // A failure that was seen is remembered as others are.
        writeState(file, this.#state);
      }
      this.#listener.onChange();
    }
    this.#ended.resolve();
  }

  #kill(): void {
    const { program } = this.#state;
    if (isAlive(program)) process.kill(program.pid, "SIGKILL");
  }
}

function serverOf(line: string): ScoringServer | undefined {
  try {
    const told: unknown = JSON.parse(line);
    return typeof told === "object" && told !== null ? (told as ScoringServer) : undefined;
  } catch {
    return undefined;
  }
}

/** The program has nothing to do any more; what its file says is the last word. */
export function isOver({ server }: ServeState): boolean {
  return server.state === "failed" || server.state === "stopped";
}

/** What is left of a server whose program was ended without warning; what guards it has ended the server, too. */
export function abandoned(state: ServeState): ServeState {
  const { title } = state.server;
  const text = `${title} ended, for the program that owned it was ended from outside; start it again.`;
  const problem = { text, next: { title: "Restart", action: "restart" } } as const;
  return { ...state, server: { ...state.server, state: "failed", problem } };
}
