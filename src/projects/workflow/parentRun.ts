// The run that a workflow or a sweep is: whoever owns it closes it, whatever happens.
import type { Run, RunStatus } from "../../mlflow/entities.ts";
import { asMlflowError } from "../../mlflow/errors.ts";
import { ownMark } from "../../processes/processes.ts";
import type { RunState } from "../request.ts";
import { forgetCreating } from "../state.ts";
import { closeLeftovers } from "./leftovers.ts";
import { claimRun } from "./ownership.ts";
import type { GroupContext } from "./request.ts";

/** How a workflow or a sweep ended; a stop is told by the context. */
export interface GroupResult {
  status: RunStatus;
  /** One sentence, when it failed. */
  problem?: string;
}

/** What is told of a run before it is opened, so that it does not stay open when its owner dies at that moment. */
export interface Opening {
  /** In which experiment it is about to be created; gives the start time to create it with. */
  creating(experiment_id: string): Promise<number>;
  /** A run that is there will be gone on with: it is this program's from now on. @throws MlflowError when it is another's. */
  claim(run_id: string): Promise<void>;
  /** It is about to be RUNNING again. */
  reopening(run: Run): Promise<void>;
}

/**
 * Opens a run and works for it to its end. Never throws: what went wrong is the state's `problem`. A stop is told at once,
 * since the terminal may be closing, and again when everything has ended.
 */
export async function ownRun(
  of: Pick<RunState, "projectFolder" | "entry_point" | "tracking_uri">,
  context: GroupContext,
  open: (opening: Opening) => Promise<{ run: Run; work: () => Promise<GroupResult> }>,
): Promise<RunState> {
  const runner = ownMark();
  const state: RunState = { format: 1, runner, started_at: Date.now(), ...of, status: "PREPARING", reported: true };
  await keep(state, context);
  const claims: Awaited<ReturnType<typeof claimRun>>[] = [];
  const opening: Opening = {
    creating: async (experiment_id) => {
      const start_time = Date.now();
      // Found by this if the runner dies before it hears of the id.
      state.creating = { experiment_id, start_time };
      await keep(state, context);
      return start_time;
    },
    claim: async (run_id) => {
      claims.push(await claimRun(run_id));
    },
    reopening: async ({ info: { run_id, experiment_id } }) => {
      Object.assign(state, { reported: false, run_id, experiment_id });
      await keep(state, context);
    },
  };
  try {
    const { run, work } = await open(opening);
    delete state.creating;
    const { run_id, experiment_id } = run.info;
    if (claims.length === 0) await opening.claim(run_id);
    Object.assign(state, { status: "RUNNING", reported: false, run_id, experiment_id });
    await keep(state, context);
    const result = await workOn(run_id, context, work);
    await closeBelow(run, context);
    await close(state, context, run_id, result);
  } catch (error) {
    state.status = context.stop.aborted ? "KILLED" : "FAILED";
    state.problem = asMlflowError(error).message;
    forgetCreating(state, error);
    // Whether it is RUNNING again nobody knows.
    if (state.run_id !== undefined)
      await close(state, context, state.run_id, { status: "FAILED", problem: state.problem });
  }
  for (const { give } of claims) await give();
  state.ended_at ??= Date.now();
  await keep(state, context);
  return state;
}

async function workOn(run_id: string, context: GroupContext, work: () => Promise<GroupResult>): Promise<GroupResult> {
  let early: Promise<unknown> = Promise.resolve();
  const tellKilled = () => {
    const killed = { run_id, status: "KILLED" as const, end_time: Date.now() };
    early = context.patientStore.updateRun(killed).catch((error: unknown) => error);
  };
  if (context.stop.aborted) tellKilled();
  context.stop.addEventListener("abort", tellKilled, { once: true });
  try {
    return await work();
  } catch (error) {
    return { status: "FAILED", problem: asMlflowError(error).message };
  } finally {
    context.stop.removeEventListener("abort", tellKilled);
    await early;
  }
}

/** Tells of runs that an earlier runner did not close. */
export function sayClosed({ say }: Pick<GroupContext, "say">, count: number): void {
  if (count > 0)
    say(`Flowdeck: ${count === 1 ? "1 run that was" : `${count} runs that were`} left RUNNING, now KILLED`);
}

/** A run below that its runner could not close, as while the server was away, has nobody else who would. */
async function closeBelow(run: Run, context: GroupContext): Promise<void> {
  try {
    const closed = await closeLeftovers(context.store, run, []);
    sayClosed(context, closed.length);
  } catch (error) {
    context.say(`Flowdeck: whether runs were left RUNNING cannot be told: ${asMlflowError(error).message}`);
  }
}

async function close(state: RunState, context: GroupContext, run_id: string, result: GroupResult): Promise<void> {
  const status = context.stop.aborted ? "KILLED" : result.status;
  state.status = status;
  state.ended_at = Date.now();
  if (result.problem !== undefined && status === "FAILED") state.problem = result.problem;
  // Written first: if the server does not hear of it, the next start tells it.
  await keep(state, context);
  try {
    await context.patientStore.updateRun({ run_id, status, end_time: state.ended_at });
    state.reported = true;
  } catch (error) {
    state.problem = `${asMlflowError(error).message} The run will be marked ${status} when Flowdeck next starts.`;
  }
}

/** A state that cannot be written, as on a full disk, must not keep the run from being closed. */
async function keep(state: RunState, context: GroupContext): Promise<void> {
  try {
    await context.changed(state);
  } catch (error) {
    context.say(`Flowdeck: the state of this run cannot be written: ${asMlflowError(error).message}`);
  }
}
