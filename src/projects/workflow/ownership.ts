// Who owns the run of a workflow or a sweep: one program, from its first tag to its last. Its tags name the owner; a claim on this
// machine keeps two from taking it at once.
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { tagOf, type KeyValue, type Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { giveClaim, holderOf, stateOfClaim, takeClaim } from "../claim.ts";
import { stateFolder } from "../stateFolder.ts";
import { isOfThisMachine } from "../uriText.ts";
import type { GroupStore } from "./request.ts";

/** ms in which somebody on another machine, who looked before our name stood there, will have written theirs. */
const SETTLE = 300;

/** Claims the run for this program until `give` is called. @throws MlflowError when another program of this machine has it. */
export async function claimRun(run_id: string): Promise<{ give(): Promise<void> }> {
  const folder = join(stateFolder(), "owners");
  const file = join(folder, encodeURIComponent(run_id));
  let taken: Awaited<ReturnType<typeof takeClaim>>;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    taken = await takeClaim(file);
  } catch {
    // Where nothing can be written the tags alone tell of the owner.
    return { give: () => Promise.resolve() };
  }
  // What cannot be removed there holds nobody up.
  await removeDead(folder).catch(() => undefined);
  if (taken !== undefined) return { give: () => giveClaim(file) };
  const holder = await holderOf(file).catch(() => undefined);
  const who = holder === undefined ? "another process" : `process ${holder}`;
  throw new MlflowError("INVALID_STATE", `The run ${run_id} is being run by ${who}; stop that one first.`);
}

/** What owners left behind that were ended without warning. */
async function removeDead(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if ((await stateOfClaim(file)) === "dead" && (await takeClaim(file)) !== undefined) await giveClaim(file);
  }
}

/** Writes the tag that names this program as the owner. @throws MlflowError when another machine has taken the run meanwhile. */
export async function nameOwner(store: GroupStore, tracking_uri: string, run: Run, tag: KeyValue): Promise<void> {
  const { run_id, run_name } = run.info;
  await store.logBatch({ run_id, metrics: [], params: [], tags: [tag] });
  if (isOfThisMachine(tracking_uri)) return;
  await pause(SETTLE);
  const { data } = await store.getRun({ run_id });
  if (data.tags.some(({ key, value }) => key === tag.key && value === tag.value)) return;
  throw new MlflowError("INVALID_STATE", `${run_name} was taken up on another machine a moment ago.`);
}

/**
 * Names this program as the owner, as `nameOwner` does, and prepares what is gone on with. Where that fails the owner of before is
 * named again: this program may wait in its terminal for a key, and would seem to be at work on the run for as long.
 */
export async function prepareOwned<T>(
  store: GroupStore,
  tracking_uri: string,
  run: Run,
  tag: KeyValue,
  prepare: () => Promise<T>,
): Promise<T> {
  await nameOwner(store, tracking_uri, run, tag);
  try {
    return await prepare();
  } catch (error) {
    // A server that is away hears of it no more.
    await giveBack(store, run, tag).catch(() => undefined);
    throw error;
  }
}

async function giveBack(store: GroupStore, run: Run, tag: KeyValue): Promise<void> {
  const { run_id } = run.info;
  const value = tagOf(run, tag.key);
  // Another machine may have taken it meanwhile.
  const isOurs = tagOf(await store.getRun({ run_id }), tag.key) === tag.value;
  if (isOurs && value !== undefined)
    await store.logBatch({ run_id, metrics: [], params: [], tags: [{ key: tag.key, value }] });
}
