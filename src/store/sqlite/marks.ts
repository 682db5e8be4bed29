import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";

// Files beside a database that tell the other processes of Flowdeck what one of them does to it. One that was ended from outside
// leaves a mark that counts for nothing.

/** Makes the mark of this process; gives what removes it, or undefined while another process has it. */
export function takeMark(mark: string): (() => void) | undefined {
  if (isMarked(mark)) return undefined;
  // What is there is of a process that was ended.
  rmSync(mark, { force: true });
  let file: number;
  try {
    file = openSync(mark, "wx");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
  try {
    writeSync(file, String(process.pid));
  } catch (error) {
    rmSync(mark, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return () => rmSync(mark, { force: true });
}

/** Whether a process that still runs has the mark. */
function isMarked(mark: string): boolean {
  // Asked at every write: most often there is none.
  if (!existsSync(mark)) return false;
  try {
    const pid = Number(readFileSync(mark, "utf8"));
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    // It was removed, or its process has ended; one of another user may not be asked, but is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Lets no process of Flowdeck write while MLflow's own program upgrades the database, since what was written would be lost if that
 * failed; gives what ends it. Throws RESOURCE_CONFLICT.
 */
export function holdWritesBack(path: string): () => void {
  const release = takeMark(`${path}.upgrading`);
  if (release !== undefined) return release;
  throw new MlflowError("RESOURCE_CONFLICT", `\`${basename(path)}\` is being upgraded already.`);
}

/** Whether writes are held back. Asked inside a transaction that writes, the answer holds until its end. */
export function isBeingUpgraded(path: string): boolean {
  return isMarked(`${path}.upgrading`);
}
