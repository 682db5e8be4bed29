import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import type { BuildCommandStarted } from "./environmentFolder.ts";
import { childEnvironment, runCommand } from "../processes/processes.ts";
import { absoluteLines, type PythonEnv } from "./pythonEnv.ts";
import { makeTemporaryFolder } from "./temporaryFolder.ts";

/** One environment to build. */
export interface EnvironmentBuild {
  /** Folder it becomes. */
  path: string;
  env: PythonEnv;
  projectFolder: string;
  /** Name of the file that asks for it, for messages. */
  file: string;
  stop: AbortSignal;
  started: BuildCommandStarted;
}

/** Runs one step on this terminal. @throws MlflowError with `failure`, CANCELLED when stopped. */
export async function buildStep(
  build: Pick<EnvironmentBuild, "projectFolder" | "stop"> & Partial<Pick<EnvironmentBuild, "started">>,
  line: readonly string[],
  failure: string,
): Promise<void> {
  const [file = "", ...args] = line;
  // pip must not ask: nobody may be there to answer.
  const env = { ...childEnvironment(), PIP_NO_INPUT: "1", PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  const told = build.started === undefined ? {} : { onStart: build.started };
  const { exitCode } = await runCommand({ file, args, cwd: build.projectFolder, env, ...told }, build.stop);
  if (build.stop.aborted)
    throw new MlflowError("CANCELLED", "Stopped while the environment was being built; no run was created.");
  if (exitCode !== 0) throw new MlflowError("INVALID_STATE", failure);
}

/** Installs the build dependencies, then the others; `install` is the command line up to the requirements file. */
export async function installRequirements(
  build: EnvironmentBuild,
  install: readonly string[],
  installer: string,
): Promise<void> {
  const folder = await makeTemporaryFolder("flowdeck-requirements-");
  try {
    for (const lines of [build.env.build_dependencies, build.env.dependencies]) {
      if (lines.length === 0) continue;
      const file = join(folder, "requirements.txt");
      await writeFile(file, `${absoluteLines(lines, build.projectFolder).join("\n")}\n`);
      const failure = `${installer} could not install what ${build.file} asks for (see above); correct it, or choose the environment manager local.`;
      await buildStep(build, [...install, "-r", file], failure);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
