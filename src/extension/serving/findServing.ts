// What state files tell of servers that this window does not hold. No vscode.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { endMarked } from "../../models/serving/marked.ts";
import { readState, removeServer, stateFileOf } from "../../models/serving/stateFile.ts";
import { isAlive, isOfOtherHost } from "../../processes/processes.ts";
import type { ServeState } from "../../protocol/serving.ts";
import { abandoned, isOver } from "./heldServer.ts";

/** ms that a failed server is remembered. */
const REMEMBERED = 24 * 3_600_000;
/** ms after which nothing is left of a server of another machine: of a container, as a rule, which is no more. */
const FORGOTTEN = 30 * REMEMBERED;

/** The servers of these ids that there is something to say of; what is left of others of this machine is removed. */
export function findServing(folder: string, ids: readonly string[], now = Date.now()): ServeState[] {
  return ids.flatMap((id) => {
    const file = stateFileOf(folder, id);
    const state = readState(file);
    if (state === undefined) return [];
    const age = now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (isOfOtherHost(state.program)) {
      if (age > FORGOTTEN) removeServer(folder, id);
      return [];
    }
    if (!isOver(state) && isAlive(state.program)) return [state];
    // What guarded it may have been ended, too.
    if (!isOver(state)) endMarked(id);
    // One that was to end with its window has ended with it, or with the machine.
    const isNews = isOver(state) ? age < REMEMBERED : state.server.keep;
    if (isNews) return [isOver(state) ? state : abandoned(state)];
    removeServer(folder, id);
    return [];
  });
}

/** Ports of the servers that live, whichever window and store they are of, with their titles: one may be about to listen at its own. */
export function servedPorts(folder: string): Map<number, string> {
  const states = readdirSync(folder).flatMap((name) => {
    const state = name.endsWith(".json") ? readState(join(folder, name)) : undefined;
    return state === undefined || isOver(state) || isOfOtherHost(state.program) ? [] : state;
  });
  return new Map(
    states.filter(({ program }) => isAlive(program)).map(({ server: { port, title } }) => [port, title] as const),
  );
}
