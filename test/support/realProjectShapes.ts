import assert from "node:assert/strict";
import { join } from "node:path";
import { SEEN } from "./projectRuns.ts";
import type { Shape } from "./projectShapes.ts";

// MLproject files of other people's repositories (../shared/mlprojects), each as it is; their scripts tell what they were given.

const LOCAL = ["--env-manager", "local"];

/** A project's scripts, and the files that its MLproject names. */
function scripts(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, SEEN]));
}

/** The script was started once with these words. */
function given(...argv: string[]): NonNullable<Shape["does"]> {
  return ({ runs, seen }) => {
    assert.deepEqual(
      runs.map(({ status }) => status),
      ["FINISHED"],
    );
    assert.deepEqual(
      seen.map((one) => one.argv),
      [argv],
    );
  };
}

const CONDA = "name: real\nchannels: [conda-forge]\ndependencies: [python=3.9, pip, {pip: [mlflow]}]\n";

export function realProjectShapes(version: string): Shape[] {
  const pythonEnv = `python: "${version}"\n`;
  return [
    {
      name: "real: declared types that MLflow does not know, and defaults of a conda project",
      real: "MFrancys__credit-risk-machine-learning-pipeline-__2",
      files: { ...scripts("build_data.py"), "conda.yml": CONDA },
      args: ({ project }) => [
        ...[
          project,
          ...LOCAL,
          "-P",
          "main_dataset_path_artifact=a b",
          "-P",
          "credit_report_dataset_path_artifact=c:v1",
        ],
        ...["-P", "artifact_name=it's", "-P", 'artifact_description=a "quoted" $HOME'],
      ],
      does: given(
        ...["--main_dataset_path_artifact", "a b", "--credit_report_dataset_path_artifact", "c:v1"],
        ...["--artifact_name", "it's", "--artifact_type", "raw_data", "--artifact_description", 'a "quoted" $HOME'],
      ),
    },
    {
      name: "real: descriptions beside the types, and a command of folded lines",
      real: "rogerroxbr__Air-Quality__1",
      files: scripts("run.py"),
      args: ({ project }) => [
        ...[project, ...LOCAL, "-P", "sample=s", "-P", "artifact_name=n", "-P", "artifact_type=t"],
        ...["-P", "artifact_description=é ü"],
      ],
      does: given(
        ...["--sample", "s", "--artifact_name", "n", "--artifact_type", "t", "--artifact_description", "é ü"],
      ),
    },
    {
      name: "real: a conda project by the recording conda, numbers as Python prints them",
      real: "jrybicki-jsc__airmlflow__1",
      files: { ...scripts("server.py"), "conda.yaml": CONDA },
      args: ({ project }) => [project, "-P", "lr_ratio=1e-3"],
      does: (outcome, ground) => {
        given("0.66", "1e-3")(outcome, ground);
        assert.equal(outcome.runs[0]?.tags["mlflow.project.env"], "conda");
      },
    },
    {
      name: "real: nine parameters, of which none is given",
      real: "pjatk-asi__grupa-7__1",
      files: { ...scripts("train.py"), "conda.yaml": CONDA },
      args: ({ project }) => [project, ...LOCAL],
      does: given("l2", "0.05", "saga", "0.2", "0.02", "5", "4", "1000", "4000"),
    },
    {
      name: "real: a module of a package, in the virtual environment that its python_env asks for",
      real: "toluwee__mlops-end-to-end__1",
      files: { ...scripts("src/models/train.py"), "python_env.yaml": pythonEnv },
      args: ({ project }) => [project],
      does: (outcome, ground) => {
        given("--data-path", "data/iris.csv", "--experiment-name", "iris-classification")(outcome, ground);
        assert.equal(outcome.runs[0]?.tags["mlflow.project.env"], "virtualenv");
      },
    },
    {
      name: "real: an entry point of several, its values over several lines, under uv",
      real: "opendatahub-io__mlflow__4",
      files: { ...scripts("train.py"), "python_env.yaml": pythonEnv },
      args: ({ project }) => [
        project,
        "-e",
        "train",
        "--env-manager",
        "uv",
        "-P",
        "seed=1",
        "-P",
        "training_data=d.csv",
      ],
      env: ({ work }) => ({ MLFLOW_ENV_ROOT: join(work, "uv") }),
      first: "flowdeck",
      does: given(
        // `1e-1` is a text to YAML 1.1, and `.0` a number.
        ...["d.csv", "--batch-size", "16", "--epochs", "32", "--learning-rate", "1e-1", "--momentum", "0.0"],
      ),
    },
    {
      name: "real: a path whose default counts from where the run is started",
      real: "Nikshay-Jain__DA5402-Assign-8__1",
      files: { ...scripts("inference.py"), "conda.yaml": CONDA, "test_examples/test_example_0.png": "png" },
      args: ({ project }) => [project, ...LOCAL],
      does: ({ seen }) => assert.match(seen[0]?.argv[1] ?? "", /^FETCHED\/test_examples\/test_example_0\.png$/),
    },
    {
      name: "real: an artifact of a run as path, beside an extra parameter",
      real: "cguz__mlflow-template__1",
      files: { ...scripts("train_model.py"), "conda.yaml": CONDA },
      args: ({ project, work, datasetRun }) => [
        ...[project, "-e", "train_model", ...LOCAL, "--storage-dir", join(work, "storage")],
        ...["-P", `model_path=runs:/${datasetRun}/data/one.txt`, "-P", "more=1"],
      ],
      does: ({ seen }) => assert.match(seen[0]?.argv.join(" ") ?? "", /storage\/FETCHED\/param_0\/one\.txt --more 1$/),
    },
    {
      name: "real: MLflow's own test project, a uri and a type of its own",
      real: "opendatahub-io__mlflow__32",
      files: { ...scripts("greeter.py"), "conda.yaml": CONDA },
      args: ({ project }) => [project, "-e", "greeter", ...LOCAL, "-P", "name=friend", "-P", "greeting==hi"],
      does: given("=hi", "friend"),
    },
    {
      name: "real: MLflow's own test project, a uri that is none",
      real: "opendatahub-io__mlflow__32",
      files: { "conda.yaml": CONDA },
      args: ({ project }) => [project, "-e", "download_uri", ...LOCAL, "-P", "uri=no-scheme"],
      otherwise: ["what fails before the command runs leaves no run behind"],
      code: 1,
    },
    {
      name: "real: no environment key, a python_env.yaml beside the file",
      real: "opendatahub-io__mlflow__34",
      files: { ...scripts("entrypoint.py"), "python_env.yaml": pythonEnv },
      args: ({ project }) => [project, "-e", "test"],
      does: given("--test"),
    },
    {
      name: "real: a docker project with variables in pairs, arguments of docker given",
      real: "jsicotte__data-engineering__1",
      args: ({ project }) => [project, "-A", "network=mlflow_default"],
      otherwise: ["a container gets its token, and is found by its run"],
      does: ({ calls }) => assert(calls.some((call) => call.includes("--network") && call.includes("mlflow_default"))),
    },
    {
      name: "real: a docker project with four volumes, another entry point than main",
      real: "admoyes__MCAE__1",
      args: ({ project }) => [project, "-e", "eval"],
      otherwise: ["a container finds its server, is found by its run, and gets what is copied without showing it"],
      does: ({ calls }) => assert.equal(calls.at(-1)?.filter((word) => word.startsWith("/mnt/data/")).length, 4),
    },
    {
      name: "real: a docker project in an image built for it, tagged by its commit",
      real: "ricardofukuda__mlops-mlflow-poc__1",
      inGit: true,
      args: ({ project }) => [project, "--build-image", "-P", "l1_ratio=0.3"],
      otherwise: ["a container finds its server, is found by its run, and gets what is copied without showing it"],
      does: ({ runs }) =>
        assert.match(runs[0]?.tags["mlflow.docker.image.uri"] ?? "", /^mlflow-demo-iris:[0-9a-f]{7}$/),
    },
    {
      name: "real: a template, which is no YAML",
      real: "udacity__nd0821-c2-build-model-workflow-starter__3",
      args: ({ project }) => [project, ...LOCAL],
      code: 1,
    },
  ];
}
