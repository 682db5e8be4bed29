import { execFile, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { GRACE, spawnGuarded } from "./guard.ts";

export interface Command {
  file: string;
  args: readonly string[];
  /** Folder it starts in. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Told once it runs. */
  onStart?(pid: number): void;
  /** Takes what it prints; absent: it prints to this terminal, which it sees as its own. */
  output?: Output;
  /** It may not read from this terminal: others read there, too. */
  deaf?: boolean;
  /** What asks its group to end, SIGTERM when absent: a Python with something to take back hears SIGINT only. */
  endSignal?: "SIGINT" | "SIGTERM";
  /** Shell command that ends what the signals to its group do not reach. */
  endCommand?: string;
  /**
   * Variable in its environment, `NAME=VALUE`, by which what leaves its group is known: when this process is ended without warning,
   * that is ended, too, and what descends from the command (Linux).
   */
  mark?: string;
  /** It stays in this process's group, and may ask the person for something: a password of git, as a rule. */
  foreground?: boolean;
}

/** Takes what a command prints, stream by stream as it comes. */
export interface Output {
  write(chunk: Buffer, stream: "stdout" | "stderr"): void;
}

/** How a command ended: by itself with a code, or by a signal. */
export interface Ending {
  exitCode?: number;
  signal?: NodeJS.Signals;
}

/**
 * Runs a command as the leader of a process group of its own, on this terminal. When `stop` aborts, the whole group is
 * asked to end, and ended after `grace` ms; the promise resolves once nothing of it is left. When this process is ended
 * without warning, the group is ended all the same; of a command in the foreground all that descends from it. Rejects when it
 * cannot start.
 */
export async function runCommand(command: Command, stop: AbortSignal, grace = GRACE): Promise<Ending> {
  if (stop.aborted) return { signal: "SIGTERM" };
  const { output, foreground = false, endSignal = "SIGTERM" } = command;
  const printed = output === undefined ? "inherit" : "pipe";
  const { child, guard } = spawnGuarded(command.file, command.args, {
    ...command,
    grace,
    stdio: [command.deaf === true ? "ignore" : "inherit", printed, printed],
  });
  child.stdout?.on("data", (chunk: Buffer) => output?.write(chunk, "stdout"));
  child.stderr?.on("data", (chunk: Buffer) => output?.write(chunk, "stderr"));
  const { promise: exited, resolve, reject } = Promise.withResolvers<Ending>();
  child.once("error", reject);
  child.once("exit", (code, signal) => {
    resolve({ ...(code === null ? {} : { exitCode: code }), ...(signal === null ? {} : { signal }) });
  });
  const { pid } = child;
  if (pid === undefined || guard === undefined) return exited;
  command.onStart?.(pid);
  const stopping = Promise.withResolvers<unknown>();
  const end = () => {
    const more = command.endCommand;
    const others = more === undefined ? undefined : outputOf("bash", ["-c", more]);
    const ending = foreground ? guard.end() : endGroup(pid, grace, endSignal);
    Promise.all([ending, others]).then(stopping.resolve, stopping.reject);
  };
  stop.addEventListener("abort", end, { once: true });
  try {
    const ending = await exited;
    stop.removeEventListener("abort", end);
    if (stop.aborted) await stopping.promise;
    await lastWords(child, stop);
    return ending;
  } finally {
    guard.release();
  }
}

/** ms that what a command started, and left behind, may hold its output open. */
const LINGER = 500;

/** Waits until what the command printed has been read; a process that it left behind may hold the pipe for ever. */
async function lastWords({ stdout, stderr }: ChildProcess, stop: AbortSignal): Promise<void> {
  const open = [stdout, stderr].flatMap((stream) => (stream === null || stream.closed ? [] : [stream]));
  const all = Promise.all(open.map((stream) => once(stream, "close")));
  await Promise.race([all, pause(stop.aborted ? 0 : LINGER, undefined, { ref: false })]);
  for (const stream of open) stream.destroy();
}

/** Ends what is left of the group of a command: it is asked to end, and ended after `GRACE` ms. */
export async function endGroupOf(command: ProcessMark): Promise<void> {
  if (isGroupAlive(command)) await endGroup(command.pid, GRACE, "SIGTERM");
}

async function endGroup(group: number, grace: number, first: NodeJS.Signals): Promise<void> {
  const deadline = Date.now() + grace;
  if (!signal(-group, first)) return;
  let dead = 0;
  for (let round = 1; signal(-group, 0); round += 1) {
    if (Date.now() > deadline) signal(-group, "SIGKILL");
    await pause(20);
    if (round % 10 !== 0) continue;
    dead = isDeadGroup(group) ? dead + 1 : 0;
    // Twice, since one that was just begun is not among them.
    if (dead > 1) return;
  }
}

/** Whether nothing of a group runs, and its parents (PID 1 of many a container) have not asked how it ended: it stays as it is. */
function isDeadGroup(group: number): boolean {
  if (process.platform !== "linux") return false;
  const states = readdirSync("/proc").flatMap((name) => {
    const found = /^\d+$/.test(name) ? linuxStat(Number(name)) : {};
    return found.group === group ? [found.state] : [];
  });
  return states.length > 0 && states.every((state) => state === "Z");
}

/** False when it is gone. */
function signal(target: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, name);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM")) return false;
    throw error;
  }
}

/** A process, told from a later one that gets the same pid. */
export interface ProcessMark {
  pid: number;
  /** What the system says of its start; absent where it does not say. */
  started?: string;
  /** Which start of the machine it belongs to; absent where the system does not say. */
  boot?: string;
  /** Name of its machine; absent: this one. */
  host?: string;
}

/** What marks a living process; undefined when there is none. */
export function markOf(pid: number): ProcessMark | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
  }
  const { state, started = otherStart(pid) } = linuxStat(pid);
  if (state === "Z") return undefined;
  const boot = bootId();
  return { pid, ...(started === undefined ? {} : { started }), ...(boot === undefined ? {} : { boot }) };
}

/** The mark of this process, for others of this and other machines, which may share a folder. */
export function ownMark(): ProcessMark & { host: string } {
  return (own ??= { ...(markOf(process.pid) ?? { pid: process.pid }), host: hostname() });
}
let own: ReturnType<typeof ownMark> | undefined;

export function isAlive(mark: ProcessMark): boolean {
  // Another start of the machine ended all of them.
  if (mark.boot !== undefined && mark.boot !== bootId()) return false;
  const found = markOf(mark.pid);
  return (
    found !== undefined && (mark.started === undefined || found.started === undefined || mark.started === found.started)
  );
}

/** Of a process of another machine nothing can be known. */
export function isOfOtherHost({ host }: ProcessMark): boolean {
  return host !== undefined && host !== hostname();
}

/** Whether anything of the group lives that this process led: it may have ended before what it started. */
export function isGroupAlive(leader: ProcessMark): boolean {
  if (isAlive(leader)) return true;
  if (leader.boot !== undefined && leader.boot !== bootId()) return false;
  // Its number is another process's by now, which it would not become while anything of its group is left.
  if (markOf(leader.pid) !== undefined) return false;
  return signal(-leader.pid, 0) && !isDeadGroup(leader.pid);
}

/** Of the machine's present start, as far as the system tells. */
function bootId(): string | undefined {
  if (process.platform !== "linux") return undefined;
  return (boot ??= readSystemFile("/proc/sys/kernel/random/boot_id").slice(0, 8)) || undefined;
}
let boot: string | undefined;

/** Where there is no proc(5): when `ps` says that it started. */
function otherStart(pid: number): string | undefined {
  if (process.platform === "linux" || process.platform === "win32") return undefined;
  return spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() || undefined;
}

export interface LinuxStat {
  state?: string;
  parent?: number;
  group?: number;
  /** Clock ticks since boot. */
  started?: string;
}

/** Of proc(5); nothing on other systems. */
export function linuxStat(pid: number): LinuxStat {
  if (process.platform !== "linux") return {};
  const stat = readSystemFile(`/proc/${pid}/stat`);
  if (stat === "") return {};
  // The name before it may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  const given = { ...(state === undefined ? {} : { state }), ...(started === undefined ? {} : { started }) };
  return { ...given, parent: Number(fields[1]), group: Number(fields[2]) };
}

/** A file of /proc or /sys; empty when it cannot be read: the process has ended, or belongs to somebody else. */
export function readSystemFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}

const execute = promisify(execFile);

interface OutputOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** ms; 20 s when absent. */
  timeout?: number;
}

/** What a command prints; undefined when it fails, is missing, or takes too long. */
export async function outputOf(
  file: string,
  args: readonly string[],
  { timeout = 20_000, ...options }: OutputOptions = {},
): Promise<string | undefined> {
  try {
    const { stdout } = await execute(file, args, { timeout, env: childEnvironment(), maxBuffer: 64 << 20, ...options });
    return stdout.trim();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** This process's environment without what makes an editor's binary a plain Node. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  return environment;
}
