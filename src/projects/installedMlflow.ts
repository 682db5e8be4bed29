import { access, constants, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { MlflowPython } from "../mlflow/installed.ts";
import { findOnPath } from "./interpreter.ts";
import { childEnvironment, runCommand } from "../processes/processes.ts";

/** The release of mlflow beside an interpreter, read from the names of its packages: Python is not started. */
export async function installedMlflow(python: string): Promise<string | undefined> {
  // An environment's `python` is a link to another interpreter, whose packages are others: it is not followed.
  const prefix = dirname(dirname(python));
  const versions = (await entriesOf(join(prefix, "lib"))).filter((name) => /^python\d/.test(name)).toReversed();
  const folders = [
    join(prefix, "Lib/site-packages"),
    ...versions.flatMap((version) =>
      ["lib", "local/lib"].flatMap((lib) =>
        ["site-packages", "dist-packages"].map((folder) => join(prefix, lib, version, folder)),
      ),
    ),
  ];
  for (const folder of folders) {
    for (const name of await entriesOf(folder)) {
      const release = /^mlflow-(.+)\.dist-info$/.exec(name)?.[1];
      if (release !== undefined) return release;
    }
  }
  return undefined;
}

/** The first of several interpreters that has mlflow. */
export async function findMlflowPython(interpreters: readonly string[]): Promise<MlflowPython | undefined> {
  for (const path of interpreters) {
    const release = (await isExecutable(path)) ? await installedMlflow(path) : undefined;
    if (release !== undefined) return { path, release };
  }
  return undefined;
}

/** The interpreters whose mlflow may be asked, best first: the one chosen, the active environment's, those on PATH. */
export async function mlflowCandidates(chosen: string | undefined): Promise<string[]> {
  const active = process.env["VIRTUAL_ENV"];
  const first = [chosen, active === undefined ? undefined : join(active, "bin", "python")];
  const onPath = [...(await findOnPath("python")), ...(await findOnPath("python3"))];
  return [...first.filter((path) => path !== undefined), ...onPath];
}

/** Where Python's mlflow is asked to do something, and how it reaches the tracking server. */
export interface MlflowCall {
  tracking_uri: string;
  token?: string;
  python?: string;
}

/** What a command of Python's mlflow prints; undefined when there is none, or when it fails. It ends with `stop`, and with this process. */
export async function mlflowOutput(
  call: MlflowCall,
  args: readonly string[],
  stop: AbortSignal,
): Promise<string | undefined> {
  const python = await findMlflowPython(await mlflowCandidates(call.python));
  if (python === undefined) return undefined;
  const env = { ...childEnvironment(), MLFLOW_TRACKING_URI: call.tracking_uri, MLFLOW_DISABLE_TELEMETRY: "true" };
  if (call.token !== undefined) Object.assign(env, { MLFLOW_TRACKING_TOKEN: call.token });
  let printed = "";
  // What it tells of its progress on the way is nothing for this terminal.
  const output = {
    write: (chunk: Buffer, stream: "stdout" | "stderr") => (printed += stream === "stdout" ? chunk.toString() : ""),
  };
  const line = { file: python.path, args: ["-m", "mlflow", ...args], cwd: process.cwd(), env, output, deaf: true };
  const { exitCode } = await runCommand(line, stop);
  return exitCode === 0 ? printed.trim() : undefined;
}

async function entriesOf(folder: string): Promise<string[]> {
  // A folder that is not there has nothing in it.
  return readdir(folder).catch(() => []);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
