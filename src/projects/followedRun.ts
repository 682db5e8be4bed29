// A run that outlives its terminal: a runner of its own session, and the terminal follows what it prints.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { open, writeFile, type FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "../processes/processes.ts";
import type { RunState } from "./request.ts";
import { followerFileOf, logFileOf, readState, stateFileOf } from "./state.ts";
import { print } from "./terminal.ts";

/** How often what was printed is looked at (ms). */
const LOOK = 100;
/** ms after which a run that tells no state has none any more: a window has closed it, and taken its files away. */
const STATELESS = 2_000;
const CHUNK = 64 << 10;

/**
 * Starts the runner for a request that nobody has taken yet, and prints what it prints until it has ended. `stop` ends the following
 * alone. Undefined: stopped, or there is nothing to follow; else whether it FINISHED.
 */
export async function followRun(program: string, requestFile: string, stop: AbortSignal): Promise<boolean | undefined> {
  await writeFile(followerFileOf(requestFile), String(process.pid), { mode: 0o600 });
  const isNew = existsSync(requestFile);
  const log = await open(logFileOf(requestFile), isNew ? "w+" : "r", 0o600).catch(() => undefined);
  if (log === undefined) {
    print("Flowdeck: this run has ended, and what it printed is among its artifacts.");
    return undefined;
  }
  print("Flowdeck: the run goes on when this terminal is closed; Flowdeck: Stop Run ends it.");
  try {
    const hasEnded = isNew ? launch(program, requestFile, log) : neverTold();
    return await printUntilItEnds(requestFile, log, hasEnded, stop);
  } finally {
    await log.close();
  }
}

/** Whether a run has ended without telling so in its state. */
type HasEnded = (state: RunState | undefined) => boolean;

/** Runs in a session of its own, so that no terminal ends it. */
function launch(program: string, requestFile: string, log: FileHandle): HasEnded {
  const child = spawn(process.execPath, [program, "--request", requestFile, "--bounded"], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  let hasEnded = false;
  child.once("error", (error) => {
    print(`Flowdeck: the run could not be started: ${error.message}`);
    hasEnded = true;
  });
  child.once("exit", () => (hasEnded = true));
  child.unref();
  return () => hasEnded;
}

/** Of a run that somebody else has started: whether its state has been missing for long. */
function neverTold(): HasEnded {
  let told = Date.now();
  return (state) => {
    if (state !== undefined) told = Date.now();
    return Date.now() - told > STATELESS;
  };
}

async function printUntilItEnds(
  requestFile: string,
  log: FileHandle,
  hasEnded: HasEnded,
  stop: AbortSignal,
): Promise<boolean | undefined> {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(CHUNK);
  let position = 0;
  const printNew = async (): Promise<void> => {
    for (;;) {
      const { bytesRead } = await log.read(buffer, 0, CHUNK, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      process.stdout.write(decoder.write(buffer.subarray(0, bytesRead)));
    }
  };
  while (!stop.aborted) {
    const state = (await readState(stateFileOf(requestFile)))?.state;
    // Asked before the last look at what was printed.
    const isOver = hasEnded(state) || (state !== undefined && hasStopped(state));
    await printNew();
    if (isOver) return state?.status === "FINISHED" || state?.status === "RUNNING";
    await pause(LOOK, undefined, { signal: stop }).catch(() => undefined);
  }
  return undefined;
}

function hasStopped({ runner }: RunState): boolean {
  return !isAlive(runner);
}
