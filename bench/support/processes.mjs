// What a server costs: CPU time and memory of a process and everything it started, from Linux's /proc.
import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second of /proc/<pid>/stat: 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Ids of `pid` and of all its descendants that are alive. */
export function treeOf(pid) {
  const children = new Map();
  for (const name of readdirSync("/proc")) {
    const found = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (found) children.set(found.parent, [...(children.get(found.parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i]) ?? []));
  return tree;
}

/** CPU time in ms that the tree has used, its ended and awaited children included. */
export function cpuOf(pid) {
  return treeOf(pid).reduce((sum, each) => sum + (statOf(each)?.cpu ?? 0), 0);
}

/** Proportional share of memory (PSS) of the tree, in MB. */
export function memoryOf(pid) {
  const sizes = treeOf(pid).map((each) => {
    try {
      const rollup = readFileSync(`/proc/${each}/smaps_rollup`, "utf8");
      return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    } catch {
      // It has ended since the tree was listed.
      return 0;
    }
  });
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** Greatest memory of its own that the process has had, in MB. */
export function peakMemoryOf(pid) {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { parent: Number(fields[1]), cpu: (ticks * 1000) / TICKS };
  } catch {
    return undefined;
  }
}
