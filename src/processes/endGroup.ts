import { setTimeout as pause } from "node:timers/promises";
import { GRACE } from "./guard.ts";
import { isGroupAlive, type ProcessMark } from "./processes.ts";

/** Asks the group of a command to end, and ends it after `GRACE` ms. */
export async function endGroupOf(command: ProcessMark): Promise<void> {
  const deadline = Date.now() + GRACE;
  let asked = false;
  while (isGroupAlive(command)) {
    const isLate = Date.now() > deadline;
    if (!asked || isLate) signalGroup(command.pid, isLate ? "SIGKILL" : "SIGTERM");
    asked = true;
    await pause(50);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It ended meanwhile.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
