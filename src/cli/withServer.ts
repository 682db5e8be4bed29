import { existsSync } from "node:fs";
import { join } from "node:path";
import { withoutCredentials } from "../projects/git.ts";
import type { RunState } from "../projects/request.ts";
import type { Tracking } from "../projects/runOptions.ts";
import { print, resultLine, stopOnSignals } from "../projects/terminal.ts";
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

/** Whether what runs on the tracking server finished; a server of its own is started for a database. */
export async function withServer(
  tracking: Tracking,
  run: (server: Server, context: GroupContext) => Promise<RunState>,
): Promise<boolean> {
  const stop = stopOnSignals();
  const local = tracking.kind === "database" ? await startLocalServer(serverProgram(), tracking.file) : undefined;
  try {
    const { tracking_uri, token } = tracking.kind === "server" ? tracking : { ...local };
    if (tracking_uri === undefined) return false;
    const server = { tracking_uri, ...(token === undefined ? {} : { token }) };
    const store = restStore(server);
    const patientStore = restStore({ ...server, patience: PATIENCE });
    const place = tracking.kind === "database" ? `sqlite:///${tracking.file}` : withoutCredentials(tracking_uri);
    const file = await openRunFile(place, store);
    const { changed } = file;
    const state = await run(server, { store, patientStore, say: print, changed, stop });
    await file.done(state);
    print(resultLine(state));
    return state.status === "FINISHED";
  } finally {
    await local?.stop();
  }
}

/** The tracking server's program: beside the bundle, or in the sources. */
function serverProgram(): string {
  const bundled = join(import.meta.dirname, "server.js");
  return existsSync(bundled) ? bundled : join(import.meta.dirname, "../server/main.ts");
}
