import { parseParameters } from "../command.ts";
import { COMMON_FLAGS, commonOf, countOf, oneOf, readFlags, wrong } from "../flags.ts";
import { projectFolderOf } from "../projectUri.ts";
import { ENV_MANAGERS } from "../request.ts";
import { trackingOf, type Tracking } from "../runOptions.ts";
import { pointsOf, type SweepPlan } from "./points.ts";
import type { SweepRequest } from "./runSweep.ts";

export const SWEEP_USAGE = `Usage: flowdeck sweep DIR -S NAME=VALUES [options]
       flowdeck sweep --resume RUN_ID [options]

Runs an entry point with several values, under one run.

  DIR                       folder of a project, or DIR#SUBFOLDER
  -e, --entry-point NAME    entry point, or a script of the project (default: main)
  -S, --sweep NAME=VALUES   values of a parameter: "0.1, 0.2", 1..9, "0..1 step 0.25", "0..1 in 5", "log 1e-4..1 in 5"
  -P, --param-list NAME=V   value that all runs share; may be given again
  --random N                N runs by chance instead of all combinations
  --seed N                  of the chance (default: 0)
  --max-parallel N          how many run at a time (default: 2)
  --resume RUN_ID           go on with this sweep: what waits, was stopped or failed
  --env-manager M, --python FILE, --experiment-name NAME, --experiment-id ID, --run-name NAME, --storage-dir DIR,
  --param-quoting Q         as for flowdeck run
  --dry-run                 say which runs there would be, and run nothing
  --help                    this text

Exit codes: 0 every run finished, 1 not, 2 not understood.`;

export interface SweepOptions {
  /** Without the address of the tracking server, which may not be started yet. */
  request: Omit<SweepRequest, "tracking_uri" | "token">;
  tracking: Tracking;
  dryRun: boolean;
}

const STRING = { type: "string" } as const;
const FLAGS = {
  ...COMMON_FLAGS,
  "entry-point": { ...STRING, short: "e" },
  sweep: { ...STRING, short: "S", multiple: true },
  random: STRING,
  seed: STRING,
  "max-parallel": STRING,
  resume: STRING,
} as const;

/** Reads the words behind `sweep`; relative paths count from `folder`. @throws MlflowError with one sentence. */
export function readSweepOptions(args: string[], env: NodeJS.ProcessEnv, folder: string): SweepOptions {
  const { values, positionals } = readFlags(args, FLAGS, "flowdeck sweep");
  const { resume } = values;
  const [project, ...more] = positionals;
  if ((project === undefined) === (resume === undefined) || more.length > 0) {
    throw wrong("Name one project, such as `flowdeck sweep . -S eta=0.1,0.2`, or a run with --resume.");
  }
  const maxParallel = countOf("max-parallel", values["max-parallel"], 5000);
  const what =
    project === undefined
      ? { resume: { run_id: resume ?? "" } }
      : { start: startOf(values, projectFolderOf(project, folder)) };
  return {
    request: {
      format: 1,
      kind: "sweep",
      ...what,
      ...commonOf(values, env, folder),
      env_manager: oneOf(ENV_MANAGERS, values["env-manager"] ?? "auto", "--env-manager"),
      ...(maxParallel === undefined ? {} : { maxParallel }),
    },
    tracking: trackingOf(env, folder),
    dryRun: values["dry-run"] === true,
  };
}

interface StartFlags {
  "entry-point"?: string;
  sweep?: string[];
  "param-list"?: string[];
  random?: string;
  seed?: string;
}

function startOf(values: StartFlags, projectFolder: string): NonNullable<SweepRequest["start"]> {
  const count = countOf("random", values.random, 5000);
  const seed = values.seed === undefined ? 0 : Number(values.seed);
  if (!Number.isInteger(seed)) throw wrong(`--seed is a whole number, not '${values.seed}'.`);
  const parameters = parseParameters(values.sweep ?? []);
  const plan: SweepPlan =
    count === undefined ? { method: "grid", parameters } : { method: "random", parameters, count, seed };
  pointsOf(plan);
  const entry_point = values["entry-point"];
  const shared = parseParameters(values["param-list"] ?? []);
  const both = shared.find(([name]) => parameters.some(([other]) => other === name));
  if (both !== undefined) throw wrong(`${both[0]} has one value by -P and several by -S; give one of them.`);
  return { projectFolder, parameters: shared, plan, ...(entry_point === undefined ? {} : { entry_point }) };
}
