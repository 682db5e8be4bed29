// What state files tell of servers that this window does not hold. No vscode.
import { statSync } from "node:fs";
import { readState, removeServer, stateFileOf } from "../../models/serving/stateFile.ts";
import { isAlive } from "../../processes/processes.ts";
import type { ServeState } from "../../protocol/serving.ts";
import { abandoned, isOver } from "./heldServer.ts";

/** ms that a failed server is remembered. */
const REMEMBERED = 24 * 3_600_000;

/** The servers of these ids that there is something to say of; what is left of others is removed. */
export function findServing(folder: string, ids: readonly string[], now = Date.now()): ServeState[] {
  return ids.flatMap((id) => {
    const file = stateFileOf(folder, id);
    const state = readState(file);
    if (state === undefined) return [];
    if (!isOver(state) && isAlive(state.program)) return [state];
    const age = now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    // One that was to end with its window has ended with it, or with the machine.
    const isNews = isOver(state) ? age < REMEMBERED : state.server.keep;
    if (isNews) return [isOver(state) ? state : abandoned(state)];
    removeServer(folder, id);
    return [];
  });
}
