import { access, constants, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RunState } from "../projects/request.ts";
import { closeAbandoned, writeState, type ClosingStore } from "../projects/state.ts";
import { runFolder } from "../projects/stateFolder.ts";

// What runs of the command line leave behind while they go on: whoever runs next closes those whose runner died.

export interface RunFile {
  /** For `RunContext.changed`. */
  changed(state: RunState): Promise<void>;
  /** Removes the file of a run whose end the server knows. */
  done(state: RunState): Promise<void>;
}

/**
 * Closes what earlier runs left RUNNING in the same store, and keeps the state of a new one. `place` names the store: the server of a
 * database has another address each time. Where the state cannot be kept, `say` is told so and the run goes on without.
 */
export async function openRunFile(place: string, store: ClosingStore, say: (line: string) => void): Promise<RunFile> {
  const folder = runFolder();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch {
    say(
      `Flowdeck: ${folder} cannot be written, so that this run stays RUNNING if it is killed; XDG_STATE_HOME names another place.`,
    );
    return { changed: () => Promise.resolve(), done: () => Promise.resolve() };
  }
  // What keeps it from being told, as a server that is away, is told by the run itself; their turn comes with the next one.
  await closeAbandoned(folder, store, (tracking_uri) => tracking_uri === place).catch(() => []);
  const file = join(folder, `${process.pid}-${Date.now()}.state.json`);
  return {
    changed: (state) => writeState(file, { ...state, tracking_uri: place }),
    done: (state) => (state.reported ? rm(file, { force: true }) : Promise.resolve()),
  };
}
