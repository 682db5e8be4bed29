import { spawnSync } from "node:child_process";
import { statfsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, whenOver } from "./environment.ts";

/** A disk of its own, as small as asked for; undefined where this account may not mount one. */
export function smallDisk(megabytes: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  const folder = temporaryFolder();
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "flowdeck-test", folder]);
  if (status !== 0) return undefined;
  // Lazily, for programs that are being stopped may still have files there.
  whenOver(() => spawnSync("umount", ["-l", folder]));
  return folder;
}

/** Takes all room but `bytes`; gives it back when called. */
export function fillDisk(folder: string, bytes: number): () => void {
  const { bavail, bsize } = statfsSync(folder);
  const ballast = join(folder, "ballast");
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
  return () => rmSync(ballast);
}
