import { asMlflowError, MlflowError } from "../mlflow/errors.ts";
import { openStore, storePath } from "../store/open.ts";
import { type Claim, claimStore, withLock, writeDiscovery } from "./discovery.ts";
import { requestListener } from "./http.ts";
import { Lifetime, reviewer } from "./lifetime.ts";
import { isFree, listen, type Listener } from "./listener.ts";
import { readServerOptions, SERVER_USAGE, type ServerOptions } from "./options.ts";
import { ReadThread } from "./readThread.ts";
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
  try {
    const options = readServerOptions(args, process.env, process.cwd());
    const { discoveryFile } = options;
    const running =
      discoveryFile === undefined
        ? await startServer(options, { kind: "start", token: "" })
        : await withLock(discoveryFile, () => startOrYield(options, discoveryFile));
    return running === undefined ? 0 : await running.ended;
  } catch (error) {
    const { error_code, message } = asMlflowError(error);
    console.error(message);
    return error_code === "INVALID_PARAMETER_VALUE" ? 2 : 1;
  }
}

interface Running {
  port: number;
  /** Exit code, once it has stopped. */
  ended: Promise<number>;
}

async function startOrYield(options: ServerOptions, discoveryFile: string): Promise<Running | undefined> {
  const version = readVersion();
  const { backendStoreUri } = options;
  const claim = await claimStore(discoveryFile, backendStoreUri, version);
  if (claim.kind === "served") return undefined;
  const running = await startServer(options, claim);
  await writeDiscovery(discoveryFile, {
    format: 1,
    pid: process.pid,
    port: running.port,
    token: claim.token,
    backend_store_uri: backendStoreUri,
    version,
    started_at: Date.now(),
  });
  // It finishes what it has begun; new connections come to us.
  if (claim.replaces) stopProcess(claim.replaces.pid);
  return running;
}

async function startServer(options: ServerOptions, claim: Claim & { kind: "start" }): Promise<Running> {
  const { backendStoreUri, artifactRoot, discoveryFile, needsToken } = options;
  const store = openStore(backendStoreUri, { artifactRoot });
  const status = store.status();
  if (status.state === "unreadable") {
    store.close();
    throw new MlflowError("INVALID_STATE", status.problem ?? `The store ${status.path} cannot be read.`);
  }
  const lifetime = new Lifetime(Date.now());
  const reads = new ReadThread({ uri: backendStoreUri, artifactRoot });
  const methods = reads.over(store);
  const access = needsToken ? { ...options.access, token: claim.token } : options.access;
  const service = createService(methods, options, access, lifetime, (error) => console.error(error));
  const closeStore = async () => {
    await reads.close();
    store.close();
  };
  let listener: Listener;
  try {
    listener = await listenSomewhere(options, claim, requestListener(service));
  } catch (error) {
    await closeStore();
    throw error;
  }
  const { port } = listener;
  console.log(
    `Flowdeck ${describeVersion()} serves ${storePath(backendStoreUri)} at http://${urlHost(options.host)}:${port}`,
  );
  // Asks the store itself: the reading thread cannot start once its program was removed by an update.
  const review = reviewer(
    () => lifetime.isOver(Date.now(), store),
    (error) => console.error(error),
  );
  const isOver = discoveryFile === undefined ? undefined : review;
  const ended = untilToldToStop(isOver).then(async () => {
    await listener.stop();
    await closeStore();
    return 0;
  });
  return { port, ended };
}

/** Takes the port of the server before where it can, so that its clients stay connected. */
async function listenSomewhere(
  { host, port, discoveryFile }: ServerOptions,
  claim: Claim & { kind: "start" },
  answer: ReturnType<typeof requestListener>,
): Promise<Listener> {
  const shared = discoveryFile !== undefined;
  if (claim.port !== undefined) {
    const mayTake = claim.replaces !== undefined || (await isFree(host, claim.port));
    const listener = mayTake ? await tryListen(host, claim.port, answer) : undefined;
    if (listener) return listener;
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

/** Resolves at SIGTERM, SIGINT, or once `isOver`. */
function untilToldToStop(isOver: (() => Promise<boolean>) | undefined): Promise<void> {
  return new Promise((stop) => {
    const review = setInterval(() => {
      isOver?.().then((over) => (over ? end() : undefined), console.error);
    }, REVIEW_MS);
    const end = () => {
      clearInterval(review);
      stop();
    };
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
  });
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
