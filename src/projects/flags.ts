// What the commands of the command line that run something read alike.
import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { MlflowError } from "../mlflow/errors.ts";
import { PARAM_QUOTINGS, type RunRequest } from "./request.ts";

const STRING = { type: "string" } as const;

/** Flags that every one of them has. */
export const COMMON_FLAGS = {
  "param-list": { ...STRING, short: "P", multiple: true },
  "env-manager": STRING,
  python: STRING,
  "experiment-name": STRING,
  "experiment-id": STRING,
  "run-name": STRING,
  "storage-dir": STRING,
  "param-quoting": STRING,
  "dry-run": { type: "boolean" },
} as const;

/** Splits words into flags and the rest. @throws MlflowError with one sentence that names `command`'s help. */
export function readFlags<T extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: T,
  command: string,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/\. |\.?\n/)[0] ?? "") : String(error);
    throw wrong(`${reason}; see ${command} --help.`);
  }
}

interface CommonValues {
  python?: string;
  "experiment-name"?: string;
  "experiment-id"?: string;
  "run-name"?: string;
  "storage-dir"?: string;
  "param-quoting"?: string;
}

/** What the common flags ask for, but for parameters and environment manager; relative paths count from `folder`. @throws MlflowError. */
export function commonOf(
  values: CommonValues,
  env: NodeJS.ProcessEnv,
  folder: string,
): Pick<RunRequest, "paramQuoting" | "experiment_name" | "experiment_id" | "run_name" | "python" | "storage_dir"> {
  const storage_dir = values["storage-dir"] ?? (env["MLFLOW_TMP_DIR"] || undefined);
  const run_name = values["run-name"];
  const { python } = values;
  return {
    paramQuoting: oneOf(PARAM_QUOTINGS, values["param-quoting"] ?? "raw", "--param-quoting"),
    ...experimentOf(values, env),
    ...(run_name === undefined ? {} : { run_name }),
    ...(python === undefined ? {} : { python: resolve(folder, python) }),
    ...(storage_dir === undefined ? {} : { storage_dir: resolve(folder, storage_dir) }),
  };
}

/** The experiment that is asked for, or that the environment names. @throws MlflowError when both ways of naming are used. */
function experimentOf(
  values: CommonValues,
  env: NodeJS.ProcessEnv,
): Pick<RunRequest, "experiment_name" | "experiment_id"> {
  const given = values["experiment-name"] !== undefined || values["experiment-id"] !== undefined;
  const experiment_name = given ? values["experiment-name"] : env["MLFLOW_EXPERIMENT_NAME"] || undefined;
  const experiment_id = given ? values["experiment-id"] : env["MLFLOW_EXPERIMENT_ID"] || undefined;
  if (experiment_name !== undefined && experiment_id !== undefined) {
    throw wrong("Specify only one of 'experiment-name' or 'experiment-id' options.");
  }
  if (experiment_id !== undefined) return { experiment_id };
  return experiment_name === undefined ? {} : { experiment_name };
}

/** The number of a flag, from 1 to `most`; undefined when it was not given. @throws MlflowError. */
export function countOf(flag: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw wrong(`--${flag} is a whole number from 1 to ${most}, not '${text}'.`);
}

/** @throws MlflowError when `value` is none of `all`. */
export function oneOf<T extends string>(all: readonly T[], value: string, flag: string): T {
  const found = all.find((one) => one === value);
  if (found === undefined) throw wrong(`${flag} must be one of ${all.join(", ")}, not '${value}'.`);
  return found;
}

/** A usage error. */
export function wrong(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
