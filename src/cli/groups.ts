// `flowdeck workflow` and `flowdeck sweep`: many runs under one.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { readSweepOptions, SWEEP_USAGE, type SweepOptions } from "../projects/sweep/options.ts";
import { pointsOf } from "../projects/sweep/points.ts";
import { runSweep } from "../projects/sweep/runSweep.ts";
import { print, stopOnSignals } from "../projects/terminal.ts";
import { planWorkflow } from "../projects/workflow/describe.ts";
import { readWorkflowOptions, WORKFLOW_USAGE, type WorkflowOptions } from "../projects/workflow/options.ts";
import { runWorkflow } from "../projects/workflow/runWorkflow.ts";
import { sayIfItFails } from "./run.ts";
import { withServer } from "./withServer.ts";

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
  return exitCode(() => (options.dryRun ? describeWorkflow(options) : startWorkflow(options)));
}

/** `flowdeck sweep …`; exit codes: 0 every run finished, 1 not, 2 not understood. */
export async function sweepCommand(args: string[]): Promise<number> {
  if (args.includes("--help")) {
    print(SWEEP_USAGE);
    return 0;
  }
  const options = await sayIfItFails(() => Promise.resolve(readSweepOptions(args, process.env, process.cwd())));
  if (options === undefined) return 2;
  return exitCode(() => (options.dryRun ? describeSweep(options) : startSweep(options)));
}

async function exitCode(work: () => Promise<boolean>): Promise<number> {
  return (await sayIfItFails(work)) === true ? 0 : 1;
}

async function describeWorkflow({ request }: WorkflowOptions): Promise<boolean> {
  const steps = await planWorkflow(request, { say: print, stop: stopOnSignals() });
  for (const [index, step] of steps.entries()) {
    const after = step.needs.length === 0 ? "" : `, after ${step.needs.join(", ")}`;
    print(`${index + 1}. ${step.name}: entry point ${step.entry_point} of ${step.project}${after}`);
    print(`   environment ${step.environment}`);
    print(`   $ ${step.command}`);
  }
  return true;
}

function startWorkflow({ request, tracking }: WorkflowOptions): Promise<boolean> {
  return withServer(tracking, () => (server, context) => {
    // Paths in the file count from its folder, wherever this was started.
    if (existsSync(dirname(request.file))) process.chdir(dirname(request.file));
    return runWorkflow({ ...request, ...server }, context);
  });
}

function describeSweep({ request: { start } }: SweepOptions): Promise<boolean> {
  for (const [index, values] of (start === undefined ? [] : pointsOf(start.plan)).entries()) {
    print(`${index + 1}. ${values.map(([name, value]) => `${name}=${value}`).join(", ")}`);
  }
  return Promise.resolve(true);
}

function startSweep({ request, tracking }: SweepOptions): Promise<boolean> {
  return withServer(tracking, () => (server, context) => runSweep({ ...request, ...server }, context));
}
