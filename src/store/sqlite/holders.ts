import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** Another process that has a file open. */
export interface Holder {
  pid: number;
  /** Its program, such as `python3.11`. */
  name: string;
}

/**
 * Programs of another kind that have the file open, as far as the system tells: only Linux does. Processes that run the
 * same executable as this one are Flowdeck's own, which hold their writes back and notice an upgrade.
 */
export function otherHolders(path: string): Holder[] {
  if (process.platform !== "linux") return [];
  const { dev, ino } = statSync(path);
  const isFile = (link: string) => {
    const stats = orNothing(() => statSync(link));
    return stats?.dev === dev && stats.ino === ino;
  };
  const own = orNothing(() => readlinkSync("/proc/self/exe"));
  return readdirSync("/proc").flatMap((pid): Holder[] => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    const exe = orNothing(() => readlinkSync(`/proc/${pid}/exe`));
    if (exe === undefined || exe === own) return [];
    const files = orNothing(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
    if (!files.some((file) => isFile(`/proc/${pid}/fd/${file}`))) return [];
    const name = orNothing(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim()) ?? "a program";
    return [{ pid: Number(pid), name }];
  });
}

/** Processes end while they are looked at, and those of others may not be looked into. */
function orNothing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    // Whatever the reason, nothing can be told of it.
    return undefined;
  }
}
