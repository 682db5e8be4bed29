// The detached tracking server of one store: found, or started, and started again when it is gone. No vscode.
import { spawn } from "node:child_process";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive } from "../../processes/processes.ts";
import type { ServerDiscovery } from "../../protocol/discovery.ts";
import { readDiscovery } from "./discoveryFile.ts";
import { Lease, renewLease } from "./lease.ts";

/** A server that has not told its port after this long (ms) did not start; a busy machine takes long to start it, and no shorter the next time. */
const START_LIMIT = 60_000;
/** A server that was lost sooner (ms) than this after it first answered is not started again at once a third time. */
const SHORT_LIFE = 10_000;
/** ms until it is tried again then. */
const RETRY = 30_000;
/** A lease that was lost sooner (ms) than this is not asked for again at once: a server that runs must not be asked without end. */
const SHORT_LEASE = 1_000;

/** How a server is started. */
export interface Launch {
  /** Where it tells its port and token. */
  discoveryFile: string;
  logFile: string;
  /** Flowdeck's; a server of another one is replaced. */
  version: string;
  /** Program and flags of node, but for those of the two files. */
  args: string[];
  /** Port that a person wants; 0 = any, the one of the server before if it is free. */
  port: number;
}

/** Why a server did not start: `said` is what it logged. */
export class StartFailure extends Error {
  readonly said: string;

  constructor(why: string, said: string) {
    super(why);
    this.name = "StartFailure";
    this.said = said;
  }
}

/** Hears of a kept server. */
export interface KeptServerListener {
  /** It runs; also told when it runs again, or elsewhere. */
  onStart(discovery: ServerDiscovery): void;
  /** It is gone and could not be started again; it is tried again later. */
  onFailure(error: unknown): void;
}

export class KeptServer {
  readonly #launch: () => Launch;
  readonly #listener: KeptServerListener;
  #lease: Lease | undefined;
  #starting: Promise<ServerDiscovery> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #shortLives = 0;
  /** When the server that was lost last had started (ms since epoch): it is one loss, however often it is noticed. */
  #lost: number | undefined;
  /** When the lease was taken, ms since epoch. */
  #leasedAt = 0;
  #disposed = false;

  constructor(launch: () => Launch, listener: KeptServerListener) {
    this.#launch = launch;
    this.#listener = listener;
  }

  /** The running server, started if need be. Throws StartFailure. */
  ensure(): Promise<ServerDiscovery> {
    this.#starting ??= this.#ensure().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Lets it go on without this window. */
  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    this.#lease?.close();
  }

  async #ensure(): Promise<ServerDiscovery> {
    clearTimeout(this.#retry);
    const launch = this.#launch();
    const known = await readDiscovery(launch.discoveryFile);
    const reusable = known !== undefined && known.version === launch.version && (await renewLease(known));
    const discovery = reusable ? known : await start(launch, known);
    if (!reusable) this.#startedAt = Date.now();
    this.#lease?.close();
    if (this.#disposed) return discovery;
    this.#leasedAt = Date.now();
    this.#lease = new Lease(discovery, () => this.#onLost(discovery));
    this.#listener.onStart(discovery);
    return discovery;
  }

  /** It ended, or a newer version took its place: the discovery file and its answer tell which. */
  #onLost({ started_at }: ServerDiscovery): void {
    if (this.#disposed) return;
    if (started_at !== this.#lost) {
      this.#shortLives = Date.now() - this.#startedAt < SHORT_LIFE ? this.#shortLives + 1 : 0;
    }
    const again = started_at === this.#lost && Date.now() - this.#leasedAt < SHORT_LEASE;
    this.#lost = started_at;
    if (again) this.#tryLater(SHORT_LEASE);
    else if (this.#shortLives > 1) this.#fail(new StartFailure("It ended again soon after its start.", ""));
    else this.#again();
  }

  #again(): void {
    if (this.#disposed) return;
    this.ensure().catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (this.#disposed) return;
    this.#listener.onFailure(error);
    this.#tryLater(RETRY);
  }

  /** In `delay` ms. */
  #tryLater(delay: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#again(), delay);
  }
}

async function start(launch: Launch, before: ServerDiscovery | undefined): Promise<ServerDiscovery> {
  const { discoveryFile, logFile, args, port } = launch;
  await mkdir(dirname(discoveryFile), { recursive: true, mode: 0o700 });
  // A server takes its predecessor's port, unless the person wants another one.
  if (before !== undefined && port !== 0 && before.port !== port && !isAlive({ pid: before.pid })) {
    await rm(discoveryFile, { force: true });
  }
  // What it prints before it has its log, or because of which it ends, is kept in the same file.
  const log = await open(logFile, "a", 0o600);
  const from = (await log.stat()).size;
  let exit: string | undefined;
  try {
    const files = ["--discovery-file", discoveryFile, "--log-file", logFile];
    const child = spawn(process.execPath, [...args, ...files, ...(port === 0 ? [] : ["--port", String(port)])], {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      windowsHide: true,
    });
    child.on("error", (error) => (exit = error.message));
    child.on("exit", (code) => (exit = `exit ${code ?? "by a signal"}`));
    child.unref();
  } finally {
    await log.close();
  }
  const end = Date.now() + START_LIMIT;
  while (Date.now() < end && (exit === undefined || exit === "exit 0")) {
    const discovery = await readDiscovery(discoveryFile);
    // The file of the server before this one may still lie there: only one that answers counts.
    const fresh = discovery !== undefined && (discovery.started_at !== before?.started_at || exit === "exit 0");
    if (fresh && (await renewLease(discovery))) return discovery;
    await wait(25);
  }
  throw new StartFailure(exit ?? `no answer within ${START_LIMIT} ms`, await readFrom(logFile, from));
}

/** What was logged since the file had `from` bytes. */
async function readFrom(file: string, from: number): Promise<string> {
  try {
    const { size } = await stat(file);
    const handle = await open(file);
    try {
      // A file that is smaller was begun anew meanwhile.
      const begin = size < from ? 0 : from;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size - begin, 16_384)), {
        position: begin,
      });
      return buffer.toString("utf8", 0, bytesRead).trim();
    } finally {
      await handle.close();
    }
  } catch {
    // Not even a log: the reason says what there is to say.
    return "";
  }
}
