import { readdirSync } from "node:fs";
import { readSystemFile } from "../../processes/processes.ts";

/**
 * Bytes that a process and those below it hold: each one's share of what it has in common with others, so that workers are not
 * counted for the same pages. Undefined where there is no proc(5).
 */
export function treeMemory(root: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  let sum = 0;
  const pids = [root];
  for (const pid of pids) {
    const held = /^Pss:\s+(\d+) kB/m.exec(readSystemFile(`/proc/${pid}/smaps_rollup`))?.[1];
    const resident = readSystemFile(`/proc/${pid}/statm`).split(" ")[1];
    sum += held === undefined ? Number(resident ?? 0) * 4096 : Number(held) * 1024;
    pids.push(...childrenOf(pid));
  }
  return sum;
}

/** Each thread has its own. */
function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) => {
    const text = readSystemFile(`/proc/${pid}/task/${thread}/children`).trim();
    return text === "" ? [] : text.split(" ").map(Number);
  });
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch (error) {
    if (error instanceof Error && "code" in error) return [];
    throw error;
  }
}

/** How often the kernel ended a process of ours because memory ran out; undefined where it does not tell. */
export function memoryKills(): number | undefined {
  const groups = readSystemFile("/proc/self/cgroup");
  const [, one] = /^\d+:memory:(.*)$/m.exec(groups) ?? [];
  const [, two] = /^0::(.*)$/m.exec(groups) ?? [];
  const files = [`/sys/fs/cgroup${two}/memory.events`, `/sys/fs/cgroup/memory${one}/memory.oom_control`];
  const kills = files
    .map((file) => /^oom_kill (\d+)$/m.exec(readSystemFile(file))?.[1])
    .find((found) => found !== undefined);
  return kills === undefined ? undefined : Number(kills);
}
