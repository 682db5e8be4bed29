import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { ProcessMark } from "./request.ts";

export interface Command {
  file: string;
  args: readonly string[];
  /** Folder it starts in. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Told once it runs. */
  onStart?(pid: number): void;
  /** Takes what it prints; without it that goes to this terminal, and it may read from there. */
  output?(text: string): void;
}

/** How a command ended: by itself with a code, or by a signal. */
export interface Ending {
  exitCode?: number;
  signal?: NodeJS.Signals;
}

/** ms that a process group gets between SIGTERM and SIGKILL. */
export const GRACE = 10_000;

/** ms in which the last of a command's output is read when something else holds its pipes. */
const DRAIN = 500;

/**
 * Runs a command as the leader of a process group of its own, on this terminal. When `stop` aborts, the whole group is
 * asked to end, and ended after `grace` ms; the promise resolves once nothing of it is left. Rejects when it cannot start.
 */
export async function runCommand(command: Command, stop: AbortSignal, grace = GRACE): Promise<Ending> {
  if (stop.aborted) return { signal: "SIGTERM" };
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: command.output === undefined ? "inherit" : ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null);
  for (const pipe of pipes) pipe.setEncoding("utf8").on("data", (text: string) => command.output?.(text));
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  child.once("close", () => close());
  const { promise: exited, resolve, reject } = Promise.withResolvers<Ending>();
  child.once("error", reject);
  child.once("exit", (code, signal) => {
    resolve({ ...(code === null ? {} : { exitCode: code }), ...(signal === null ? {} : { signal }) });
  });
  const group = child.pid;
  if (group === undefined) return exited;
  command.onStart?.(group);
  const stopping = Promise.withResolvers<void>();
  const end = () => {
    endGroup(group, grace).then(stopping.resolve, stopping.reject);
  };
  stop.addEventListener("abort", end, { once: true });
  const ending = await exited;
  stop.removeEventListener("abort", end);
  if (stop.aborted) await stopping.promise;
  // What it started and left behind may hold its pipes for ever.
  if (pipes.length > 0) await Promise.race([closed, pause(DRAIN, undefined, { ref: false })]);
  for (const pipe of pipes) pipe.destroy();
  return ending;
}

async function endGroup(group: number, grace: number): Promise<void> {
  const deadline = Date.now() + grace;
  if (!signalGroup(group, "SIGTERM")) return;
  while (signalGroup(group, 0)) {
    if (Date.now() > deadline) signalGroup(group, "SIGKILL");
    await pause(20);
  }
}

/** False when the group is gone. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM")) return false;
    throw error;
  }
}

/** What marks a living process; undefined when there is none. */
export function markOf(pid: number): ProcessMark | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
  }
  const { state, started } = linuxStat(pid);
  if (state === "Z") return undefined;
  return { pid, ...(started === undefined ? {} : { started }) };
}

export function isAlive(mark: ProcessMark): boolean {
  const found = markOf(mark.pid);
  return (
    found !== undefined && (mark.started === undefined || found.started === undefined || mark.started === found.started)
  );
}

/** State and start time (clock ticks since boot) of proc(5); nothing on other systems. */
function linuxStat(pid: number): { state?: string; started?: string } {
  if (process.platform !== "linux") return {};
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return {};
    throw error;
  }
  // The name before it may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return { ...(state === undefined ? {} : { state }), ...(started === undefined ? {} : { started }) };
}

const execute = promisify(execFile);

/** What a short command prints; undefined when it fails, is missing, or takes longer than 20 s. */
export async function outputOf(file: string, args: readonly string[], cwd?: string): Promise<string | undefined> {
  try {
    const { stdout } = await execute(file, args, {
      timeout: 20_000,
      env: childEnvironment(),
      ...(cwd === undefined ? {} : { cwd }),
    });
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
