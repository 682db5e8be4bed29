import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { openStore } from "../../src/store/open.ts";
import { clusterEnvironment, clusterProject } from "../support/backendShapes.ts";
import { findKubernetes, findPython, root, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { flowdeckRun } from "../support/mlflowRun.ts";
import { projectGround, type ProjectGround } from "../support/projectGround.ts";
import { PLAIN } from "../support/projectShapes.ts";
import { projectWith } from "../support/runner.ts";

// What Flowdeck adds to Python's `mlflow run --backend`: one sentence where that would fail after a run was created, and an end to
// every run. The cluster and docker are recording ones (test/support/recordingCloud.ts, recordingPrograms.ts).

const python = findPython();
const skip =
  skipWithout(python, "Python with mlflow") || skipWithout(findKubernetes(), "The Python package kubernetes");

let ground: ProjectGround;
before(async () => {
  if (python === undefined) return;
  const version = ["-c", "import platform; print(platform.python_version())"];
  ground = await projectGround(python, execFileSync(python, version, { encoding: "utf8" }).trim());
});

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [ground.programs.bin, dirname(python ?? ""), process.env["PATH"]].join(":"),
    MLFLOW_TRACKING_URI: ground.server.tracking_uri,
    MLFLOW_TRACKING_TOKEN: ground.server.token,
    MLFLOW_DISABLE_TELEMETRY: "true",
    DOCKER_HOST: ground.daemon.host,
    ...clusterEnvironment(ground),
    ...more,
  };
}

async function runsIn(experiment_name: string) {
  const { items } = await ground.server.store.searchExperiments({ filter: `name = '${experiment_name}'` });
  const experiment_ids = items.map(({ experiment_id }) => experiment_id);
  return experiment_ids.length === 0 ? [] : (await ground.server.store.searchRuns({ experiment_ids })).items;
}

/** A Python package that looks like a newer client. */
async function newerClient(): Promise<string> {
  const folder = temporaryFolder();
  await mkdir(join(folder, "kubernetes"));
  await writeFile(join(folder, "kubernetes/__init__.py"), '__version__ = "37.0.2"\n');
  const client = "class BatchV1Api:\n    def create_namespaced_job(self, namespace, body, pretty=None): ...\n";
  await writeFile(join(folder, "kubernetes/client.py"), client);
  return folder;
}

interface Case {
  what: string;
  files?: Record<string, string>;
  env?: () => Promise<NodeJS.ProcessEnv>;
  args?: string[];
  sentence: RegExp;
}
const CLUSTER = ["-b", "kubernetes", "-c", "kubernetes_config.json", "-P", "alpha=1"];
const cases: Case[] = [
  {
    what: "no docker project",
    files: { MLproject: PLAIN },
    sentence: /runs docker projects: this MLproject has no docker_env\./,
  },
  {
    what: "a docker project without a name",
    files: { MLproject: 'docker_env: {image: a}\nentry_points: {main: {command: "true"}}\n' },
    sentence: /Project name in MLProject must be specified/,
  },
  {
    what: "a template without a namespace",
    files: { "job.yaml": "metadata: {}\n" },
    sentence: /job\.yaml: .* without metadata\.namespace\./,
  },
  {
    what: "a template that is no YAML",
    files: { "job.yaml": "a: [\n" },
    sentence: /job\.yaml: MLflow cannot read this file/,
  },
  {
    what: "a docker that does not answer",
    env: () => Promise.resolve({ DOCKER_DOWN: "1" }),
    sentence: /docker, whose daemon does not answer; start it\./,
  },
  {
    what: "a context that is not there",
    files: clusterProject("complete", { "kube-context": "none" }),
    sentence: /No cluster is known here: there is no kubeconfig with the context none/,
  },
  {
    what: "no kubeconfig",
    env: () => Promise.resolve({ KUBECONFIG: "/no/such" }),
    sentence: /there is no kubeconfig with a current context/,
  },
  {
    what: "no Python package",
    env: () => Promise.resolve({ PYTHONPATH: "" }),
    sentence: /needs the Python package kubernetes: \S+ -m pip install kubernetes\./,
  },
  {
    what: "a client that this mlflow cannot use",
    env: async () => ({ PYTHONPATH: await newerClient() }),
    sentence: /cannot speak to a cluster through kubernetes 37\.0\.2: \S+ -m pip install 'kubernetes<37'\./,
  },
  {
    what: "a backend that nobody has installed",
    args: ["-b", "slurm", "-P", "alpha=1"],
    sentence: /No backend slurm is installed in \S+: it has local, databricks, kubernetes\./,
  },
];
for (const { what, files = {}, env = () => Promise.resolve({}), args = CLUSTER, sentence } of cases) {
  test(`${what}: told in one sentence, no run is created and nothing is asked of the cluster`, { skip }, async () => {
    const project = await projectWith({ ...clusterProject("complete"), ...files });
    ground.cloud.requests = [];
    const call = { args: [project, ...args, "--experiment-name", what], cwd: project, env: environment(await env()) };
    const { code, printed } = await flowdeckRun(call);
    assert.equal(code, 1);
    assert.match(printed, sentence);
    assert.equal(printed.trim().split("\n").length, 1, printed);
    assert.deepEqual([await runsIn(what), ground.cloud.requests], [[], []]);
  });
}

for (const [how, end] of [
  ["stopped", "SIGTERM"],
  ["ended without warning", "SIGKILL"],
] as const) {
  test(`a job whose flowdeck run is ${how} is taken back from the cluster, and its run is closed`, {
    skip,
  }, async () => {
    const project = await projectWith(clusterProject("endless"));
    ground.cloud.requests = [];
    const args = [join(root, "dist/cli.js"), "run", project, ...CLUSTER, "--experiment-name", how];
    const child = spawn(process.execPath, args, { cwd: project, env: environment(), stdio: "ignore" });
    const asked = (method: string, path: RegExp) =>
      ground.cloud.requests.some((request) => request.startsWith(`${method} `) && path.test(request));
    await until("mlflow to wait for the job", () => asked("GET", /\/jobs\/.*\/status/));
    child.kill(end);
    await until("the job to be taken back", () => asked("DELETE", /\/jobs\//));
    await until("the run to be closed", async () => (await runsIn(how))[0]?.info.status !== "RUNNING");
    assert.deepEqual(
      (await runsIn(how)).map(({ info }) => info.status),
      ["FAILED"],
    );
  });
}

test("a run that mlflow leaves open in a database, with no server, is closed there", { skip }, async () => {
  const project = await projectWith(clusterProject("refused"));
  const uri = `sqlite:///${join(temporaryFolder(), "mlflow.db")}`;
  const store = openStore(uri);
  await store.createExperiment({ name: "in a file" });
  const args = [project, ...CLUSTER, "--experiment-name", "in a file"];
  const { code, printed } = await flowdeckRun({ args, cwd: project, env: environment({ MLFLOW_TRACKING_URI: uri }) });
  assert.equal(code, 1);
  assert.match(printed, /Flowdeck: the run \w{32}, which mlflow left open, is FAILED/);
  const { experiment_id } = await store.getExperimentByName({ experiment_name: "in a file" });
  const { items } = await store.searchRuns({ experiment_ids: [experiment_id] });
  store.close();
  assert.deepEqual(
    items.map(({ info }) => [info.status, info.end_time !== undefined]),
    [["FAILED", true]],
  );
});
