import { chmod, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isOpen, RUN_TAG, type Run } from "../mlflow/entities.ts";
import { asMlflowError, MlflowError } from "../mlflow/errors.ts";
import type { TrackingStore } from "../store/trackingStore.ts";
import { endGroupOf, isAlive, isOfOtherHost } from "../processes/processes.ts";
import { removeAbandonedOutputs } from "./keptOutput.ts";
import { runnerOf, runnerStateOf } from "./workflow/control.ts";
import { closeLeftovers, commandsOf, isGroup } from "./workflow/leftovers.ts";
import type { RunState } from "./request.ts";

// State files: what runners tell of themselves, for the editor while they live and for `closeAbandoned` when they died.

const SUFFIX = ".state.json";

/** The state file beside a request file. */
export function stateFileOf(requestFile: string): string {
  return baseOf(requestFile) + SUFFIX;
}

/** The request file that a state file belongs to. */
export function requestFileOf(stateFile: string): string {
  return `${stateFile.slice(0, -SUFFIX.length)}.json`;
}

/** What a run of this request file prints, when it outlives its terminal. */
export function logFileOf(requestFile: string): string {
  return `${baseOf(requestFile)}.log`;
}

/** Holds the pid of the terminal's program that follows it. */
export function followerFileOf(requestFile: string): string {
  return `${baseOf(requestFile)}.follower`;
}

function baseOf(requestFile: string): string {
  return requestFile.replace(/\.json$/, "");
}

/** Replaces the file as a whole; a reader sees the old state or the new one. */
export async function writeState(file: string, state: RunState): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}

/** Of a server that did not answer nobody knows whether it created the run: the next start looks, and closes what is there. */
export function forgetCreating(state: RunState, error: unknown): void {
  if (state.creating !== undefined && isUnsure(error)) state.reported = false;
  else delete state.creating;
}

function isUnsure(error: unknown): boolean {
  return ["TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR"].includes(asMlflowError(error).error_code);
}

export interface StoredState {
  file: string;
  state: RunState;
}

/** The state files of a folder, newest first; [] when there is no such folder. Files that are not ours are passed over. */
export async function readStates(folder: string): Promise<StoredState[]> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith(SUFFIX));
  const read = await Promise.all(names.map((name) => readState(join(folder, name))));
  return read.filter((stored) => stored !== undefined).toSorted((a, b) => b.state.started_at - a.state.started_at);
}

/** The run goes on here: its runner lives, or its command does. */
export function isRunning(state: RunState): boolean {
  if (isOfOtherHost(state.runner)) return false;
  return isAlive(state.runner) || (state.command !== undefined && isAlive(state.command));
}

/** Asks the runner to stop, which ends its command; a command that goes on without its runner is ended here. */
export async function askToStop({ runner, command }: RunState): Promise<void> {
  if (isAlive(runner)) process.kill(runner.pid, "SIGTERM");
  else if (command !== undefined) await endGroupOf(command);
}

/** By run: whether its runner or its command lives, as far as the state files of a folder tell; runs that were closed are not told. */
export async function runnersIn(folder: string): Promise<Map<string, "alive" | "gone">> {
  const found = new Map<string, "alive" | "gone">();
  for (const { state } of await readStates(folder)) {
    if (state.run_id === undefined || state.reported || found.has(state.run_id) || isOfOtherHost(state.runner))
      continue;
    found.set(state.run_id, isRunning(state) ? "alive" : "gone");
  }
  return found;
}

/** ms for which the file of a runner that died waits for the store of its run. */
const KEPT = 30 * 24 * 3_600_000;

/** What closing asks of a store. */
export type ClosingStore = Pick<TrackingStore, "getRun" | "updateRun" | "searchRuns">;

/**
 * Closes the runs whose runner died before it could tell the tracking server, with the status it meant to tell or KILLED,
 * with the runs below those of a workflow or a sweep, and removes the state files of runners that ended, and the outputs that those
 * left among the temporary files. A run that was closed otherwise stays as it is. `serves` says whether `store` holds the runs of a
 * tracking URI. A run that it holds although it is told otherwise, as when its server had another address before, is closed as well;
 * its file stays, since the store may be a copy of the one that was meant.
 */
export async function closeAbandoned(
  folder: string,
  store: ClosingStore,
  serves: (tracking_uri: string) => boolean = () => true,
): Promise<string[]> {
  await removeAbandonedOutputs();
  const closed: string[] = [];
  const states = await readStates(folder);
  const living = new Set(states.flatMap(({ state }) => (isRunning(state) ? (state.run_id ?? []) : [])));
  for (const { file, state } of states) {
    if (isRunning(state)) continue;
    // In a folder that machines share: whoever runs there closes it.
    if (isOfOtherHost(state.runner) && Date.now() - state.started_at < KEPT) continue;
    const isOfStore = serves(state.tracking_uri);
    const { creating } = state;
    if (creating !== undefined && !isOfStore) continue;
    const run_id = creating === undefined ? state.run_id : await createdRun(store, creating);
    // Another runner may have gone on with it since.
    const isOpen = (!state.reported || state.creating !== undefined) && !living.has(run_id ?? "");
    if (isOpen && run_id !== undefined && (await close(store, state, run_id))) closed.push(run_id);
    if (!isOfStore && Date.now() - state.started_at < KEPT) continue;
    const requestFile = requestFileOf(file);
    for (const one of [file, logFileOf(requestFile), followerFileOf(requestFile)]) await rm(one, { force: true });
  }
  return closed;
}

/** The run whose id its runner did not live to hear of: nothing but its place and its start is known. */
async function createdRun(
  store: ClosingStore,
  { experiment_id, start_time }: NonNullable<RunState["creating"]>,
): Promise<string | undefined> {
  const filter = `attributes.start_time = ${start_time} AND attributes.status = 'RUNNING' AND tags.\`${RUN_TAG.sourceType}\` = 'PROJECT'`;
  const { items } = await store.searchRuns({ experiment_ids: [experiment_id], filter });
  return items.length === 1 ? items[0]?.info.run_id : undefined;
}

async function close(store: ClosingStore, state: RunState, run_id: string): Promise<boolean> {
  try {
    const run = await store.getRun({ run_id });
    const { info } = run;
    if (isOfAnother(run, state.runner)) return false;
    const status = state.status === "FINISHED" || state.status === "FAILED" ? state.status : "KILLED";
    if (isGroup(run) || status === "KILLED") await closeLeftovers(store, run, commandsOf(run));
    if (!isOpen(info)) return false;
    await store.updateRun({ run_id, status, end_time: state.ended_at ?? Date.now() });
    return true;
  } catch (error) {
    // Deleted for good meanwhile, or of another store: there is nothing to close.
    if (error instanceof MlflowError && error.error_code === "RESOURCE_DOES_NOT_EXIST") return false;
    throw error;
  }
}

/** Whether a workflow or a sweep is another runner's by now, which lives or may live. */
function isOfAnother(run: Run, { pid, started }: RunState["runner"]): boolean {
  const owner = runnerOf(run);
  if (owner === undefined || (owner.pid === pid && owner.started === started)) return false;
  return runnerStateOf(owner) !== "gone";
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** The border: undefined for a file that vanished or holds something else. */
export async function readState(file: string): Promise<StoredState | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof value !== "object" || value === null || !("format" in value) || value.format !== 1) return undefined;
    return { file, state: value as RunState };
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "code" in error && error.code === "ENOENT"))
      return undefined;
    throw error;
  }
}
