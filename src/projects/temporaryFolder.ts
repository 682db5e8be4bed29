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
