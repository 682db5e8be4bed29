import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { Run } from "../../mlflow/entities.ts";
import type { EnvManager, RunState } from "../../projects/request.ts";
import type { AnyRequest } from "../../projects/requestFile.ts";
import {
  askToStop,
  closeAbandoned,
  followerFileOf,
  isRunning,
  logFileOf,
  readStates,
  requestFileOf,
  runnersIn,
  stateFileOf,
} from "../../projects/state.ts";
import { runFolder } from "../../projects/stateFolder.ts";
import { runnerOf, runnerStateOf, stopRunner } from "../../projects/workflow/control.ts";
import { coalesce } from "../platform/coalesce.ts";
import { execute } from "../platform/commands.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { setting } from "../platform/settings.ts";
import { watchFolder } from "../platform/watchFolder.ts";
import type { Servers } from "../server/servers.ts";
import type { Stores } from "../stores/stores.ts";
import { ExitCodes } from "./exitCodes.ts";

const DATABASE = "sqlite:///";
/** ms between two looks at the state files where they cannot be watched. */
const POLL = 1_000;

interface Tracked {
  uri: string;
  /** Of a workflow or a sweep, whose problem names one of its runs. */
  name?: string;
  /** It is a workflow, whose panel is its graph. */
  isWorkflow: boolean;
  /** Starts the same with another environment manager; absent after a reload, and for several runs at once. */
  again?: (env_manager: EnvManager) => Promise<void>;
  terminal: vscode.Terminal | undefined;
  opened: boolean;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Runs of entry points: started in terminals of their own, followed by their state files, known again after a reload. */
export class ProjectRuns extends Disposable {
  readonly #platform: Platform;
  readonly #folder: string;
  /** State files of what the command line runs. */
  readonly #commandLine = runFolder();
  /** By state file: the runs that this window started. */
  readonly #tracked = new Map<string, Tracked>();
  /** By state file: their terminals, for as long as those are there. */
  readonly #terminals = new Map<string, vscode.Terminal>();
  readonly #reveal: (uri: string, run_id: string) => Promise<void>;
  readonly #exitCodes: ExitCodes;
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  readonly #read;

  /** A runner told something of itself. */
  readonly onChange = this.#changed.event;

  constructor(platform: Platform, reveal: (uri: string, run_id: string) => Promise<void>) {
    super();
    this.#platform = platform;
    this.#reveal = reveal;
    this.#folder = join(platform.context.globalStorageUri.fsPath, "runs");
    this.#exitCodes = new ExitCodes(platform.context.globalState);
    this.#read = this.own(coalesce(platform, "runs of entry points", 50, () => this.#readStates()));
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const looked = (): void => this.#read.request();
    this.own(watchFolder(platform, this.#folder, POLL, looked));
    const recognise = (terminal: vscode.Terminal): void =>
      platform.background("restored terminal", this.#recognise(terminal));
    this.own(vscode.window.onDidOpenTerminal(recognise));
    this.own(
      vscode.window.onDidCloseTerminal((closed) => {
        for (const [file, terminal] of this.#terminals) if (terminal === closed) this.#terminals.delete(file);
      }),
    );
    vscode.window.terminals.forEach(recognise);
    this.#read.request();
  }

  /** Starts what a request asks for in a terminal: `uri` names the store whose server it speaks to. */
  async start(
    request: AnyRequest,
    { uri, name, folder }: { uri: string; name: string; folder: string },
  ): Promise<void> {
    const file = join(this.#folder, `${randomUUID()}.json`);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify(request), { mode: 0o600 });
    const keeps = setting("flowdeck.projects.keepRunning", false, vscode.Uri.file(folder));
    const terminal = this.#openTerminal(file, { name, folder, follow: keeps });
    const tracked: Tracked = { uri, terminal, opened: false, isWorkflow: isWorkflow(request) };
    if ("kind" in request) tracked.name = name;
    else {
      // What was fetched for the first run went with it.
      const { fetched: _, ...same } = request;
      tracked.again = (env_manager) => this.start({ ...same, env_manager }, { uri, name, folder });
    }
    this.#tracked.set(stateFileOf(file), tracked);
    this.#terminals.set(stateFileOf(file), terminal);
    terminal.show(true);
  }

  #openTerminal(
    requestFile: string,
    { name, folder, follow }: { name: string; folder: string; follow: boolean },
  ): vscode.Terminal {
    const args = ["--request", requestFile, "--wait-for-key", ...(follow ? ["--follow"] : [])];
    return vscode.window.createTerminal({
      name: `mlproject: ${name}`,
      iconPath: new vscode.ThemeIcon("beaker"),
      // As a URI: a path alone does not tell a remote window which workspace folder, and so which variables, it is (VS Code 1.139).
      cwd: vscode.Uri.file(folder),
      shellPath: process.execPath,
      shellArgs: [this.#platform.program("runner.js"), ...args],
      env: { ELECTRON_RUN_AS_NODE: "1" },
    });
  }

  /** Whether a runner of this machine is at work on the run, and can be asked to stop. */
  async isOurs(run: Run): Promise<boolean> {
    if ((await this.#stateOf(run.info.run_id)) !== undefined) return true;
    const runner = runnerOf(run);
    return run.info.status === "RUNNING" && runner !== undefined && runnerStateOf(runner) === "alive";
  }

  /** By run: whether the runner that made it on this machine lives. */
  async runners(): Promise<Map<string, "alive" | "gone">> {
    const [ours, commandLine] = await Promise.all([this.#folder, this.#commandLine].map((one) => runnersIn(one)));
    // One that went on with a run of the other kind lives.
    const both = [...(ours ?? []), ...(commandLine ?? [])];
    return new Map(both.toSorted(([, a], [, b]) => Number(a === "alive") - Number(b === "alive")));
  }

  /** Of the command of a run that failed, as far as it was noticed on this machine. */
  exitCodeOf(run_id: string): number | undefined {
    return this.#exitCodes.get(run_id);
  }

  /** Shows the terminal of a run, or follows one that outlived its own in another; false when this window can do neither. */
  async showTerminal(run_id: string): Promise<boolean> {
    const states = await readStates(this.#folder);
    const found = states.find(({ state }) => state.run_id === run_id);
    if (found === undefined) return false;
    const { file, state } = found;
    const requestFile = requestFileOf(file);
    let terminal = this.#terminals.get(file);
    if (
      terminal === undefined &&
      vscode.workspace.isTrusted &&
      isRunning(state) &&
      existsSync(logFileOf(requestFile))
    ) {
      const { entry_point: name, projectFolder: folder } = state;
      terminal = this.#openTerminal(requestFile, { name, folder, follow: true });
      this.#terminals.set(file, terminal);
    }
    terminal?.show();
    return terminal !== undefined;
  }

  /** Asks the runner of a run to stop: it ends its command and closes the run as KILLED, unless it died before its command. */
  async stop(run: Run): Promise<void> {
    const { run_id, run_name, status } = run.info;
    const state = await this.#stateOf(run_id);
    if (state !== undefined) {
      await askToStop(state);
      return;
    }
    if (status !== "RUNNING") throw new MlflowError("INVALID_STATE", `${run_name} has ended already.`);
    // One that was started in a terminal tells its runner by itself, if it is a workflow or a sweep.
    if (runnerOf(run) !== undefined) return stopRunner(run);
    const message = `${run_name} was started by another program, which is the one to stop it.`;
    throw new MlflowError("INVALID_STATE", message);
  }

  async #stateOf(run_id: string): Promise<RunState | undefined> {
    for (const folder of [this.#folder, this.#commandLine]) {
      const states = await readStates(folder);
      const isIt = (state: RunState) => state.run_id === run_id && state.ended_at === undefined && isRunning(state);
      const found = states.find(({ state }) => isIt(state));
      if (found !== undefined) return found.state;
    }
    return undefined;
  }

  /** Marks the runs whose runner, or `flowdeck run`, died without closing them as KILLED, where they lie in a store of this window. */
  async closeAbandoned(stores: Stores, servers: Servers): Promise<void> {
    for (const store of await stores.all()) {
      if (store.status.state !== "open" || store.status.read_only || store.status.kind === "files") continue;
      const address = await servers.addressOf(store);
      // The command line names the database itself, where it had no server to speak to.
      const serves = (tracking_uri: string) =>
        [address, store.uri].includes(tracking_uri) ||
        (tracking_uri.startsWith(DATABASE) &&
          realPath(tracking_uri.slice(DATABASE.length)) === realPath(store.status.path));
      const closed: string[] = [];
      for (const folder of [this.#folder, this.#commandLine])
        closed.push(...(await closeAbandoned(folder, store.remote, serves)));
      if (closed.length > 0)
        this.#platform.log.info(`Closed as KILLED, since their runner is gone: ${closed.join(", ")}`);
    }
  }

  /** A terminal that came back after a reload has no creation options: its pid tells which run it belongs to. */
  async #recognise(terminal: vscode.Terminal): Promise<void> {
    const pid = await terminal.processId;
    const states = await readStates(this.#folder);
    const followed = await Promise.all(
      states.map(async ({ file }) => readFile(followerFileOf(requestFileOf(file)), "utf8").catch(() => "")),
    );
    const found = states.find(
      ({ state }, index) => isRunning(state) && (state.runner.pid === pid || followed[index] === String(pid)),
    );
    if (found === undefined || this.#tracked.has(found.file)) return;
    // What it does from here on is told, but its panel is not opened once more.
    this.#tracked.set(found.file, { uri: "", terminal, opened: true, isWorkflow: false });
    this.#terminals.set(found.file, terminal);
  }

  async #readStates(): Promise<void> {
    for (const { file, state } of await readStates(this.#folder)) {
      await this.#exitCodes.note(state);
      const tracked = this.#tracked.get(file);
      if (tracked === undefined) continue;
      if (!tracked.opened && state.run_id !== undefined) {
        tracked.opened = true;
        this.#platform.background("opening a new run", this.#open(tracked, state.run_id));
      }
      if (state.ended_at === undefined) continue;
      this.#tracked.delete(file);
      if (state.status === "FAILED") this.#tellFailure(state, tracked);
    }
    this.#changed.fire();
  }

  async #open({ uri, isWorkflow: hasGraph }: Tracked, run_id: string): Promise<void> {
    const command = hasGraph ? "flowdeck.projects.openWorkflow" : "flowdeck.tracking.openRun";
    await execute(command, { uri, run_id });
    await this.#reveal(uri, run_id);
  }

  #tellFailure(state: RunState, { name, terminal, again }: Tracked): void {
    const code = state.exitCode === undefined ? "" : ` with exit code ${state.exitCode}`;
    const why = state.problem ?? `${state.entry_point} failed${code}.`;
    const text = name === undefined ? why : `${name}: ${why}`;
    const { instead } = state;
    const show = { title: "Show Terminal", run: () => terminal?.show() };
    const other = { title: `Run With ${instead ?? ""}`, run: () => instead && again?.(instead) };
    const remedy = instead !== undefined && again !== undefined ? other : show;
    this.#platform.report(new MlflowError("INVALID_STATE", text), terminal === undefined ? undefined : remedy);
  }
}

function isWorkflow(request: AnyRequest): boolean {
  return "kind" in request && request.kind === "workflow";
}
