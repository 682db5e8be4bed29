import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { MlflowError } from "../../mlflow/errors.ts";
import { parseParameters } from "../command.ts";
import { ENV_MANAGERS, PARAM_QUOTINGS } from "../request.ts";
import { experimentOf, oneOf, trackingOf, type Tracking } from "../runOptions.ts";
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
  "param-list": { ...STRING, short: "P", multiple: true },
  "max-parallel": STRING,
  "no-cache": { type: "boolean" },
  resume: { type: "boolean" },
  "run-id": STRING,
  from: STRING,
  "env-manager": STRING,
  python: STRING,
  "experiment-name": STRING,
  "experiment-id": STRING,
  "run-name": STRING,
  "storage-dir": STRING,
  "param-quoting": STRING,
  "dry-run": { type: "boolean" },
} as const;

/** Reads the words behind `workflow run`; relative paths count from `folder`. @throws MlflowError with one sentence. */
export function readWorkflowOptions(args: string[], env: NodeJS.ProcessEnv, folder: string): WorkflowOptions {
  const { values, positionals } = readFlags(args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw wrong("Name one workflow, such as `flowdeck workflow run workflow.mlflow.yaml`.");
  }
  const storage_dir = values["storage-dir"] ?? env["MLFLOW_TMP_DIR"];
  const run_name = values["run-name"];
  const { python } = values;
  const resume = resumeOf(values);
  const maxParallel = countOf(values["max-parallel"]);
  return {
    request: {
      format: 1,
      kind: "workflow",
      file: fileOf(resolve(folder, file)),
      parameters: parseParameters(values["param-list"] ?? []),
      paramQuoting: oneOf(PARAM_QUOTINGS, values["param-quoting"] ?? "raw", "--param-quoting"),
      valuesFolder: folder,
      cache: values["no-cache"] !== true,
      ...experimentOf(values, env),
      ...(values["env-manager"] === undefined
        ? {}
        : { env_manager: oneOf(ENV_MANAGERS, values["env-manager"], "--env-manager") }),
      ...(maxParallel === undefined ? {} : { maxParallel }),
      ...(resume === undefined ? {} : { resume }),
      ...(run_name === undefined ? {} : { run_name }),
      ...(python === undefined ? {} : { python: resolve(folder, python) }),
      ...(storage_dir === undefined ? {} : { storage_dir: resolve(folder, storage_dir) }),
    },
    tracking: trackingOf(env, folder),
    dryRun: values["dry-run"] === true,
  };
}

function readFlags(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? "") : String(error);
    throw wrong(`${reason}; see flowdeck workflow run --help.`);
  }
}

function fileOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, "workflow.mlflow.yaml") : path;
}

function resumeOf(values: { resume?: boolean; "run-id"?: string; from?: string }): WorkflowRequest["resume"] {
  const { resume = false, "run-id": run_id, from } = values;
  if (!resume && run_id === undefined && from === undefined) return undefined;
  return { ...(run_id === undefined ? {} : { run_id }), ...(from === undefined ? {} : { from }) };
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw wrong(`--max-parallel is a whole number from 1 to 1000, not '${text}'.`);
}

function wrong(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
