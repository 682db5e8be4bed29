import { readdirSync, readFileSync } from "node:fs";

/**
 * Bytes that the processes of a group hold: each one's share of what it has in common with others, so that workers are not counted
 * for the same pages. Undefined where there is no proc(5).
 */
export function groupMemory(group: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  let sum = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name) || groupOf(name) !== group) continue;
    const held = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${name}/smaps_rollup`))?.[1];
    const resident = read(`/proc/${name}/statm`).split(" ")[1];
    sum += held === undefined ? Number(resident ?? 0) * 4096 : Number(held) * 1024;
  }
  return sum;
}

function groupOf(pid: string): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name before it may hold spaces and parentheses.
  return stat === "" ? undefined : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}

/** How often the kernel ended a process of ours because memory ran out; undefined where it does not tell. */
export function memoryKills(): number | undefined {
  const path = /^0::(.*)$/m.exec(read("/proc/self/cgroup"))?.[1];
  if (path === undefined) return undefined;
  const kills = /^oom_kill (\d+)$/m.exec(read(`/sys/fs/cgroup${path}/memory.events`))?.[1];
  return kills === undefined ? undefined : Number(kills);
}

/** Empty when it cannot be read: the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}
