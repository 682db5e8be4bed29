import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildStep, installRequirements, type EnvironmentBuild } from "./environmentBuild.ts";
import { findOnPath } from "./interpreter.ts";
import { UnmetNeed } from "./unmetNeed.ts";

/**
 * The program `uv`: on PATH, beside the interpreter, or where its installers put it.
 * @throws MlflowError with what to do when there is none.
 */
export async function findUv(python: string | undefined): Promise<string> {
  const homes = [join(homedir(), ".local", "bin"), join(homedir(), ".cargo", "bin")];
  const beside = python === undefined ? [] : [dirname(python)];
  const [found] = [...(await findOnPath("uv")), ...(await findOnPath("uv", [...beside, ...homes].join(delimiter)))];
  if (found !== undefined) return found;
  const message =
    "uv was not found; install it (pip install uv), or choose the environment manager virtualenv or local.";
  throw new UnmetNeed(message, "virtualenv");
}

/** Builds with uv; `python` is a path or a version, which uv fetches when it is not there. */
export async function buildWithUv(build: EnvironmentBuild, uv: string, python: string): Promise<void> {
  const failure = `uv could not make an environment with Python ${python} (see above); choose another version, or the environment manager local.`;
  await buildStep(build, [uv, "venv", build.path, `--python=${python}`], failure);
  const target = `--python=${join(build.path, "bin", "python")}`;
  await installRequirements(build, [uv, "pip", "install", target], "uv");
}
