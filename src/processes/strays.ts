import { readdirSync, readFileSync } from "node:fs";
import { isAlive, linuxStat, markOf, type ProcessMark } from "./processes.ts";

// What a command started and is not in its group. Linux only: elsewhere nothing is found.

/** Rounds in which what is begun meanwhile is ended, too. */
const ROUNDS = 20;

/** What descends from a process, that process left out. */
export function descendantsOf(root: number): ProcessMark[] {
  const all = pids().map((pid) => ({ pid, ...linuxStat(pid) }));
  const found = new Map<number, ProcessMark>([[root, { pid: root }]]);
  for (const parent of found.keys()) {
    for (const { pid, parent: its, started, state } of all) {
      if (its === parent && started !== undefined && state !== "Z") found.set(pid, { pid, started });
    }
  }
  found.delete(root);
  return [...found.values()];
}

/** Ends those of these processes that still live, what descends from them, and all that have `mark` (`NAME=VALUE`) in their environment. */
export function endStrays(mark: string, known: readonly ProcessMark[] = []): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const living = known.filter(isAlive);
    const strays = [...living, ...living.flatMap(({ pid }) => descendantsOf(pid)), ...markedWith(mark)];
    if (strays.length === 0) return;
    for (const stray of strays) end(stray);
  }
}

function markedWith(mark: string): ProcessMark[] {
  return pids().flatMap((pid) => {
    if (pid === process.pid || !isMarked(pid, mark)) return [];
    const found = markOf(pid);
    // Looked at once more: the number may have become another process's in between.
    return found !== undefined && isMarked(pid, mark) ? [found] : [];
  });
}

function pids(): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function isMarked(pid: number, mark: string): boolean {
  return `\0${read(`/proc/${pid}/environ`)}`.includes(`\0${mark}\0`);
}

/** Empty when it has ended, or belongs to somebody else. */
function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}

function end(mark: ProcessMark): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, "SIGKILL");
  } catch (error) {
    // It ended by itself meanwhile.
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
