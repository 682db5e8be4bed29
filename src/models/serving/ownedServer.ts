import { delimiter, dirname } from "node:path";
import { childEnvironment, ownMark, runCommand, type Ending, type ProcessMark } from "../../processes/processes.ts";
import { descendantsOf } from "../../processes/strays.ts";
import type { ScoringServer, ServeRequest, ServeState, ServingProblem } from "../../protocol/serving.ts";
import { isHealthCheck, readAccess } from "./accessLog.ts";
import { BoundedLog } from "./boundedLog.ts";
import { Control } from "./control.ts";
import { EnvironmentBuild, isLaunch } from "./environmentBuild.ts";
import { explainEnd } from "./explain.ts";
import { ask } from "./health.ts";
import { Lines } from "./lines.ts";
import { endMarked, markOfServer } from "./marked.ts";
import { treeMemory, memoryKills } from "./memory.ts";
import {
  logFileOf,
  makeFolder,
  removeServer,
  removeTemporaryFolder,
  stateFileOf,
  temporaryFolderOf,
  writeState,
} from "./stateFile.ts";

/** ms between two looks whether it answers: while it starts, while a window has it, and while none has. */
const EVERY = { starting: 250, seen: 10_000, unseen: 60_000 };
/** ms that it may take to answer a look. */
const ANSWER = 5_000;
/** Looks in a row without an answer that make it unhealthy. */
const MISSES = 2;
/** ms that it gets to finish what it is at when it is stopped. */
const GRACE = 5_000;
/** ms between two measurements of its memory. */
const MEASURE = 60_000;
/** ms in which changes are gathered before windows are told. */
const GATHER = 200;
/** Ends of workers before the first answer, for each worker: uvicorn starts them anew for ever, gunicorn those that were killed. */
const LOST_WORKERS = 2;

/** One scoring server, its processes, its log and its state file; `run` ends when nothing of it is left but, if it failed, the files. */
export class OwnedServer {
  readonly #request: ServeRequest;
  readonly #log: BoundedLog;
  readonly #stop = new AbortController();
  readonly #control: Control;
  readonly #kills = memoryKills();
  #server: ScoringServer;
  #controlPort = 0;
  #windows = 0;
  #linger: NodeJS.Timeout | undefined;
  #look: NodeJS.Timeout | undefined;
  #telling: NodeJS.Timeout | undefined;
  #group = 0;
  #misses = 0;
  #measured = 0;
  #lostWorkers = 0;
  #wasLaunched = false;
  #wasReady = false;
  #isOver = false;
  /** What descended from it when it was stopped. */
  #descended: readonly ProcessMark[] = [];
  readonly #build = new EnvironmentBuild();
  #halfMade: string | undefined;
  /** It ended itself, for the reason that its log tells. */
  #gaveUp = false;

  constructor(request: ServeRequest) {
    this.#request = request;
    makeFolder(request.folder);
    makeFolder(temporaryFolderOf(request.id));
    this.#log = new BoundedLog(logFileOf(request.folder, request.id));
    this.#server = serverOf(request, this.#log.file);
    this.#control = new Control({
      onWindows: (count) => this.#setWindows(count),
      keep: (keep) => this.#setKeep(keep),
      stop: () => this.stop(),
    });
  }

  /** Ends it and all that it started. */
  stop(): void {
    if (this.#isEnding) return;
    this.#set({ state: "stopping" });
    this.#abort();
  }

  async run(): Promise<void> {
    this.#controlPort = await this.#control.listen();
    this.#set({});
    this.#setWindows(0);
    this.#lookIn(EVERY.starting);
    const lines = { stdout: new Lines((line) => this.#read(line)), stderr: new Lines((line) => this.#read(line)) };
    const { python, served_uri, host, port, env_manager, workers, timeout, cwd } = this.#request;
    const where = ["-m", served_uri, "-h", host, "-p", String(port)];
    const how = ["--env-manager", env_manager, "--workers", String(workers), "--timeout", String(timeout)];
    const args = ["-m", "mlflow", "models", "serve", ...where, ...how];
    const ending = await runCommand(
      {
        ...{ file: python, args, cwd, env: environmentOf(this.#request), deaf: true },
        mark: markOfServer(this.#request.id),
        onStart: (pid) => (this.#group = pid),
        output: { write: (chunk, stream) => lines[stream].write(chunk) },
      },
      this.#stop.signal,
      GRACE,
    ).catch((error: unknown): Ending => {
      // Not even the shell that begins it could be started.
      this.#log.write(`Flowdeck: ${String(error)}`);
      return { exitCode: 127 };
    });
    for (const stream of [lines.stdout, lines.stderr]) stream.end();
    await this.#end(ending);
  }

  async #end(ending: Ending): Promise<void> {
    this.#isOver = true;
    for (const timer of [this.#look, this.#linger, this.#telling]) clearTimeout(timer);
    const { folder, id } = this.#request;
    endMarked(id, this.#descended);
    await this.#build.remove(environmentOf(this.#request));
    removeTemporaryFolder(id);
    const stopped = this.#stop.signal.aborted && !this.#gaveUp;
    if (stopped) {
      this.#set({ state: "stopped" });
      removeServer(folder, id);
    } else this.#set({ state: "failed", problem: this.#explain(ending) });
    this.#control.tell(JSON.stringify(this.#server));
    this.#control.close();
    this.#log.close();
  }

  #explain({ signal }: Ending): ServingProblem {
    const { title, port, python, env_manager, workers } = this.#request;
    const kills = memoryKills();
    return explainEnd({
      ...{
        title,
        port,
        python,
        env_manager,
        workers,
        wasLaunched: this.#wasLaunched,
        wasReady: this.#wasReady,
        lines: this.#log.tail,
      },
      ...(this.#halfMade === undefined ? {} : { halfMade: this.#halfMade }),
      outOfMemory: kills !== undefined && this.#kills !== undefined && kills > this.#kills,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #read(line: string): void {
    const answered = readAccess(line);
    if (answered === undefined || !isHealthCheck(answered)) this.#log.write(line);
    if (answered?.path === "/invocations") {
      const failed = answered.status >= 400 ? 1 : 0;
      const { requests, failures } = this.#server;
      this.#tell({ requests: requests + 1, failures: failures + failed });
    }
    if (this.#wasReady || this.#isEnding) return;
    this.#wasLaunched ||= isLaunch(line);
    if (this.#request.env_manager !== "local") this.#halfMade ??= this.#build.read(line);
    if (/Child process \[\d+\] died|Worker \(pid:\d+\) was sent SIGKILL!/.test(line)) this.#lostWorkers += 1;
    if (this.#halfMade === undefined && this.#lostWorkers < LOST_WORKERS * this.#request.workers) return;
    this.#gaveUp = true;
    this.#abort();
  }

  /** What loses its parent now could not be told from others later. */
  #abort(): void {
    if (this.#group > 0) this.#descended = descendantsOf(this.#group);
    this.#stop.abort();
  }

  async #lookWhether(): Promise<void> {
    const answer = await ask(this.#request, "/ping", ANSWER);
    if (this.#isEnding) return;
    const { state } = this.#server;
    if (answer?.status === 200) {
      this.#misses = 0;
      if (state !== "ready") await this.#becomeReady();
    } else {
      this.#misses += 1;
      if (state === "ready" && this.#misses >= MISSES) this.#setUnhealthy("does not answer any more");
      const { patience } = this.#request;
      const late = state === "starting" && Date.now() - this.#server.started > patience;
      if (late) this.#setUnhealthy(`has not answered for ${Math.round(patience / 1_000)} s since its start`);
    }
    this.#measure();
    this.#lookIn(this.#wasReady || this.#server.state === "unhealthy" ? this.#rhythm : EVERY.starting);
  }

  /** Its memory, where a window shows it: the kernel walks through all of its pages for that. */
  #measure(): void {
    const now = Date.now();
    if (!this.#wasReady || this.#windows === 0 || now - this.#measured < MEASURE) return;
    this.#measured = now;
    const memory = treeMemory(this.#group);
    const before = this.#server.memory ?? 0;
    // A hundredth more or less is nothing to tell.
    if (memory !== undefined && Math.abs(memory - before) > before / 100) this.#tell({ memory });
  }

  get #isEnding(): boolean {
    return this.#isOver || this.#stop.signal.aborted;
  }

  get #rhythm(): number {
    return this.#windows > 0 ? EVERY.seen : EVERY.unseen;
  }

  async #becomeReady(): Promise<void> {
    const version = await ask(this.#request, "/version", ANSWER);
    if (this.#isEnding) return;
    this.#wasReady = true;
    const known = version?.status === 200 && version.text !== "" ? { mlflow_version: version.text.trim() } : {};
    const { problem: _, ...server } = this.#server;
    this.#server = server;
    this.#set({ state: "ready", ...known });
  }

  #setUnhealthy(what: string): void {
    const text = `${this.#server.title} ${what}; look into its log, or stop it.`;
    this.#set({ state: "unhealthy", problem: { text, next: { title: "Show Log", action: "showLog" } } });
  }

  #lookIn(delay: number): void {
    clearTimeout(this.#look);
    if (this.#isEnding) return;
    this.#look = setTimeout(() => {
      this.#lookWhether().catch((error: unknown) => this.#log.write(`Flowdeck: ${String(error)}`));
    }, delay);
  }

  #setWindows(count: number): void {
    const came = count > this.#windows;
    this.#windows = count;
    if (came && this.#wasReady) this.#lookIn(0);
    this.#reviewLinger();
  }

  #setKeep(keep: boolean): void {
    if (this.#isEnding) return;
    this.#set({ keep });
    this.#reviewLinger();
  }

  /** Nobody has it: it waits for a window that is reloaded, and stops. */
  #reviewLinger(): void {
    clearTimeout(this.#linger);
    if (this.#windows > 0 || this.#server.keep || this.#isEnding) return;
    this.#linger = setTimeout(() => this.stop(), this.#request.linger);
  }

  /** Takes what changed, keeps it in the file, and tells the windows at once. */
  #set(change: Partial<ScoringServer>): void {
    this.#server = { ...this.#server, ...change };
    const { folder, id, python, served_uri } = this.#request;
    const control = { port: this.#controlPort, token: this.#control.token };
    const state: ServeState = { format: 1, server: this.#server, python, served_uri, program: ownMark(), control };
    writeState(stateFileOf(folder, id), state);
    this.#control.tell(JSON.stringify(this.#server));
  }

  /** Takes what changes often, and tells the windows soon. */
  #tell(change: Partial<ScoringServer>): void {
    this.#server = { ...this.#server, ...change };
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#control.tell(JSON.stringify(this.#server));
    }, GATHER);
  }
}

function serverOf(request: ServeRequest, log: string): ScoringServer {
  const { id, store, model_uri, model, title, host, port, env_manager, workers, timeout, keep } = request;
  return {
    ...{ id, store, model_uri, title, host, port, url: `http://${host}:${port}`, state: "starting" },
    ...(model === undefined ? {} : { model }),
    ...{ pid: process.pid, started: Date.now(), requests: 0, failures: 0, env_manager, workers, timeout, keep, log },
  };
}

/** Its Python's programs come first, uvicorn and uv among them, and what it prints is not held back. */
function environmentOf({ id, python, environment, env_manager }: ServeRequest): NodeJS.ProcessEnv {
  const inherited = childEnvironment();
  const path = [dirname(python), environment["PATH"] ?? inherited["PATH"] ?? ""];
  // For conda mlflow sources an `activate` from there, and every virtual environment has one of its own.
  if (env_manager === "conda") path.reverse();
  const gunicorn = [inherited["GUNICORN_CMD_ARGS"], "--access-logfile -"].filter((each) => each !== undefined);
  return {
    ...inherited,
    ...environment,
    PATH: path.join(delimiter),
    PYTHONUNBUFFERED: "1",
    TMPDIR: temporaryFolderOf(id),
    // Before mlflow 3 it was gunicorn that served, which logs no request unless it is told to.
    GUNICORN_CMD_ARGS: gunicorn.join(" "),
  };
}
