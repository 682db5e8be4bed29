import { appendFileSync, chmodSync, renameSync, statSync } from "node:fs";
import { inspect } from "node:util";

/** Where the server says what no client is told. */
export interface Log {
  info(text: string): void;
  error(error: unknown): void;
}

/** What a terminal shows. */
export const terminalLog: Log = {
  info: (text) => console.log(text),
  error: (error) => console.error(error),
};

/** Bytes of a log file; as many again are kept in the one before it. */
const MAX_SIZE = 1024 * 1024;

/** A log in a file that only its owner reads; when it is full it becomes `FILE.1`, and the one before that is gone. */
export function fileLog(file: string, limit = MAX_SIZE): Log {
  const write = (text: string) => {
    try {
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (size >= limit) renameSync(file, `${file}.1`);
      appendFileSync(file, `${new Date().toISOString()} ${text.slice(0, limit)}\n`, { mode: 0o600 });
      if (size === 0 || size >= limit) chmodSync(file, 0o600);
    } catch (error) {
      // A full disk must not end the server that waits for room.
      console.error(error);
    }
  };
  return { info: write, error: (error) => write(inspect(error)) };
}
