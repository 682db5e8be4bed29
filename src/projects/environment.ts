import { access, readFile } from "node:fs/promises";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { shellQuote } from "./shellQuote.ts";
import { findConda, planConda, type Conda } from "./conda.ts";
import { planDocker, type Container, type DockerQuery } from "./docker.ts";
import type { DockerEnvironment, ProjectEnvironment } from "./document.ts";
import type { EnvironmentBuild } from "./environmentBuild.ts";
import { buildEnvironmentFolder, readEnvironmentFolder, type EnvironmentFolder } from "./environmentFolder.ts";
import { changeSince, noteBuilt } from "./environmentNotes.ts";
import { findFirstInterpreter, findInterpreters, findOnPath, matchesVersion, type Interpreter } from "./interpreter.ts";
import { environmentName, readCondaEnv, readPythonEnv, type PythonEnv } from "./pythonEnv.ts";
import type { EnvManager } from "./request.ts";
import { UnmetNeed } from "./unmetNeed.ts";
import { buildWithUv, findUv } from "./uv.ts";
import { buildVirtualenv } from "./virtualenv.ts";

/** What a project says of its environment, files found. */
export interface DeclaredEnvironment {
  kind: "python_env" | "conda" | "docker" | "none";
  /** Absolute path of its file; absent for docker and none. */
  file?: string;
  /** Present for docker. */
  docker?: DockerEnvironment;
}

/** The environment of one run, decided but perhaps not built. */
export interface EnvironmentPlan {
  manager: Exclude<EnvManager, "auto"> | "docker";
  /** Why it is what it is: `reused: python_env.yaml unchanged`. */
  detail: string;
  /** What stands before the command: `source … && `, or nothing. */
  activation: string;
  /** Folders that go first on PATH. */
  path: string[];
  /** For docker: what the command stands behind instead. */
  container?: Container;
  /** Makes it; absent when it is there. @throws MlflowError in one sentence, CANCELLED when stopped. */
  build?(stop: AbortSignal): Promise<void>;
}

export interface EnvironmentQuery {
  declared: DeclaredEnvironment;
  manager: EnvManager;
  /** Absolute path of the interpreter to use. */
  python?: string;
  projectFolder: string;
  /** The command that will run there. */
  command: string;
  /** For docker: name of the project, arguments of `docker run`, and whether an image is built for it. */
  docker?: Pick<DockerQuery, "name" | "args" | "build">;
}

/** MLflow's rule (3.17.2): the declared file, else python_env.yaml, else conda.yaml. @throws when a declared file is missing. */
export async function findEnvironment(
  environment: ProjectEnvironment | undefined,
  folder: string,
): Promise<DeclaredEnvironment> {
  if (environment?.kind === "docker") {
    return { kind: "docker", ...(environment.docker === undefined ? {} : { docker: environment.docker }) };
  }
  if (environment?.path !== undefined) {
    const file = resolve(folder, environment.path);
    if (await isThere(file)) return { kind: environment.kind, file };
    const what = environment.kind === "conda" ? "conda environment" : "python_env";
    throw invalid(`Project specified ${what} file ${file}, but no such file was found.`);
  }
  const [python, conda] = [join(folder, "python_env.yaml"), join(folder, "conda.yaml")];
  if (await isThere(python)) return { kind: "python_env", file: python };
  return (await isThere(conda)) ? { kind: "conda", file: conda } : { kind: "none" };
}

export async function planEnvironment(query: EnvironmentQuery): Promise<EnvironmentPlan> {
  const { declared, manager } = query;
  if (manager === "local") return planLocal(query, "as asked for");
  // As MLflow (3.17.2) has it, a docker project runs in docker whatever environment manager is asked for.
  if (declared.kind === "docker") return planContainer(query);
  if (manager === "auto" && declared.kind === "none") return planLocal(query, "the project declares none");
  if (manager === "conda" || (manager === "auto" && declared.kind === "conda")) {
    const conda = await findConda();
    if (conda !== undefined) return planByConda(query, conda);
    if (manager === "conda") throw await noConda(declared);
    return planVirtual(query, "virtualenv", ["conda was not found"]);
  }
  return planVirtual(query, manager === "auto" ? "virtualenv" : manager, []);
}

async function planContainer(query: EnvironmentQuery): Promise<EnvironmentPlan> {
  const { declared, projectFolder, docker: more = { name: "docker-project", args: [], build: false } } = query;
  const docker = declared.docker ?? { image: "", volumes: [], environment: [] };
  return { manager: "docker", activation: "", path: [], ...(await planDocker({ ...more, docker, projectFolder })) };
}

async function planByConda({ declared, projectFolder }: EnvironmentQuery, conda: Conda): Promise<EnvironmentPlan> {
  if (declared.kind === "python_env") {
    throw invalid(
      "A python_env project cannot be executed using conda; choose the environment manager virtualenv, uv or local.",
    );
  }
  return { manager: "conda", path: [], ...(await planConda(conda, declared.file, projectFolder)) };
}

/** Environments that the venv module or uv makes. */
async function planVirtual(
  query: EnvironmentQuery,
  chosen: "virtualenv" | "uv",
  notes: readonly string[],
): Promise<EnvironmentPlan> {
  const { declared } = query;
  const env = await readDeclared(declared);
  // With a version in the file its name is known, and what is built already needs no interpreter to be looked for.
  const known = env.python === undefined ? undefined : await folderOf(env, env.python, query);
  const isBuilt = known?.state === "complete";
  const [python, others] = isBuilt ? [undefined, []] : await chooseInterpreter(query.python, env.python, chosen);
  const version = env.python ?? python?.version;
  if (version === undefined) throw await noPython(env.python, others);
  const folder = known ?? (await folderOf(env, version, query));
  const uv = chosen === "uv" && folder.state !== "complete" ? await findUv(query.python) : undefined;
  const file = declared.file === undefined ? `bare Python ${version}` : basename(declared.file);
  const plan = {
    manager: chosen,
    detail: [
      whyOf(folder, file, folder.state === "missing" ? await changeSince(env, query.projectFolder) : undefined),
      ...notes,
      ...droppedNote(env),
    ].join("; "),
    activation: `source ${shellQuote(join(folder.path, "bin", "activate"))} && `,
    path: [],
  };
  if (folder.state === "complete") return plan;
  const build = (stop: AbortSignal) => {
    const about = { path: folder.path, env, projectFolder: query.projectFolder, file, stop };
    return buildEnvironmentFolder(folder.path, stop, async (started) => {
      const details: EnvironmentBuild = { ...about, started };
      if (uv !== undefined) await buildWithUv(details, uv, python?.path ?? version);
      else if (python === undefined) throw await noPython(env.python, others);
      else await buildVirtualenv(details, python);
      // A note that cannot be written costs a reason, no environment.
      await noteBuilt(env, query.projectFolder).catch(() => undefined);
    });
  };
  // Without an interpreter only uv can build; that is said before anything is started.
  if (uv === undefined && python === undefined) throw await noPython(env.python, others);
  return { ...plan, build };
}

async function folderOf(env: PythonEnv, version: string, { projectFolder }: EnvironmentQuery) {
  return readEnvironmentFolder(await environmentName(env, version, projectFolder));
}

async function planLocal(query: EnvironmentQuery, detail: string): Promise<EnvironmentPlan> {
  const path = query.python === undefined ? [] : [dirname(query.python)];
  if (/(^|[\s;&|(])python([\s;&|)]|$)/.test(query.command)) await checkPython(path);
  return { manager: "local", detail, activation: "", path };
}

async function checkPython(folders: readonly string[]): Promise<void> {
  const search = [...folders, process.env["PATH"] ?? ""].join(delimiter);
  if ((await findOnPath("python", search)).length > 0) return;
  const [python3] = await findOnPath("python3", search);
  if (python3 === undefined) throw await noPython(undefined, []);
  throw new UnmetNeed(
    `The command starts "python", but only ${python3} was found; choose the environment manager virtualenv, or an interpreter that is called python.`,
    "virtualenv",
  );
}

async function readDeclared({ kind, file }: DeclaredEnvironment): Promise<PythonEnv> {
  if (file === undefined) return { build_dependencies: [], dependencies: [], dropped: [] };
  const text = await readFile(file, "utf8");
  return kind === "conda" ? readCondaEnv(text, file) : readPythonEnv(text, file);
}

/** The interpreter to build with, and all that were found when none suits. uv can fetch one that is not there. */
async function chooseInterpreter(
  asked: string | undefined,
  wanted: string | undefined,
  manager: "virtualenv" | "uv",
): Promise<[chosen: Interpreter | undefined, all: Interpreter[]]> {
  // Most often it is the first one, and starting all of them takes longer than the run's beginning.
  const first = await findFirstInterpreter(asked);
  if (first !== undefined && matchesVersion(first.version, wanted)) return [first, [first]];
  const all = await findInterpreters(asked, wanted);
  const chosen = all.find(({ version }) => matchesVersion(version, wanted));
  if (chosen === undefined && manager === "uv" && wanted !== undefined) return [undefined, all];
  return [chosen, all];
}

/** Names what would work instead, as far as it is there. */
async function noPython(wanted: string | undefined, found: readonly Interpreter[]): Promise<UnmetNeed> {
  if (wanted === undefined) {
    const message = "No Python was found; install Python 3, or choose an interpreter for this folder.";
    return new UnmetNeed(message, undefined);
  }
  const [[uv], [pyenv]] = [await findOnPath("uv"), await findOnPath("pyenv")];
  const versions = [...new Set(found.map(({ version }) => version))];
  const others = versions.length === 0 ? "none was found" : `only ${versions.join(", ")} was found`;
  const ways = [
    ...(pyenv === undefined ? ["install it"] : [`install it (pyenv install ${wanted})`]),
    uv === undefined
      ? "install uv and choose it as environment manager, which fetches Pythons"
      : "choose the environment manager uv, which fetches it",
    ...(versions.length === 0 ? [] : ["or local, which takes what is there"]),
  ];
  const message = `This project needs Python ${wanted}, but ${others}; ${ways.join(", ")}.`;
  return new UnmetNeed(message, uv !== undefined ? "uv" : versions.length === 0 ? undefined : "local");
}

function whyOf(folder: EnvironmentFolder, file: string, change: string | undefined): string {
  switch (folder.state) {
    case "complete":
      return `reused: ${file} unchanged`;
    case "missing":
      return change === undefined ? `building: nothing built for ${file} yet` : `building: ${change}`;
    case "cut short":
      return "building again: the last time was cut short";
    case "without Python":
      return "building again: its Python is gone";
    case "being built":
      return "waiting: another run builds it";
    default:
      return folder.state satisfies never;
  }
}

/** Names what would work instead. */
async function noConda({ kind }: DeclaredEnvironment): Promise<UnmetNeed> {
  const [uv] = await findOnPath("uv");
  const others = kind === "conda" ? "what of the file pip can install" : "the project";
  const instead = uv === undefined ? "virtualenv" : "uv";
  const message = `conda was not found, nor mamba or micromamba; install one, or choose the environment manager ${instead}, which takes ${others}.`;
  return new UnmetNeed(message, instead);
}

function droppedNote({ dropped }: PythonEnv): string[] {
  return dropped.length === 0 ? [] : [`without the conda packages ${dropped.join(", ")}`];
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
