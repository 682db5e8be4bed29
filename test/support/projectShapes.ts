import assert from "node:assert/strict";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ProjectGround } from "./projectGround.ts";
import type { BETTERMENTS, Outcome } from "./projectRuns.ts";

// Project shapes that together use every row of the spec's sections on keys, values and environments.

export interface ShapePlace extends ProjectGround {
  /** The shape's project, where the run is started. */
  project: string;
  /** Makes a run of the side's experiment, for `--run-id`. */
  newRun(): Promise<string>;
}

export interface Shape {
  name: string;
  /** Beside seen.py. */
  files?: Record<string, string>;
  args(place: ShapePlace): string[] | Promise<string[]>;
  env?(ground: ProjectGround): NodeJS.ProcessEnv;
  /** Of BETTERMENTS, beside those that hold everywhere. */
  otherwise?: (keyof typeof BETTERMENTS)[];
  /** Flowdeck leaves it to mlflow: nothing is otherwise. What is asked of others over HTTP is compared, too. */
  handedOver?: boolean;
  /** File of ../shared/mlprojects that is its MLproject, by the name without the ending. */
  real?: string;
  /** The project's folder is a repository with one commit. */
  inGit?: boolean;
  /** A Python package that is not mlflow's. */
  needs?: "kubernetes";
  /** The side that runs first: environments are shared. */
  first?: "flowdeck" | "mlflow";
  code?: number;
  /** Fails when the shape does not do what it is there for. */
  does?(outcome: Outcome, ground: ProjectGround): void;
}

const LOCAL = ["--env-manager", "local"];
const SHOW = "python seen.py";
/** Used by the repositories and archives, too. */
export const PLAIN = `name: plain
entry_points:
  main:
    parameters: {a: {default: 1}}
    command: "${SHOW} {a}"
  fails: {command: "exit 3"}
`;

const ran = ({ runs, seen }: Outcome) => {
  assert.deepEqual(
    runs.map(({ status }) => status),
    ["FINISHED"],
  );
  assert.equal(seen.length, 1);
};

/** `version` is the Python's that the environments are made with. */
export function projectShapes(version: string): Shape[] {
  return [
    {
      name: "a script without an MLproject file, with values that need quoting",
      args: ({ project }) => [
        project,
        "-e",
        "seen.py",
        ...LOCAL,
        "-P",
        "a=x y",
        "-P",
        'b-c=it\'s $(id) `id` "q"',
        "-P",
        "u=é\nz",
      ],
      does: ({ seen }) =>
        assert.deepEqual(seen[0]?.argv, ["--a", "x y", "--b-c", 'it\'s $(id) `id` "q"', "--u", "é\nz"]),
    },
    {
      name: "a shell script as entry point",
      files: { "go.sh": 'python seen.py "$@"\n' },
      args: ({ project }) => [project, "-e", "go.sh", ...LOCAL, "-P", "n=1"],
      env: () => ({ SHELL: "/bin/bash" }),
      does: ran,
    },
    {
      name: "declared parameters with YAML's values as Python prints them, defaults, and others appended",
      files: {
        MLproject: `entry_points:
  main:
    parameters:
      lr: {type: float, default: 1.0e-5}
      flag: {default: yes}
      text: {type: string, default: "a b"}
      list: {default: [1, two]}
      must: string
    command: "${SHOW} {lr} {flag} {text} {list} {must} {{}}"
`,
      },
      args: ({ project }) => [project, ...LOCAL, "-P", "must=it's", "-P", "more=x=y", "-P", "empty="],
      does: ran,
    },
    {
      name: "a command of several lines, of which the last one's status counts",
      files: { MLproject: `entry_points:\n  main:\n    command: |\n      false\n      ${SHOW}` },
      args: ({ project }) => [project, ...LOCAL],
      does: ran,
    },
    {
      name: "a python_env project, in the environment that mlflow has built",
      files: { MLproject: `python_env: env.yaml\n${PLAIN}`, "env.yaml": `python: "${version}"\n` },
      args: ({ project }) => [project],
      first: "mlflow",
      does: ran,
    },
    {
      name: "python_env.yaml under uv, in the environment that flowdeck has built",
      files: { MLproject: PLAIN, "python_env.yaml": `python: "${version}"\nbuild_dependencies: []\n` },
      args: ({ project }) => [project, "--env-manager", "uv"],
      env: ({ work }) => ({ MLFLOW_ENV_ROOT: join(work, "uv") }),
      first: "flowdeck",
      does: ran,
    },
    {
      name: "a project without environment, virtualenv asked for",
      files: { MLproject: PLAIN },
      args: ({ project }) => [project, "--env-manager", "virtualenv"],
      does: ran,
    },
    {
      name: "a conda project under virtualenv",
      files: { MLproject: `conda_env: c.yaml\n${PLAIN}`, "c.yaml": `dependencies: [python=${version}, numpy]\n` },
      args: ({ project }) => [project, "--env-manager", "virtualenv"],
      does: ran,
    },
    {
      name: "a conda project, by the conda on PATH",
      files: { MLproject: `conda_env: c.yaml\n${PLAIN}`, "c.yaml": "dependencies: [python=3.9]\n" },
      args: ({ project }) => [project],
      does: ({ calls, runs }) => {
        assert.equal(runs[0]?.tags["mlflow.project.env"], "conda");
        assert.deepEqual(
          calls.map(([program]) => program),
          ["conda", "conda", "activate"],
        );
      },
    },
    {
      name: "conda.yaml, by the conda of CONDA_EXE, made by mamba",
      files: { MLproject: PLAIN, "conda.yaml": "dependencies: [python=3.8]\n" },
      args: ({ project }) => [project, "--env-manager", "conda"],
      env: ({ programs }) => ({
        CONDA_EXE: join(programs.condaHome, "bin/conda"),
        MLFLOW_CONDA_CREATE_ENV_CMD: "mamba",
      }),
      does: ({ calls }) =>
        assert.deepEqual(
          calls.map(([program]) => program),
          ["conda", "mamba", "conda()"],
        ),
    },
    {
      name: "a conda environment that cannot be made",
      files: { MLproject: PLAIN, "conda.yaml": "dependencies: [python=3.7]\n" },
      args: ({ project }) => [project],
      env: () => ({ CONDA_FAILS: "1" }),
      otherwise: ["what fails before the command runs leaves no run behind"],
      code: 1,
    },
    {
      name: "a python_env project, conda asked for",
      files: { MLproject: `python_env: env.yaml\n${PLAIN}`, "env.yaml": "dependencies: []\n" },
      args: ({ project }) => [project, "--env-manager", "conda"],
      otherwise: ["what fails before the command runs leaves no run behind"],
      code: 1,
    },
    {
      name: "a docker project with volumes, variables and arguments of docker",
      files: {
        MLproject: `docker_env:
  image: base:1
  volumes: ["$PWD/data:/data", "/x:/y:ro"]
  environment: [["SET", "v"], "EXTRA_COPIED"]
${PLAIN}`,
      },
      args: ({ project }) => [project, "-P", "a=x y", "-A", "t", "-A", "gpus=all", "-A", "tty"],
      env: () => ({ EXTRA_COPIED: "secret" }),
      otherwise: ["a container finds its server, is found by its run, and gets what is copied without showing it"],
      does: ({ calls, runs }) => {
        assert.equal(runs[0]?.tags["mlflow.docker.image.id"], "sha256:abc123");
        assert(calls.some(([, verb]) => verb === "run"));
      },
    },
    {
      name: "a docker project in an image built for it, whose command fails",
      files: { MLproject: `docker_env: {image: "base:1"}\n${PLAIN}` },
      args: ({ project }) => [project, "--build-image", "--env-manager", "uv"],
      env: () => ({ CONTAINER_EXIT: "4" }),
      otherwise: ["a container finds its server, is found by its run, and gets what is copied without showing it"],
      code: 1,
      does: ({ runs, dockerfile }, { daemon }) => {
        assert.equal(runs[0]?.tags["mlflow.docker.image.uri"], "plain");
        const theirs = /FROM [^]*?WORKDIR \S+\n/.exec(gunzipSync(daemon.built ?? Buffer.of()).toString("latin1"))?.[0];
        const words = (text = "") => text.replace("mlflow-project-docker-build-context/", ".").split(/\s+/);
        assert.deepEqual(words(dockerfile), words(theirs));
      },
    },
    {
      name: "a docker project whose variable is not set",
      files: { MLproject: `docker_env: {image: "base:1", environment: [EXTRA_ABSENT]}\n${PLAIN}` },
      args: ({ project }) => [project],
      otherwise: ["what fails before the command runs leaves no run behind"],
      code: 1,
    },
    {
      name: "paths and URIs: a file, a folder's artifact, an artifact of a run, an address",
      files: {
        MLproject: `entry_points:
  main:
    parameters: {here: path, there: path, whole: path, address: uri}
    command: "${SHOW} {here} {there} {whole} {address}"
`,
      },
      args: ({ project, work, datasetRun }) => [
        ...[project, ...LOCAL, "--storage-dir", join(work, "storage")],
        ...[
          "-P",
          "here=seen.py",
          "-P",
          `there=runs:/${datasetRun}/data/one.txt`,
          "-P",
          `whole=runs:/${datasetRun}/data`,
        ],
        ...["-P", "address=s3://b/k"],
      ],
      does: (outcome) => {
        ran(outcome);
        assert.match(outcome.seen[0]?.argv[1] ?? "", /storage\/FETCHED\/param_1\/one\.txt$/);
      },
    },
    {
      name: "a path that is not there",
      files: { MLproject: `entry_points: {main: {parameters: {p: path}, command: "${SHOW} {p}"}}\n` },
      args: ({ project }) => [project, ...LOCAL, "-P", "p=no/such"],
      otherwise: ["what fails before the command runs leaves no run behind"],
      code: 1,
    },
    ...(["", "feature", "v1", "COMMIT"] as const).map(
      (wanted): Shape => ({
        name: `a folder of a repository over http, ${wanted === "" ? "its default branch" : `version ${wanted}`}`,
        args: ({ gitHost, commit }) => [
          ...[`${gitHost}/repo.git#sub`, ...LOCAL],
          ...(wanted === "" ? [] : ["-v", wanted === "COMMIT" ? commit : wanted]),
        ],
        does: ran,
      }),
    ),
    {
      name: "a version that the repository does not have",
      args: ({ gitHost }) => [`${gitHost}/repo.git#sub`, ...LOCAL, "-v", "none"],
      code: 1,
    },
    {
      name: "a folder below the repository that is not there",
      args: ({ gitHost }) => [`${gitHost}/repo.git#other`, ...LOCAL],
      code: 1,
    },
    {
      name: "a folder in a repository",
      args: ({ work }) => [join(work, "local/sub"), ...LOCAL, "-e", "seen.py"],
      does: ran,
    },
    {
      // Last of those of this repository: mlflow changes what is checked out, and gives it a remote.
      name: "a version of a repository of this machine",
      args: ({ work }) => [join(work, "local"), ...LOCAL, "-e", "sub/seen.py", "-v", "v1"],
      otherwise: ["a version of a repository of this machine runs in a folder of its own"],
      first: "flowdeck",
      does: ran,
    },
    {
      name: "a ZIP file of this machine",
      args: ({ work }) => [join(work, "project.zip"), ...LOCAL],
      does: ran,
    },
    {
      name: "a folder in a ZIP file over http",
      args: ({ fileHost }) => [`${fileHost}/nested.zip#sub`, ...LOCAL],
      does: ran,
    },
    {
      name: "a ZIP file that is not there",
      args: ({ fileHost }) => [`${fileHost}/absent.zip`, ...LOCAL],
      code: 1,
    },
    {
      name: "a file: URI",
      files: { MLproject: PLAIN },
      args: ({ project }) => [`file://${project}`, ...LOCAL],
      otherwise: ["a file: URI is named by its path"],
      does: ran,
    },
    {
      name: "a run that is there already",
      files: { MLproject: PLAIN },
      args: async ({ project, newRun }) => [project, ...LOCAL, "--run-id", await newRun(), "--run-name", "taken"],
      does: ran,
    },
    {
      name: "a name of the run",
      files: { MLproject: PLAIN },
      args: ({ project }) => [project, ...LOCAL, "--run-name", "mine"],
      does: ({ runs }) => assert.equal(runs[0]?.tags["mlflow.runName"], "mine"),
    },
    {
      name: "steps that a script starts by mlflow.run, as children of its run",
      files: {
        MLproject: `entry_points:
  main: {command: "python steps.py"}
  step: {parameters: {n: float}, command: "${SHOW} {n}"}
`,
        "steps.py": `import mlflow
with mlflow.start_run():
    mlflow.run(".", "step", parameters={"n": 1}, env_manager="local")
`,
      },
      args: ({ project }) => [project, ...LOCAL],
      does: ({ runs, seen }) => {
        assert.equal(runs[1]?.tags["mlflow.parentRunId"], "RUN 0");
        assert.equal(seen[0]?.argv[0], "1");
      },
    },
    {
      name: "a command that fails",
      files: { MLproject: PLAIN },
      args: ({ project }) => [project, ...LOCAL, "-e", "fails"],
      code: 1,
      does: ({ runs }) => assert.equal(runs[0]?.status, "FAILED"),
    },
    {
      name: "a placeholder that is no parameter",
      files: { MLproject: 'entry_points: {main: {command: "echo ${HOME}"}}\n' },
      args: ({ project }) => [project, ...LOCAL],
      otherwise: ["what fails before the command runs leaves no run behind"],
      code: 1,
    },
    {
      name: "a value that is missing",
      files: { MLproject: `entry_points: {main: {parameters: {p: float}, command: "echo {p}"}}\n` },
      args: ({ project }) => [project, ...LOCAL],
      code: 1,
    },
    {
      name: "an entry point that is not there",
      files: { MLproject: PLAIN },
      args: ({ project }) => [project, ...LOCAL, "-e", "train"],
      code: 1,
    },
    {
      name: "a value without a name",
      files: { MLproject: PLAIN },
      args: ({ project }) => [project, "-P", "x"],
      code: 2,
    },
    {
      name: "a value given twice",
      files: { MLproject: PLAIN },
      args: ({ project }) => [project, "-P", "x=1", "-P", "x=2"],
      code: 2,
    },
    {
      name: "a manager that is none",
      files: { MLproject: PLAIN },
      args: ({ project }) => [project, "--env-manager", "poetry"],
      otherwise: ["an environment manager that does not exist is a usage error"],
    },
    {
      name: "entry points of a Databricks job, run here",
      files: { MLproject: `databricks_spark_job: {python_libraries: [x]}\n${PLAIN}` },
      args: ({ project }) => [project, ...LOCAL],
      does: ran,
    },
  ];
}
