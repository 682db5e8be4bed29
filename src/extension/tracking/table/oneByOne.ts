import { MlflowError } from "../../../mlflow/errors.ts";

/** Does `act` with each run in turn, until one fails or `signal` aborts; `done` gets those it was done with. */
export async function oneByOne(
  run_ids: readonly string[],
  signal: AbortSignal,
  act: (run_id: string, place: number) => Promise<void>,
  done: string[] = [],
): Promise<void> {
  for (const [place, run_id] of run_ids.entries()) {
    if (signal.aborted) throw new MlflowError("CANCELLED", "The person cancelled it.");
    await act(run_id, place);
    done.push(run_id);
  }
}
