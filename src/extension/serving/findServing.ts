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

/** Servers of a folder that this window does not hold: of those that are none of its stores', only what changed is read again. */
export class OtherServers {
  readonly #folder: string;
  /** By id: how the state file looked, and of which store it is; none of what says nothing to this machine. */
  readonly #read = new Map<string, { stamp: string; store: string | undefined }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Those of these ids and stores that there is something to say of; what is left of others of this machine is removed. */
  find(ids: readonly string[], stores: ReadonlySet<string>, now = Date.now()): ServeState[] {
    for (const id of this.#read.keys()) if (!ids.includes(id)) this.#read.delete(id);
    return ids.flatMap((id) => {
      const stats = statSync(stateFileOf(this.#folder, id), { throwIfNoEntry: false });
      if (stats === undefined) return [];
      const stamp = `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
      const known = this.#read.get(id);
      if (known?.stamp === stamp && !stores.has(known.store ?? "")) return [];
      const state = findServing(this.#folder, id, now - stats.mtimeMs);
      this.#read.set(id, { stamp, store: state?.server.store });
      return state !== undefined && stores.has(state.server.store) ? [state] : [];
    });
  }
}

/** The server of that id, whose state file is `age` ms old; undefined when there is nothing to say of it. */
function findServing(folder: string, id: string, age: number): ServeState | undefined {
  const state = readState(stateFileOf(folder, id));
  if (state === undefined) return undefined;
  if (isOfOtherHost(state.program)) {
    if (age > FORGOTTEN) removeServer(folder, id);
    return undefined;
  }
  if (!isOver(state) && isAlive(state.program)) return state;
  // What guarded it may have been ended, too.
  if (!isOver(state)) endMarked(id);
  // One that was to end with its window has ended with it, or with the machine.
  const isNews = isOver(state) ? age < REMEMBERED : state.server.keep;
  if (isNews) return isOver(state) ? state : abandoned(state);
  removeServer(folder, id);
  return undefined;
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
