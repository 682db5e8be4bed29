// Entry: one run of a project, a workflow or a sweep, in a terminal. `node dist/runner.js --request FILE [--wait-for-key] [--follow]`
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { asMlflowError } from "../mlflow/errors.ts";
import { restStore } from "../store/rest/store.ts";
import { readRequest, type AnyRequest } from "./requestFile.ts";
import type { RunState } from "./request.ts";
import { runProject } from "./run.ts";
import { runSweep } from "./sweep/runSweep.ts";
import type { GroupContext } from "./workflow/request.ts";
import { runWorkflow } from "./workflow/runWorkflow.ts";
import { followRun } from "./followedRun.ts";
import { stateFileOf, writeState } from "./state.ts";
import { boundOutput, print, resultLine, stopOnSignals, waitForKey } from "./terminal.ts";

/** ms that a run goes on trying to tell its end to a server which went away. */
const PATIENCE = 60_000;

const OPTIONS = {
  request: { type: "string" },
  "wait-for-key": { type: "boolean" },
  // The run is another process, which outlives this one.
  follow: { type: "boolean" },
  // What it prints goes to a file.
  bounded: { type: "boolean" },
} as const;

const code = await main();
// Who waited for a key has read how it ended; of any other code than 0 VS Code tells once more, with the whole command line.
process.exitCode = process.argv.includes("--wait-for-key") ? 0 : code;

/** 0: the run FINISHED; 1: it did not; 2: it was not understood. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.request === undefined) {
    print("Usage: runner --request FILE [--wait-for-key]");
    return 2;
  }
  const stop = stopOnSignals();
  const wait = () => (values["wait-for-key"] === true ? waitForKey("Press any key to close.", stop) : undefined);
  if (values.follow === true) {
    const finished = await followRun(process.argv[1] ?? "", values.request, stop);
    await wait();
    return finished === true || stop.aborted ? 0 : 1;
  }
  if (values.bounded === true) boundOutput();
  try {
    const request = await readRequest(values.request);
    // It may hold a token, and is never needed again.
    await rm(values.request, { force: true });
    const state = await run(request, stateFileOf(values.request), stop);
    await wait();
    // Still RUNNING is what another backend is at work on.
    return state.status === "FINISHED" || state.status === "RUNNING" ? 0 : 1;
  } catch (error) {
    print(`Flowdeck: ${asMlflowError(error).message}`);
    await wait();
    return 2;
  }
}

async function run(request: AnyRequest, stateFile: string, stop: AbortSignal): Promise<RunState> {
  const { tracking_uri, token } = request;
  const server = { tracking_uri, ...(token === undefined ? {} : { token }) };
  const context: GroupContext = {
    store: restStore(server),
    patientStore: restStore({ ...server, patience: PATIENCE }),
    say: print,
    changed: (changed) => writeState(stateFile, changed),
    stop,
  };
  const state = await start(request, context);
  print(resultLine(state));
  return state;
}

async function start(request: AnyRequest, context: GroupContext): Promise<RunState> {
  if (!("kind" in request)) return runProject(request, context);
  if (request.kind === "sweep") return runSweep(request, context);
  // Paths in a workflow file count from its folder.
  process.chdir(dirname(request.file));
  return runWorkflow(request, context);
}
