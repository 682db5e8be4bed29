import { join } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { buildStep, installRequirements, type EnvironmentBuild } from "./environmentBuild.ts";
import type { Interpreter } from "./interpreter.ts";
import { outputOf } from "../processes/processes.ts";

/** Builds with the `venv` module of `python` and pip. */
export async function buildVirtualenv(build: EnvironmentBuild, python: Interpreter): Promise<void> {
  if ((await outputOf(python.path, ["-c", "import venv, ensurepip"])) === undefined) {
    throw new MlflowError(
      "INVALID_STATE",
      `${python.path} lacks the module venv; install it (python3-venv on Debian), or choose the environment manager uv or local.`,
    );
  }
  const failure = `${python.path} could not make a virtual environment in ${build.path} (see above); choose the environment manager uv or local.`;
  await buildStep(build, [python.path, "-m", "venv", build.path], failure);
  const environmentPython = join(build.path, "bin", "python");
  await installRequirements(build, [environmentPython, "-m", "pip", "install"], "pip");
}
