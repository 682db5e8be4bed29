import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { checkBackendFile, readJsonText, type BackendFile } from "./backendConfig.ts";
import { dockerLack } from "./docker.ts";
import { readYamlText } from "./plainYaml.ts";
import { outputOf } from "../processes/processes.ts";
import { readProject } from "./project.ts";
import type { RunRequest } from "./request.ts";
import { isFolder } from "./sources.ts";
import { entryOf, textOf, type MapNode } from "./yamlTree.ts";

// What would fail under another backend. MLflow (3.17.2) says it in a traceback, or only after a run has been created, which then
// stays RUNNING.

/** What the request and its files say. `folder`: the one that `mlflow run` is started in. @throws MlflowError in one sentence. */
export async function checkBackend(request: RunRequest, folder: string): Promise<void> {
  const { backend, backend_config: given } = request;
  const config = given === undefined ? undefined : await readConfig(given, folder);
  const exists = (path: string) => existsSync(resolve(folder, path));
  if (backend === "kubernetes") {
    if (config === undefined)
      throw invalid("The backend kubernetes needs a configuration (--backend-config) with kube-job-template-path.");
    refuse("kubernetes", config, exists);
    await checkTemplate(textOf(entryOf(config, "kube-job-template-path")?.value) ?? "", folder);
    await checkDockerProject(request, folder);
  }
  if (backend !== "databricks") return;
  checkDatabricks(request, config);
  if ((await documentOf(request, folder))?.environment?.kind === "docker")
    throw invalid("The backend databricks runs no docker projects.");
}

function checkDatabricks({ tracking_uri }: RunRequest, config: MapNode | undefined): void {
  const store = tracking_uri || process.env["MLFLOW_TRACKING_URI"] || "";
  const isRemote = /^https?:\/\/(?!localhost[:/]|127\.|\[::1\]|0\.0\.0\.0)./.test(store);
  if (!isRemote && !/^databricks(:\/\/|$)/.test(store)) {
    throw invalid(
      "The backend databricks logs to Databricks, or to a server that it can reach; set MLFLOW_TRACKING_URI to databricks.",
    );
  }
  if (config === undefined) throw invalid("The backend databricks needs a new cluster's settings (--backend-config).");
  refuse("databricks", config, () => true);
}

function refuse(kind: BackendFile, root: MapNode, exists: (path: string) => boolean, where = ""): void {
  const mistake = checkBackendFile(kind, root, exists).find(({ severity }) => severity === "error");
  if (mistake !== undefined) throw invalid(where + mistake.message);
}

async function readConfig(given: string, folder: string): Promise<MapNode> {
  const isFile = given.endsWith(".json");
  let text = given;
  try {
    if (isFile) text = await readFile(resolve(folder, given), "utf8");
  } catch (cause) {
    throw invalid(`The backend's configuration ${given} cannot be read.`, cause);
  }
  const { root } = readJsonText(text);
  if (root?.kind === "map") return root;
  throw invalid(`The backend's configuration ${isFile ? `${given} ` : ""}is no JSON object.`);
}

async function checkTemplate(path: string, folder: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(resolve(folder, path), "utf8");
  } catch (cause) {
    throw invalid(`The job template ${path} cannot be read.`, cause);
  }
  const { root, problems } = readYamlText(text);
  const broken = problems.find(({ severity }) => severity === "error");
  if (broken !== undefined) throw invalid(`${path}: ${broken.message}`);
  if (root?.kind !== "map") throw invalid(`The job template ${path} has no keys.`);
  refuse("job_template", root, () => true, `${path}: `);
}

/** Of a folder of this machine; undefined for what lies elsewhere, which MLflow fetches. */
async function documentOf({ project_uri, projectFolder }: RunRequest, folder: string) {
  const place = resolve(folder, project_uri ?? projectFolder);
  return isFolder(place) ? (await readProject(place)).document : undefined;
}

async function checkDockerProject(request: RunRequest, folder: string): Promise<void> {
  const document = await documentOf(request, folder);
  if (document === undefined) return;
  if (document.environment?.kind !== "docker")
    throw invalid("The backend kubernetes runs docker projects: this MLproject has no docker_env.");
  if (document.name === undefined || document.name === "")
    throw invalid("Project name in MLProject must be specified when using docker for image tagging.");
}

/**
 * Prints what is wrong in an interpreter: `package NAME`, `client VERSION` for one that does not take what this mlflow gives it
 * (3.17.2 gives `pretty=True`, which is refused since kubernetes 37), `context`, or the backends that there are.
 */
const PROBE = `
import importlib.util, inspect, os, sys
backend, context = sys.argv[1:3]
def refuses_flags():
    from kubernetes.client import BatchV1Api
    if "pretty" not in inspect.signature(BatchV1Api.create_namespaced_job).parameters:
        return False
    folder = os.path.dirname(importlib.util.find_spec("mlflow").origin)
    with open(os.path.join(folder, "projects", "kubernetes.py")) as file:
        return "pretty=True" in file.read()
if backend == "kubernetes":
    missing = [name for name in ("kubernetes", "docker") if importlib.util.find_spec(name) is None]
    if missing:
        print("package", missing[0])
    elif refuses_flags():
        print("client", sys.modules["kubernetes"].__version__)
    else:
        from kubernetes import config
        try:
            config.load_kube_config(context=context or None)
        except Exception as error:
            try:
                config.load_incluster_config()
            except Exception:
                print("context", error)
else:
    from importlib import metadata
    try:
        found = metadata.entry_points(group="mlflow.project_backend")
    except TypeError:
        found = metadata.entry_points().get("mlflow.project_backend", [])
    names = sorted({one.name for one in found})
    if backend not in names:
        print("backends", *names)
`;

interface Machine {
  python: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** What this machine and the interpreter lack. @throws MlflowError in one sentence. */
export async function checkMachine({ backend = "", backend_config }: RunRequest, machine: Machine): Promise<void> {
  if (backend === "databricks") return;
  if (backend === "kubernetes") await checkDocker(machine);
  const config = backend_config === undefined ? undefined : await readConfig(backend_config, machine.cwd);
  const context = config === undefined ? undefined : textOf(entryOf(config, "kube-context")?.value);
  const args = ["-c", PROBE, backend, context ?? ""];
  const [what, ...more] = ((await outputOf(machine.python, args, machine)) ?? "").split(" ");
  if (what === "package") {
    const name = more.join(" ");
    throw wrongState(
      `The backend kubernetes needs the Python package ${name}: ${machine.python} -m pip install ${name}.`,
    );
  }
  if (what === "client") {
    const wanted = `${machine.python} -m pip install 'kubernetes<37'`;
    throw wrongState(`This mlflow cannot speak to a cluster through kubernetes ${more.join(" ")}: ${wanted}.`);
  }
  if (what === "context") {
    const which = context === undefined ? "with a current context" : `with the context ${context}`;
    throw wrongState(`No cluster is known here: there is no kubeconfig ${which} (KUBECONFIG, ~/.kube/config).`);
  }
  if (what === "backends") {
    const others = ["local", "databricks", "kubernetes", ...more].join(", ");
    throw invalid(`No backend ${backend} is installed in ${machine.python}: it has ${others}.`);
  }
}

async function checkDocker({ env }: Machine): Promise<void> {
  const lack = await dockerLack(env);
  if (lack === undefined) return;
  const what = { program: "which was not found; install it", daemon: "whose daemon does not answer; start it" };
  throw wrongState(`The backend kubernetes makes its image by docker, ${what[lack]}.`);
}

function invalid(message: string, cause?: unknown): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message, cause === undefined ? {} : { cause });
}

function wrongState(message: string): MlflowError {
  return new MlflowError("INVALID_STATE", message);
}
