import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { buildStep } from "./environmentBuild.ts";
import { buildEnvironmentFolder, buildingOf, environmentRoot, type BuildCommandStarted } from "./environmentFolder.ts";
import { findOnPath } from "./interpreter.ts";
import { outputOf } from "../processes/processes.ts";
import { shellQuote } from "./shellQuote.ts";

/** The conda of this machine: what lists, makes and activates environments. */
export interface Conda {
  kind: "conda" | "mamba" | "micromamba";
  /** Lists and removes. */
  program: string;
  /** Makes environments; another program where MLFLOW_CONDA_CREATE_ENV_CMD says so. */
  creator: string;
  /** Shell commands that activate the environment of a name. */
  activate(name: string): string[];
}

/** Where MLflow (3.17.2) looks for conda, then mamba and micromamba on PATH, which it does not know. */
export async function findConda(env: NodeJS.ProcessEnv = process.env): Promise<Conda | undefined> {
  const { MLFLOW_CONDA_HOME: home, CONDA_EXE: exe, MLFLOW_CONDA_CREATE_ENV_CMD: creator = "conda" } = env;
  const folder = home ? join(home, "bin") : exe ? dirname(exe) : undefined;
  const place = (name: string) => (folder === undefined ? name : join(folder, name));
  if ((await findOnPath("conda", folder ?? env["PATH"])).length > 0) {
    return {
      kind: "conda",
      program: place("conda"),
      creator: place(creator),
      activate: (name) =>
        folder === undefined
          ? [`source activate ${name} 1>&2`]
          : [`source ${shellQuote(`${folder}/../etc/profile.d/conda.sh`)}`, `conda activate ${name} 1>&2`],
    };
  }
  for (const kind of ["mamba", "micromamba"] as const) {
    const given = kind === "micromamba" ? env["MAMBA_EXE"] : undefined;
    const [found] = given !== undefined && given !== "" ? [given] : await findOnPath(kind, env["PATH"]);
    if (found === undefined) continue;
    const program = shellQuote(found);
    const activate = (name: string) => [
      `eval "$(${program} shell hook --shell bash)"`,
      `${kind} activate ${name} 1>&2`,
    ];
    return { kind, program: found, creator: found, activate };
  }
  return undefined;
}

export interface CondaPlan {
  detail: string;
  activation: string;
  build?(stop: AbortSignal): Promise<void>;
}

/** ms for which what conda told is believed: it takes a second and more to tell it again. */
const JUST_LOOKED = 10_000;
/** ms that conda gets to remove an environment, of tens of thousands of files. */
const REMOVAL = 600_000;

/** The environment of a conda file, or one with Python alone; named as MLflow (3.17.2) names it, so that both share it. */
export async function planConda(conda: Conda, file: string | undefined, projectFolder: string): Promise<CondaPlan> {
  const text = file === undefined ? "" : await readFile(file, "utf8");
  const name = `mlflow-${createHash("sha1").update(text).digest("hex")}`;
  const claim = join(environmentRoot(), `${name}.conda`);
  const what = file === undefined ? "no file" : basename(file);
  const lookedAt = Date.now();
  const building = await buildingOf(claim);
  const isThere = await isListed(conda, name);
  const detail =
    building === "being built"
      ? "waiting: another run builds it"
      : building === "cut short"
        ? "building again: the last time was cut short"
        : isThere
          ? `reused: ${what} unchanged`
          : `building: nothing built for ${what} yet`;
  const plan = { detail: `${detail}, by ${conda.kind}`, activation: [...conda.activate(name), ""].join(" && ") };
  if (isThere && building === undefined) return plan;
  // Listing takes conda a second and more.
  let mayBeThere = isThere || building !== undefined;
  const place = {
    // Whoever was building it may have come to an end since, and be using it.
    isUsable: (waited: boolean) =>
      waited || building !== undefined || Date.now() - lookedAt > JUST_LOOKED
        ? isListed(conda, name)
        : Promise.resolve(isThere),
    remove: async () => {
      if (!mayBeThere || !(await isListed(conda, name))) return;
      const verb = conda.kind === "conda" ? ["remove"] : ["env", "remove"];
      const words = [...verb, "--yes", "--name", name, ...(conda.kind === "conda" ? ["--all"] : [])];
      if ((await outputOf(conda.program, words, { timeout: REMOVAL })) !== undefined) return;
      const message = `${conda.program} could not remove the environment ${name}, which is not whole; remove it by hand.`;
      throw new MlflowError("INVALID_STATE", message);
    },
  };
  const build = (stop: AbortSignal) => {
    const make = (started: BuildCommandStarted) => {
      mayBeThere = true;
      return create(conda, name, file, { projectFolder, stop, started });
    };
    return buildEnvironmentFolder(claim, stop, make, place);
  };
  return { ...plan, build };
}

async function create(
  conda: Conda,
  name: string,
  file: string | undefined,
  build: { projectFolder: string; stop: AbortSignal; started: BuildCommandStarted },
): Promise<void> {
  const bare = ["create", "--channel", "conda-forge", "--yes", "--override-channels", "-n", name, "python"];
  const fromFile = ["env", "create", ...(conda.kind === "conda" ? [] : ["--yes"]), "-n", name, "--file", file ?? ""];
  const failure = `${basename(conda.creator)} could not make the environment (see above); correct ${file === undefined ? "its channels" : basename(file)}, or choose another environment manager.`;
  await buildStep(build, [conda.creator, ...(file === undefined ? bare : fromFile)], failure);
}

/** @throws MlflowError when the conda that was found does not work. */
async function isListed(conda: Conda, name: string): Promise<boolean> {
  const text = await outputOf(conda.program, ["env", "list", "--json"], { timeout: 120_000 });
  try {
    const { envs = [] } = JSON.parse(text ?? "") as { envs?: string[] };
    return envs.some((path) => basename(path) === name);
  } catch (cause) {
    const message = `${conda.program} does not tell its environments; repair it, or choose another environment manager.`;
    throw new MlflowError("INVALID_STATE", message, { cause });
  }
}
