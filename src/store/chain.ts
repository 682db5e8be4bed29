import { setImmediate } from "node:timers/promises";
import { MlflowError } from "../mlflow/errors.ts";

/** Between two statements of a long read: lets other requests pass. Throws CANCELLED when `signal` has aborted. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new MlflowError("CANCELLED", "The request was cancelled.");
}
