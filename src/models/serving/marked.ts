import { readdirSync, readFileSync } from "node:fs";

/** Variable that all processes of a server have, with its id: what leaves its group is known by it. */
export const MARK = "FLOWDECK_SERVING";

/** Ends what bears a server's mark and is no longer in its group: a model may start a program that is to outlive it. */
export function endMarked(id: string): void {
  if (process.platform !== "linux") return;
  const mark = `\0${MARK}=${id}\0`;
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!/^\d+$/.test(name) || pid === process.pid) continue;
    if (`\0${environmentOf(pid)}`.includes(mark)) end(pid);
  }
}

/** Empty when it has ended, or belongs to somebody else. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself meanwhile.
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
