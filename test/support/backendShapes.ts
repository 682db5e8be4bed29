import assert from "node:assert/strict";
import { join } from "node:path";
import { findKubernetes } from "./environment.ts";
import type { ProjectGround } from "./projectGround.ts";
import { PLAIN, type Shape } from "./projectShapes.ts";

// Backends that Flowdeck leaves to Python's `mlflow run`: what docker's daemon, the cluster and the workspace hear is the same.

const DOCKER = `name: in-docker
docker_env: {image: "base:1"}
entry_points:
  main:
    parameters: {alpha: float, text: {default: "a b"}}
    command: "python train.py --alpha {alpha} --text {text}"
`;

/** A job template; `becomes` is what the recording cluster makes of it. */
function jobTemplate(becomes: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata: {name: replaced, namespace: training, labels: {becomes: ${becomes}}}
spec:
  ttlSecondsAfterFinished: 100
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - {name: replaced, image: replaced, command: [replaced], env: [{name: KEPT, value: "1"}]}
`;
}

/** Files of a docker project with what the backend kubernetes needs. */
export function clusterProject(becomes: string, config: Record<string, string> = {}): Record<string, string> {
  const whole = { "kube-job-template-path": "job.yaml", "repository-uri": "registry:5000/in-docker", ...config };
  return { MLproject: DOCKER, "job.yaml": jobTemplate(becomes), "kubernetes_config.json": JSON.stringify(whole) };
}

export function clusterEnvironment({ cloud }: Pick<ProjectGround, "cloud">): NodeJS.ProcessEnv {
  return { KUBECONFIG: cloud.kubeconfig, PYTHONPATH: findKubernetes() };
}

const CLUSTER = ["-b", "kubernetes", "-c", "kubernetes_config.json"];

export const backendShapes: Shape[] = [
  {
    name: "a backend that is a plugin of mlflow",
    handedOver: true,
    files: { MLproject: PLAIN },
    args: ({ project }) => [
      ...[project, "-b", "recorded", "-c", '{"k": "v"}', "-P", "a=x y", "-e", "main", "--run-name", "there"],
    ],
    env: ({ work }) => ({ PYTHONPATH: join(work, "plugin") }),
    does: ({ seen }) => assert.equal(seen.length, 1),
  },
  {
    name: "a job of a recording Kubernetes cluster, its image built and pushed by a recording docker",
    handedOver: true,
    needs: "kubernetes",
    otherwise: ["docker is asked whether it answers before a run is created"],
    files: clusterProject("complete"),
    args: ({ project }) => [project, ...CLUSTER, "--build-image", "-P", "alpha=0.5", "-P", "more=it's"],
    env: clusterEnvironment,
    does: ({ runs, asked = [] }) => {
      assert.equal(runs[0]?.status, "FINISHED");
      assert.equal(runs[0]?.tags["mlflow.project.backend"], "kubernetes");
      assert.equal(runs[0]?.tags["mlflow.docker.image.id"], "sha256:pushed");
      const job = asked.find((one) => one.startsWith("POST /apis/batch/v1/namespaces/training/jobs")) ?? "";
      assert.match(job, /"image": ?"registry:5000\/in-docker@sha256:pushed"/);
      assert(asked.some((one) => one.startsWith("POST /images/registry:5000/in-docker/push")));
    },
  },
  {
    name: "a real docker project as a job of another context of the recording cluster, which fails",
    handedOver: true,
    needs: "kubernetes",
    otherwise: ["docker is asked whether it answers before a run is created"],
    real: "opendatahub-io__mlflow__1",
    files: clusterProject("failed", { "kube-context": "other" }),
    args: ({ project }) => [project, ...CLUSTER, "-P", "alpha=0.5"],
    env: (ground) => ({ ...clusterEnvironment(ground), KUBE_MLFLOW_TRACKING_URI: "http://from-the-cluster" }),
    code: 1,
    does: ({ runs, asked = [] }) => {
      assert.equal(runs[0]?.status, "FAILED");
      assert(asked.some((one) => one.includes("http://from-the-cluster")));
    },
  },
  {
    name: "a job that the recording cluster refuses",
    handedOver: true,
    needs: "kubernetes",
    files: clusterProject("refused"),
    args: ({ project }) => [project, ...CLUSTER, "-P", "alpha=0.5"],
    env: clusterEnvironment,
    otherwise: [
      "docker is asked whether it answers before a run is created",
      "what another backend leaves open is closed",
    ],
    code: 1,
    does: ({ asked = [] }) => assert(asked.some((one) => one.includes("/namespaces/training/jobs"))),
  },
  {
    name: "an image that the registry refuses",
    handedOver: true,
    needs: "kubernetes",
    otherwise: [
      "docker is asked whether it answers before a run is created",
      "what another backend leaves open is closed",
    ],
    files: clusterProject("complete", { "repository-uri": "refuses/in-docker" }),
    args: ({ project }) => [project, ...CLUSTER, "--build-image", "-P", "alpha=0.5"],
    env: clusterEnvironment,
    code: 1,
    does: ({ asked = [] }) => {
      assert(asked.some((one) => one.startsWith("POST /images/refuses/in-docker/push")));
      assert(!asked.some((one) => one.includes("/jobs")));
    },
  },
  {
    name: "a plain cluster of a recording Databricks workspace, told on the command line",
    handedOver: true,
    files: { MLproject: PLAIN },
    args: ({ project }) => [project, "-b", "databricks", "-c", '{"spark_version": "14.3.x", "node_type_id": "y"}'],
    env: ({ cloud }) => ({
      ...{ MLFLOW_TRACKING_URI: "databricks", DATABRICKS_HOST: cloud.host, DATABRICKS_TOKEN: "t" },
    }),
    does: ({ asked = [] }) =>
      assert(asked.some((one) => /^POST \/api\/2.0\/jobs\/runs\/submit .*"spark_version": ?"14.3.x"/.test(one))),
  },
  {
    name: "a job of a recording Databricks workspace, on a new cluster",
    handedOver: true,
    files: {
      MLproject: PLAIN,
      "cluster.json": '{"new_cluster": {"spark_version": "15.4.x", "node_type_id": "x", "num_workers": 1}}',
    },
    args: ({ project }) => [project, "-b", "databricks", "-c", "cluster.json", "-P", "a=x y"],
    env: ({ cloud }) => ({
      ...{ MLFLOW_TRACKING_URI: "databricks", DATABRICKS_HOST: cloud.host, DATABRICKS_TOKEN: "t" },
    }),
    does: ({ runs, asked = [] }) => {
      // mlflow does not wait for Databricks: its job goes on, and closes the run.
      assert.equal(runs[0]?.status, "RUNNING");
      assert.equal(runs[0]?.tags["mlflow.databricks.shellJobID"], "9");
      assert(asked.some((one) => /^POST \/api\/2.0\/jobs\/runs\/submit .*"spark_version": ?"15.4.x"/.test(one)));
      assert(asked.some((one) => one.startsWith("POST /dbfs/")));
    },
  },
];
