import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { withoutCredentials } from "../projects/git.ts";
import type { RunState } from "../projects/request.ts";
import type { Tracking } from "../projects/runOptions.ts";
import { print, resultLine, stopOnSignals } from "../projects/terminal.ts";
import { closeLeftovers, isGroup } from "../projects/workflow/leftovers.ts";
import type { GroupContext } from "../projects/workflow/request.ts";
import { restStore } from "../store/rest/store.ts";
import { startLocalServer } from "./localServer.ts";
import { openRunFile } from "./runFiles.ts";

interface Server {
  tracking_uri: string;
  token?: string;
}

/** ms that a run goes on trying to tell its end to a server which went away. */
const PATIENCE = 60_000;

type Work = (server: Server, context: GroupContext) => Promise<RunState>;

/** Whether what runs on the tracking server finished; a server of its own is started for a database, and `load` called meanwhile. */
export async function withServer(tracking: Tracking, load: () => Work | Promise<Work>): Promise<boolean> {
  const stop = stopOnSignals();
  const starting = tracking.kind === "database" ? startLocalServer(serverProgram(), tracking.file) : undefined;
  const [local, run] = await Promise.all([starting, load()]);
  try {
    const { tracking_uri, token } = tracking.kind === "server" ? tracking : { ...local };
    if (tracking_uri === undefined) return false;
    const server = { tracking_uri, ...(token === undefined ? {} : { token }) };
    const store = restStore(server);
    // A server of its own that is gone does not come back by itself.
    const patientStore = local === undefined ? restStore({ ...server, patience: PATIENCE }) : store;
    const place = tracking.kind === "database" ? placeOf(tracking.file) : withoutCredentials(tracking_uri);
    const file = await openRunFile(place, store, print);
    const { changed } = file;
    const state = await run(server, { store, patientStore, say: print, changed, stop });
    if (tracking.kind === "database" && !state.reported) await tellLate(state, tracking.file);
    await file.done(state);
    print(resultLine(state));
    return state.status === "FINISHED";
  } finally {
    closeUnused();
    await local?.stop();
  }
}

/** The server of this run died before it heard of the end: another one is told. What fails here is told by the next start. */
async function tellLate(state: RunState, database: string): Promise<void> {
  const { run_id, status, ended_at: end_time } = state;
  if (run_id === undefined || status === "PREPARING" || end_time === undefined) return;
  try {
    const server = await startLocalServer(serverProgram(), database);
    try {
      const store = restStore(server);
      const run = await store.getRun({ run_id });
      if (isGroup(run)) await closeLeftovers(store, run, []);
      await store.updateRun({ run_id, status, end_time });
      state.reported = true;
      state.problem = `Its tracking server died, so that what it logged afterwards is lost.`;
    } finally {
      await server.stop();
    }
  } catch (error) {
    print(`Flowdeck: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The connections that are kept for a next request, which there is none: a server that ends waits a moment for them. */
function closeUnused(): void {
  process.getBuiltinModule("node:http").globalAgent.destroy();
}

/** By its real path, as a window names a store: it may find what this run leaves behind. */
function placeOf(database: string): string {
  return `sqlite:///${existsSync(database) ? realpathSync(database) : database}`;
}

/** The tracking server's program: beside the bundle, or in the sources. */
function serverProgram(): string {
  const bundled = join(import.meta.dirname, "server.js");
  return existsSync(bundled) ? bundled : join(import.meta.dirname, "../server/main.ts");
}
