import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, posix } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { isLocalUri, localPath, schemeOf } from "../mlflow/uris.ts";
import type { DockerEnvironment } from "./document.ts";
import { buildStep } from "./environmentBuild.ts";
import { readGitFacts, withoutCredentials } from "./git.ts";
import { findOnPath } from "./interpreter.ts";
import { outputOf } from "../processes/processes.ts";
import { shellQuote } from "./shellQuote.ts";
import { makeTemporaryFolder } from "./temporaryFolder.ts";
import { UnmetNeed } from "./unmetNeed.ts";
import { isOfThisMachine } from "./uriText.ts";

/** Where the project's files lie in an image that was built for them (mlflow 3.17.2). */
const CODE = "/mlflow/projects/code/";

export interface DockerQuery {
  docker: DockerEnvironment;
  /** Name of the project, which tags the image. */
  name: string;
  projectFolder: string;
  /** Without a value: a switch. */
  args: readonly Variable[];
  build: boolean;
}

/** Without a value: copied. */
type Variable = [name: string, value?: string];

/** What of a run the container must know. */
export interface ContainerRun {
  run_id: string;
  experiment_id: string;
  artifact_uri: string;
  tracking_uri: string;
  token?: string;
}

export interface Container {
  /** What stands before the command: `docker run …`, with a blank. */
  commandFor(run: ContainerRun): string;
  /** Name and id of the image, once it is there. */
  image(): Promise<{ uri: string; id: string }>;
  /** Shell command that ends the run's container: it may not listen to a signal. */
  endCommand(run_id: string): string;
}

export interface DockerPlan {
  detail: string;
  container: Container;
  build?(stop: AbortSignal): Promise<void>;
}

/** As MLflow (3.17.2) runs a docker project, by the `docker` of this machine. @throws MlflowError when it cannot run here. */
export async function planDocker(query: DockerQuery): Promise<DockerPlan> {
  const { docker, name, projectFolder } = query;
  await checkDocker();
  const variables = variablesOf(docker);
  let tag = docker.image;
  const image = async () => {
    const found = await inspect(tag);
    if (found === undefined) throw new MlflowError("INVALID_STATE", `The image ${tag} is not there.`);
    return { uri: tag, id: found.id };
  };
  const known = await inspect(docker.image);
  // MLflow (3.17.2) starts an image by its first name.
  let started = known?.tag ?? docker.image;
  const container: Container = {
    commandFor: (run) => `${commandOf(query, run, variables, started)} `,
    image,
    endCommand: (run_id) =>
      `docker ps --quiet --filter ${shellQuote(`label=${LABEL}=${run_id}`)} | xargs docker stop --time 10`,
  };
  if (query.build) {
    const { commit } = await readGitFacts(projectFolder);
    tag = started = `${name}${commit === undefined ? "" : `:${commit.slice(0, 7)}`}`;
    const detail = `building the image ${tag} from ${docker.image}`;
    return { detail, container, build: (stop) => buildImage(query, tag, stop) };
  }
  if (known !== undefined) return { detail: `image ${docker.image}, which is there`, container };
  const build = async (stop: AbortSignal) => {
    const failure = `docker could not fetch the image ${docker.image} (see above); is its name right, and may you read it?`;
    await buildStep({ projectFolder, stop }, ["docker", "pull", docker.image], failure);
    started = (await inspect(docker.image))?.tag ?? docker.image;
  };
  return { detail: `fetching the image ${docker.image}`, container, build };
}

const LABEL = "flowdeck.run_id";

async function checkDocker(): Promise<void> {
  const lack = await dockerLack();
  if (lack === undefined) return;
  const local = "or choose the environment manager local, which runs the command here";
  const what = {
    program: "which was not found; install it",
    daemon: "whose daemon does not answer (docker info tells why); start it",
  };
  throw new UnmetNeed(`This project runs in docker, ${what[lack]}, ${local}.`, "local");
}

/** What keeps docker from working here; undefined when nothing does. */
export async function dockerLack(env?: NodeJS.ProcessEnv): Promise<"program" | "daemon" | undefined> {
  if ((await findOnPath("docker")).length === 0) return "program";
  const told = await outputOf("docker", ["info"], env === undefined ? {} : { env });
  return told === undefined ? "daemon" : undefined;
}

/** @throws MlflowError in MLflow's words when a variable that must be copied is not set. */
function variablesOf({ environment }: DockerEnvironment): (string | [name: string, value: string])[] {
  for (const variable of environment) {
    if (typeof variable !== "string" || process.env[variable] !== undefined) continue;
    const all = environment.map((one) => (typeof one === "string" ? one : one[0])).join(", ");
    const message = `This project expects the ${all} environment variables to be set on the machine running the project, but ${variable} was not set. Please ensure all expected environment variables are set`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  return environment;
}

async function inspect(image: string): Promise<{ id: string; tag: string } | undefined> {
  const text = await outputOf("docker", ["image", "inspect", image]);
  if (text === undefined) return undefined;
  try {
    const [found] = JSON.parse(text) as { Id?: string; RepoTags?: string[] | null }[];
    return found === undefined ? undefined : { id: found.Id ?? "", tag: found.RepoTags?.[0] ?? image };
  } catch {
    return undefined;
  }
}

async function buildImage({ docker, projectFolder }: DockerQuery, tag: string, stop: AbortSignal): Promise<void> {
  const folder = await makeTemporaryFolder("flowdeck-image-");
  try {
    const file = join(folder, "Dockerfile");
    await writeFile(file, `FROM ${docker.image}\nCOPY . ${CODE}\nWORKDIR ${CODE}\n`);
    const failure = `docker could not build the image ${tag} (see above).`;
    const line = ["docker", "build", "--force-rm", "--tag", tag, "--file", file, projectFolder];
    await buildStep({ projectFolder, stop }, line, failure);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function commandOf(
  { docker, args }: DockerQuery,
  run: ContainerRun,
  variables: readonly (string | [name: string, value: string])[],
  image: string,
): string {
  const artifacts = artifactsOf(run.artifact_uri);
  const set: Variable[] = [
    ["MLFLOW_RUN_ID", run.run_id],
    // With a password in it it is copied, as the token is: a value would be seen by everybody who lists processes.
    withoutCredentials(run.tracking_uri) === run.tracking_uri
      ? ["MLFLOW_TRACKING_URI", run.tracking_uri]
      : ["MLFLOW_TRACKING_URI"],
    ["MLFLOW_EXPERIMENT_ID", run.experiment_id],
    ...artifacts.variables,
    ...variables.map((one): Variable => (typeof one === "string" ? [one] : one)),
    ...(run.token === undefined ? [] : [["MLFLOW_TRACKING_TOKEN"] satisfies Variable]),
  ];
  // Arguments and volumes go through the shell unquoted, as MLflow (3.17.2) has it: `$PWD` works in them.
  const words = [
    ...["docker", "run", "--rm"],
    ...args.flatMap(([name, value]) => [
      name.length === 1 ? `-${name}` : `--${name}`,
      ...(value === undefined ? [] : [value]),
    ]),
    ...(needsHostNetwork(run.tracking_uri, args) ? ["--network", "host"] : []),
    ...["--label", shellQuote(`${LABEL}=${run.run_id}`)],
    ...artifacts.volumes.flatMap((volume) => ["-v", shellQuote(volume)]),
    ...docker.volumes.flatMap((volume) => ["-v", volume]),
    ...lastOfEach(set).flatMap(([name, value]) => ["-e", shellQuote(value === undefined ? name : `${name}=${value}`)]),
    shellQuote(image),
  ];
  return words.join(" ");
}

/** As Python's dict has it: the place of the first, the value of the last. */
function lastOfEach(variables: readonly Variable[]): Variable[] {
  return [...new Map(variables.map((variable) => [variable[0], variable])).values()];
}

/** A server of this machine's own address cannot be reached from a container's network. */
function needsHostNetwork(tracking_uri: string, args: DockerQuery["args"]): boolean {
  if (args.some(([name]) => name === "network" || name === "net")) return false;
  return isOfThisMachine(tracking_uri);
}

interface ArtifactAccess {
  volumes: string[];
  variables: Variable[];
}

/** What the container needs to reach the place of the run's artifacts (mlflow 3.17.2). */
function artifactsOf(uri: string): ArtifactAccess {
  const copied = (...names: string[]): Variable[] =>
    names.filter((name) => process.env[name] !== undefined).map((name) => [name]);
  if (isLocalUri(uri)) {
    const path = localPath(uri);
    const inside = isAbsolute(path) ? path : posix.normalize(posix.join(CODE, path));
    return { volumes: [`${isAbsolute(path) ? path : join(process.cwd(), path)}:${inside}`], variables: [] };
  }
  switch (schemeOf(uri)) {
    case "s3": {
      const keys = ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "MLFLOW_S3_ENDPOINT_URL", "MLFLOW_S3_IGNORE_TLS"];
      const folder = join(homedir(), ".aws");
      return { volumes: existsSync(folder) ? [`${folder}:/.aws`] : [], variables: copied(...keys) };
    }
    case "wasb":
    case "wasbs":
      return { volumes: [], variables: copied("AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_ACCESS_KEY") };
    case "gs": {
      const file = process.env["GOOGLE_APPLICATION_CREDENTIALS"];
      if (file === undefined) return { volumes: [], variables: [] };
      return { volumes: [`${file}:/.gcs`], variables: [["GOOGLE_APPLICATION_CREDENTIALS", "/.gcs"]] };
    }
    case "hdfs":
    case "viewfs": {
      const ticket = process.env["MLFLOW_KERBEROS_TICKET_CACHE"];
      const names = ["MLFLOW_KERBEROS_TICKET_CACHE", "MLFLOW_KERBEROS_USER", "MLFLOW_PYARROW_EXTRA_CONF"];
      return { volumes: ticket === undefined ? [] : [`${ticket}:${ticket}`], variables: copied(...names) };
    }
    default:
      return { volumes: [], variables: [] };
  }
}
