import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";

// A file beside a database that lets no process of Flowdeck write while MLflow's own program upgrades it: what was written meanwhile
// would be lost if the upgrade failed.

const markOf = (path: string) => `${path}.upgrading`;

/** Asks every process of Flowdeck to hold its writes back; gives what ends that. Throws RESOURCE_CONFLICT. */
export function holdWritesBack(path: string): () => void {
  const mark = markOf(path);
  if (isBeingUpgraded(path)) {
    throw new MlflowError("RESOURCE_CONFLICT", `\`${basename(path)}\` is being upgraded already.`);
  }
  // What is there is of an upgrade that was ended from outside.
  rmSync(mark, { force: true });
  const file = openSync(mark, "wx");
  try {
    writeSync(file, String(process.pid));
  } finally {
    closeSync(file);
  }
  return () => rmSync(mark, { force: true });
}

/** Whether a process that still runs has asked so. Asked inside a transaction that writes, it stays so until its end. */
export function isBeingUpgraded(path: string): boolean {
  try {
    process.kill(Number(readFileSync(markOf(path), "utf8")), 0);
    return true;
  } catch (error) {
    // No such file or no such process; one of another user may not be asked, but is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
