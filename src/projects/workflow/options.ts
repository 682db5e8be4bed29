import { join, resolve } from "node:path";
import { parseParameters } from "../command.ts";
import { COMMON_FLAGS, commonOf, countOf, oneOf, readFlags, wrong } from "../flags.ts";
import { ENV_MANAGERS } from "../request.ts";
import { trackingOf, type Tracking } from "../runOptions.ts";
import { isFolder } from "../sources.ts";
import type { WorkflowRequest } from "./request.ts";

export const WORKFLOW_USAGE = `Usage: flowdeck workflow run FILE [options]

  FILE                      a workflow file, or a folder that holds workflow.mlflow.yaml
  -P, --param-list NAME=V   value of a parameter of the workflow; may be given again
  --max-parallel N          how many steps run at a time (default: what the file says, or 4)
  --no-cache                run every step, whatever ran before
  --resume                  go on with the latest run of this workflow, which did not finish
  --run-id ID               go on with this run of the workflow
  --from STEP               when going on: run STEP and what waits for it again
  --env-manager M           local, virtualenv, uv or conda for all steps (default: what the file or each project says)
  --python FILE             interpreter to run or build with
  --experiment-name NAME    experiment of the runs, made when it is not there
  --experiment-id ID        the same by its id
  --run-name NAME           name of the workflow's run
  --storage-dir DIR         folder for what parameters of type path download
  --param-quoting Q         how params are logged: raw, or mlflow for shell-quoted as mlflow does (default: raw)
  --dry-run                 say which steps would run, with their commands, and run nothing
  --help                    this text

Runs are logged to MLFLOW_TRACKING_URI: a server, or a database such as sqlite:///mlflow.db (the default).
Exit codes: 0 every step finished, 1 not, 2 not understood.`;

export interface WorkflowOptions {
  /** Without the address of the tracking server, which may not be started yet. */
  request: Omit<WorkflowRequest, "tracking_uri" | "token">;
  tracking: Tracking;
  dryRun: boolean;
}

const STRING = { type: "string" } as const;
const FLAGS = {
  ...COMMON_FLAGS,
  "max-parallel": STRING,
  "no-cache": { type: "boolean" },
  resume: { type: "boolean" },
  "run-id": STRING,
  from: STRING,
} as const;

/** Reads the words behind `workflow run`; relative paths count from `folder`. @throws MlflowError with one sentence. */
export function readWorkflowOptions(args: string[], env: NodeJS.ProcessEnv, folder: string): WorkflowOptions {
  const { values, positionals } = readFlags(args, FLAGS, "flowdeck workflow run");
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw wrong("Name one workflow, such as `flowdeck workflow run workflow.mlflow.yaml`.");
  }
  const resume = resumeOf(values);
  const maxParallel = countOf("max-parallel", values["max-parallel"], 1000);
  return {
    request: {
      format: 1,
      kind: "workflow",
      file: fileOf(resolve(folder, file)),
      parameters: parseParameters(values["param-list"] ?? []),
      valuesFolder: folder,
      cache: values["no-cache"] !== true,
      ...commonOf(values, env, folder),
      ...(values["env-manager"] === undefined
        ? {}
        : { env_manager: oneOf(ENV_MANAGERS, values["env-manager"], "--env-manager") }),
      ...(maxParallel === undefined ? {} : { maxParallel }),
      ...(resume === undefined ? {} : { resume }),
    },
    tracking: trackingOf(env, folder),
    dryRun: values["dry-run"] === true,
  };
}

function fileOf(path: string): string {
  return isFolder(path) ? join(path, "workflow.mlflow.yaml") : path;
}

function resumeOf(values: { resume?: boolean; "run-id"?: string; from?: string }): WorkflowRequest["resume"] {
  const { resume = false, "run-id": run_id, from } = values;
  if (!resume && run_id === undefined && from === undefined) return undefined;
  return { ...(run_id === undefined ? {} : { run_id }), ...(from === undefined ? {} : { from }) };
}
