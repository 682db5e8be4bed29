import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";

/** Makes a folder for a while, whose name begins with `prefix`. @throws MlflowError in one sentence. */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  const parent = tmpdir();
  try {
    return await mkdtemp(join(parent, prefix));
  } catch (cause) {
    const message = `The folder for temporary files, ${parent}, cannot be written; set TMPDIR to another.`;
    throw new MlflowError("IO_ERROR", message, { cause });
  }
}

/** What is told of a failure to fetch a project that came, be it by another error, of a full disk; undefined for any other. */
export function noSpaceLeft(error: unknown): MlflowError | undefined {
  if (!(error instanceof Error)) return undefined;
  const isFull = "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
  if (!isFull) return noSpaceLeft(error.cause);
  const message = `There is no space left in ${tmpdir()} for this project; make room there, or set TMPDIR to another folder.`;
  return new MlflowError("IO_ERROR", message, { cause: error });
}
