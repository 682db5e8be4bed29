import assert from "node:assert/strict";
import type { Metric } from "../../src/mlflow/entities.ts";
import { asMlflowError, type ErrorCode } from "../../src/mlflow/errors.ts";
import type { StoreMethods } from "../../src/store/store.ts";

export type ContractStore = StoreMethods;

/** Expects MLflow's error, by its code and words of its message. */
export async function refuses(call: Promise<unknown>, error_code: ErrorCode, words: string | RegExp): Promise<void> {
  const error = await call.then(
    () => assert.fail(`expected ${error_code}`),
    (reason: unknown) => asMlflowError(reason),
  );
  assert.equal(error.error_code, error_code, error.message);
  if (typeof words === "string") assert.ok(error.message.includes(words), error.message);
  else assert.match(error.message, words);
}

let counter = 0;
/** A name nobody has used yet. */
export const fresh = (word: string) => `${word}-${++counter}`;
/** A metric point; the timestamp is in ms since the epoch. */
export const metric = (key: string, value: number, step = 0, timestamp = 1_000): Metric => ({
  key,
  value,
  step,
  timestamp,
});

/** Creates an experiment and gives its id. */
export async function newExperiment(store: ContractStore): Promise<string> {
  return (await store.createExperiment({ name: fresh("experiment") })).experiment_id;
}

/** Creates a running run and gives its id. */
export async function newRun(store: ContractStore, experiment_id?: string, run_name?: string): Promise<string> {
  const experiment = experiment_id ?? (await newExperiment(store));
  const named = run_name === undefined ? {} : { run_name };
  const run = await store.createRun({
    experiment_id: experiment,
    user_id: "ada",
    start_time: 5_000 + ++counter,
    ...named,
  });
  return run.info.run_id;
}

/** A batch that logs nothing. */
export const nothing = { metrics: [], params: [], tags: [] };
