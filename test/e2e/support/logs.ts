import { cpSync, existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The extension's own log of the newest extension host, or "" before its first line. */
export function extensionLog(userData: string): string {
  const files = globSync(join(userData, "logs/*/exthost*/flowdeck.flowdeck/*.log"));
  const newest = files.sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).at(-1);
  return newest === undefined ? "" : readFileSync(newest, "utf8");
}

/** Copies every log to `folder`, for a person to read after a failure. */
export function keepLogs(userData: string, folder: string): void {
  const logs = join(userData, "logs");
  if (existsSync(logs)) cpSync(logs, folder, { recursive: true });
}
