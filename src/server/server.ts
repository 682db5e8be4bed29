import { Socket } from "node:net";
import { asMlflowError, MlflowError } from "../mlflow/errors.ts";
import { storePath } from "../store/open.ts";
import { type Claim, claimStore, newToken, withLock, writeDiscovery } from "./discovery.ts";
import { requestListener } from "./http.ts";
import { Lifetime, reviewer } from "./lifetime.ts";
import { becomesFree, isFree, listen, type Listener } from "./listener.ts";
import { fileLog, type Log, terminalLog } from "./log.ts";
import { isLoopback, readServerOptions, SERVER_USAGE, type ServerOptions } from "./options.ts";
import { openServedStore } from "./servedStore.ts";
import { createService } from "./service.ts";
import { describeVersion, readVersion } from "./version.ts";

/** How often the editor's server asks itself whether it is still needed, in ms. */
const REVIEW_MS = 15_000;

/** `flowdeck server`: serves until it is told to stop or is not needed any more. Resolves to the exit code. */
export async function runServer(args: string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(SERVER_USAGE);
    return 0;
  }
  let log = terminalLog;
  try {
    const options = readServerOptions(args, process.env, process.cwd());
    const { discoveryFile, logFile } = options;
    keepPrivate(discoveryFile !== undefined);
    if (logFile !== undefined) log = fileLog(logFile);
    const running =
      discoveryFile === undefined
        ? await startServer(options, { token: "" }, log)
        : await withLock(discoveryFile, () => startOrYield(options, discoveryFile, log));
    return running === undefined ? 0 : await running.ended;
  } catch (error) {
    const { error_code, message } = asMlflowError(error);
    // One sentence, for the person who started it.
    if (log === terminalLog) console.error(message);
    else log.info(message);
    return error_code === "INVALID_PARAMETER_VALUE" ? 2 : 1;
  }
}

/**
 * What this process creates is its user's alone: database, artifacts, log. A group keeps what the umask of `flowdeck server`
 * lets it write (002, 007): somebody has said that the folder is shared.
 */
function keepPrivate(isEditors: boolean): void {
  const umask = process.umask(0o077);
  if (!isEditors && (umask & 0o020) === 0) process.umask(umask | 0o007);
}

/** What a server takes over from the one before it. */
interface Heritage extends Pick<Claim & { kind: "start" }, "port" | "token" | "ending"> {
  /** Tells the live server of an older version to stop; a second call does nothing. */
  stopOlder?: () => void;
}

interface Running {
  port: number;
  /** What opens it; empty when nothing is needed. */
  token: string;
  stop(): void;
  /** Exit code, once it has stopped. */
  ended: Promise<number>;
}

async function startOrYield(options: ServerOptions, discoveryFile: string, log: Log): Promise<Running | undefined> {
  const version = readVersion();
  const { backendStoreUri } = options;
  const claim = await claimStore(discoveryFile, backendStoreUri, version);
  if (claim.kind === "served") return undefined;
  const { port, token, replaces, ending = false } = claim;
  const stopOlder = replaces && onlyOnce(() => stopProcess(replaces.pid));
  const running = await startServer(
    options,
    {
      token,
      ending,
      ...(port === undefined ? {} : { port }),
      ...(stopOlder === undefined ? {} : { stopOlder }),
    },
    log,
  );
  try {
    await writeDiscovery(discoveryFile, {
      format: 1,
      pid: process.pid,
      port: running.port,
      token: running.token,
      backend_store_uri: backendStoreUri,
      version,
      started_at: Date.now(),
    });
  } catch (error) {
    // Nobody would find it.
    running.stop();
    throw error;
  }
  // It finishes what it has begun; new connections come to us.
  stopOlder?.();
  return running;
}

function onlyOnce(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

async function startServer(options: ServerOptions, before: Heritage, log: Log): Promise<Running> {
  const { backendStoreUri, discoveryFile, needsToken } = options;
  const { store, methods, close } = openServedStore(options);
  const status = store.status();
  if (status.state === "unreadable" && !status.locked) {
    await close();
    throw new MlflowError("INVALID_STATE", status.problem ?? `The store ${status.path} cannot be read.`);
  }
  const lifetime = new Lifetime(Date.now());
  const access = needsToken ? { ...options.access, token: before.token } : options.access;
  const service = createService(methods, options, access, lifetime, (error) => log.error(error));
  let listener: Listener;
  try {
    listener = await listenSomewhere(options, before, requestListener(service));
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = listener;
  // Another program has the old port, and clients may have told it the old token.
  if (needsToken && before.port !== undefined && port !== before.port) access.token = newToken();
  const address = `http://${urlHost(options.host)}:${port}`;
  log.info(`Flowdeck ${describeVersion()} serves ${storePath(backendStoreUri)} at ${address}`);
  if (access.mode === "open" && !isLoopback(options.host)) {
    log.info("Whoever reaches this address may read and change everything; --access token asks for a token.");
  }
  // Asks the store itself: the reading thread cannot start once its program was removed by an update.
  const review = reviewer(
    () => lifetime.isOver(Date.now(), store),
    (error) => log.error(error),
  );
  const isOver = discoveryFile === undefined ? undefined : review;
  const stopping = new AbortController();
  if (options.endsWithInput) atEndOfInput(() => stopping.abort());
  const ended = untilToldToStop(isOver, stopping.signal).then(async () => {
    lifetime.end();
    await listener.stop();
    await close();
    return 0;
  });
  return { port, token: access.token ?? "", stop: () => stopping.abort(), ended };
}

/** Takes the port of the server before where it can, so that its clients stay connected. */
async function listenSomewhere(
  { host, port, discoveryFile }: ServerOptions,
  before: Heritage,
  answer: ReturnType<typeof requestListener>,
): Promise<Listener> {
  const shared = discoveryFile !== undefined;
  if (before.port !== undefined) {
    const isLeft = before.stopOlder !== undefined || before.ending === true;
    const mayTake = isLeft || (await isFree(host, before.port));
    const listener = mayTake ? await tryListen(host, before.port, answer) : undefined;
    if (listener) return listener;
    // Where a port cannot be shared the older server goes first: its clients try again, but only at that port.
    before.stopOlder?.();
    const freed = isLeft && (await becomesFree(host, before.port));
    const late = freed ? await tryListen(host, before.port, answer) : undefined;
    if (late) return late;
  }
  try {
    return await listen({ host, port, shared }, answer);
  } catch (error) {
    throw listenProblem(error, host, port);
  }
}

async function tryListen(
  host: string,
  port: number,
  answer: ReturnType<typeof requestListener>,
): Promise<Listener | undefined> {
  try {
    return await listen({ host, port, shared: true }, answer);
  } catch {
    // Another program has the port, or the system cannot share it: any other will do, clients read the discovery file.
    return undefined;
  }
}

function listenProblem(error: unknown, host: string, port: number): MlflowError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const sentence =
    code === "EADDRINUSE"
      ? `Port ${port} is taken by another program: stop it, or choose another port with --port.`
      : code === "EACCES"
        ? `Port ${port} may not be used by this account: choose one above 1023 with --port.`
        : `Cannot listen on ${host}:${port}: choose another address with --host.`;
  return new MlflowError("INVALID_STATE", sentence, { cause: error });
}

/** ms within which a second signal is the first one's echo. */
const ECHO_MS = 500;

/** Resolves at SIGTERM, SIGINT, the signal's abort, or once `isOver`. */
function untilToldToStop(isOver: (() => Promise<boolean>) | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((stop) => {
    const review = setInterval(() => {
      isOver?.().then((over) => (over ? end() : undefined), console.error);
    }, REVIEW_MS);
    const end = () => {
      clearInterval(review);
      stop();
    };
    let toldAt: number | undefined;
    const onSignal = () => {
      // Who tells it again does not want to wait for what is under way; twice at once is a wrapper's echo.
      if (toldAt !== undefined && Date.now() - toldAt > ECHO_MS) process.exit(1);
      toldAt ??= Date.now();
      end();
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
    signal.addEventListener("abort", end, { once: true });
  });
}

function atEndOfInput(end: () => void): void {
  new Socket({ fd: 0 }).on("error", end).on("close", end).resume().unref();
}

function stopProcess(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}

function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
