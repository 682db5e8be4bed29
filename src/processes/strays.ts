import { readdirSync } from "node:fs";
import { isAlive, linuxStat, markOf, type ProcessMark, readSystemFile } from "./processes.ts";

// What a command started and is not in its group. Linux only: elsewhere nothing is found.

/** Rounds in which what is begun meanwhile is ended, too. */
const ROUNDS = 20;

/** What descends from these processes, they themselves left out. */
export function descendantsOf(...roots: number[]): ProcessMark[] {
  const all = pids().map((pid) => ({ pid, ...linuxStat(pid) }));
  const found = new Map<number, ProcessMark>(roots.map((pid) => [pid, { pid }]));
  for (const parent of found.keys()) {
    for (const { pid, parent: its, started, state } of all) {
      if (its === parent && started !== undefined && state !== "Z" && !found.has(pid)) found.set(pid, { pid, started });
    }
  }
  for (const root of roots) found.delete(root);
  return [...found.values()];
}

/** Ends those of these processes that still live, all that have `mark` (`NAME=VALUE`) in their environment, and what descends from either. */
export function endStrays(mark: string, known: readonly ProcessMark[] = []): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = [...known.filter(isAlive), ...markedWith(mark)];
    if (found.length === 0) return;
    // Found before any is ended: what loses its parent cannot be told from others.
    for (const stray of [...found, ...descendantsOf(...found.map(({ pid }) => pid))]) end(stray);
  }
}

function markedWith(mark: string): ProcessMark[] {
  return pids().flatMap((pid) => {
    if (!isMarked(pid, mark)) return [];
    const found = markOf(pid);
    // Looked at once more: the number may have become another process's in between.
    return found !== undefined && isMarked(pid, mark) ? [found] : [];
  });
}

/** All but this one. */
function pids(): number[] {
  if (process.platform !== "linux") return [];
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  return all.filter((pid) => pid !== process.pid);
}

function isMarked(pid: number, mark: string): boolean {
  return `\0${readSystemFile(`/proc/${pid}/environ`)}`.includes(`\0${mark}\0`);
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
