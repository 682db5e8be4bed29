import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { print, resultLine, stopOnSignals } from "../projects/terminal.ts";
import { planWorkflow } from "../projects/workflow/describe.ts";
import { readWorkflowOptions, WORKFLOW_USAGE, type WorkflowOptions } from "../projects/workflow/options.ts";
import { runWorkflow } from "../projects/workflow/runWorkflow.ts";
import { restStore } from "../store/rest/store.ts";
import { startLocalServer } from "./localServer.ts";
import { sayIfItFails, serverProgram } from "./run.ts";

/** ms that a workflow goes on trying to tell its end to a server which went away. */
const PATIENCE = 60_000;

/** `flowdeck workflow …`; exit codes: 0 every step finished, 1 not, 2 not understood. */
export async function workflowCommand([verb, ...args]: string[]): Promise<number> {
  if (verb === "--help" || args.includes("--help")) {
    print(WORKFLOW_USAGE);
    return 0;
  }
  if (verb !== "run") {
    process.stderr.write("Flowdeck: `flowdeck workflow run FILE` is all there is; see --help.\n");
    return 2;
  }
  const options = await sayIfItFails(() => Promise.resolve(readWorkflowOptions(args, process.env, process.cwd())));
  if (options === undefined) return 2;
  const succeeded = await sayIfItFails(() => (options.dryRun ? describe(options) : start(options)));
  return succeeded === true ? 0 : 1;
}

async function describe({ request }: WorkflowOptions): Promise<boolean> {
  for (const [index, step] of (await planWorkflow(request, { say: print, stop: stopOnSignals() })).entries()) {
    const after = step.needs.length === 0 ? "" : `, after ${step.needs.join(", ")}`;
    print(`${index + 1}. ${step.name}: entry point ${step.entry_point} of ${step.project}${after}`);
    print(`   environment ${step.environment}`);
    print(`   $ ${step.command}`);
  }
  return true;
}

async function start({ request, tracking }: WorkflowOptions): Promise<boolean> {
  const stop = stopOnSignals();
  const local = tracking.kind === "database" ? await startLocalServer(serverProgram(), tracking.file) : undefined;
  try {
    const { tracking_uri, token } = tracking.kind === "server" ? tracking : { ...local };
    if (tracking_uri === undefined) return false;
    const server = { tracking_uri, ...(token === undefined ? {} : { token }) };
    // Paths in the file count from its folder, wherever this was started.
    if (existsSync(dirname(request.file))) process.chdir(dirname(request.file));
    const state = await runWorkflow(
      { ...request, ...server },
      {
        store: restStore(server),
        patientStore: restStore({ ...server, patience: PATIENCE }),
        say: print,
        changed: () => Promise.resolve(),
        stop,
      },
    );
    print(resultLine(state));
    return state.status === "FINISHED";
  } finally {
    await local?.stop();
  }
}
