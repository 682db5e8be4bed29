import type { Platform } from "../../platform/platform.ts";
import { withProgress } from "../../platform/progress.ts";
import { askText } from "../../platform/questions.ts";
import type { StoreHandle } from "../../stores/stores.ts";
import { countText } from "../format.ts";
import { nameByPattern, tagKeyProblem } from "../names.ts";
import { offerUndo } from "../undo.ts";
import { oneByOne } from "./oneByOne.ts";

// What is done with several runs at once. Each run is one call: a store that fails in between has done the ones before.

/** Name of many runs: `{n}` counts them, `{name}` is the name before. */
export async function renameRuns({ remote }: StoreHandle, run_ids: string[]): Promise<void> {
  const [first = ""] = run_ids;
  const several = run_ids.length > 1;
  const before = several ? "{name}" : (await remote.getRun({ run_id: first })).info.run_name;
  const pattern = await askText({
    title: several ? `Names of ${run_ids.length} Runs` : "Name of the Run",
    ...(several ? { prompt: "{n} counts the runs, {name} is the name before, such as sweep-{n}." } : {}),
    value: before,
    validateInput: (text) => (text.trim() === "" ? "A run has a name." : undefined),
  });
  if (pattern === undefined || pattern === before) return;
  await withProgress(`Renaming ${countText(run_ids.length, "run")}`, (signal) =>
    oneByOne(run_ids, signal, async (run_id, place) => {
      const name = pattern.includes("{name}") ? (await remote.getRun({ run_id })).info.run_name : "";
      await remote.updateRun({ run_id, run_name: several ? nameByPattern(pattern, place + 1, name) : pattern });
    }),
  );
}

export async function tagRuns({ remote }: StoreHandle, run_ids: string[]): Promise<void> {
  const of = run_ids.length > 1 ? ` of ${run_ids.length} Runs` : "";
  const key = await askText({ title: `Key of the Tag${of}`, validateInput: tagKeyProblem });
  if (key === undefined) return;
  const value = await askText({ title: `Value of ${key}${of}` });
  if (value === undefined) return;
  await withProgress(`Setting ${key} of ${countText(run_ids.length, "run")}`, (signal) =>
    oneByOne(run_ids, signal, (run_id) => remote.setTag({ run_id, key, value })),
  );
}

/** Deleted runs stay in the store, and come back by Undo. Returns those that are deleted: not all where the person cancelled. */
export async function deleteRuns(platform: Platform, store: StoreHandle, run_ids: string[]): Promise<string[]> {
  const deleted: string[] = [];
  const running: { work?: Promise<void>; signal?: AbortSignal } = {};
  try {
    await withProgress(`Deleting ${countText(run_ids.length, "run")}`, (signal) => {
      running.signal = signal;
      running.work = oneByOne(run_ids, signal, (run_id) => store.remote.deleteRun({ run_id }), deleted);
      return running.work;
    });
  } catch (error) {
    if (running.signal?.aborted !== true) throw error;
  } finally {
    // Cancel answers at once, while one more run is being deleted.
    await running.work?.catch(() => undefined);
    if (deleted.length > 0) platform.background("undo of a deletion", offerRestoring(platform, store, deleted));
  }
  return deleted;
}

async function offerRestoring(platform: Platform, store: StoreHandle, deleted: string[]): Promise<void> {
  const [first = ""] = deleted;
  const told =
    deleted.length === 1
      ? `${(await store.remote.getRun({ run_id: first })).info.run_name} is deleted.`
      : `${countText(deleted.length, "run")} are deleted.`;
  offerUndo(platform, told, () => restoreRuns(store, deleted));
}

export async function restoreRuns({ remote }: StoreHandle, run_ids: string[]): Promise<void> {
  await withProgress(`Restoring ${countText(run_ids.length, "run")}`, (signal) =>
    oneByOne(run_ids, signal, (run_id) => remote.restoreRun({ run_id })),
  );
}
