import assert from "node:assert/strict";
import { join } from "node:path";
import type { Outcome } from "./projectRuns.ts";
import { PLAIN, type Shape } from "./projectShapes.ts";

// Rows of the spec that the other shapes leave out.

const LOCAL = ["--env-manager", "local"];
const NOTHING_BEFORE = "what fails before the command runs leaves no run behind" as const;

const ran = ({ runs }: Outcome) => assert.equal(runs[0]?.status, "FINISHED");

/** A project that neither can run. */
function refused(name: string, MLproject: string, more: Partial<Shape> = {}): Shape {
  const args: Shape["args"] = ({ project }) => [project, ...LOCAL];
  return { args, code: 1, ...more, name, files: { MLproject, ...more.files } };
}

/** The same where mlflow notices only when it has made a run. */
function refusedLate(name: string, MLproject: string, more: Partial<Shape> = {}): Shape {
  return refused(name, MLproject, { otherwise: [NOTHING_BEFORE], ...more });
}

const ENVIRONMENT = (manager: string) => ({
  args: (({ project }) => [project, "--env-manager", manager]) as Shape["args"],
});

export function rowShapes(version: string): Shape[] {
  const [major, minor] = version.split(".");
  return [
    refused("two environments in one project", `conda_env: c.yaml\npython_env: p.yaml\n${PLAIN}`),
    refused("an environment key without a value beside another one", `conda_env:\ndocker_env: {image: a}\n${PLAIN}`),
    refused("a python_env file that is not there", `python_env: none.yaml\n${PLAIN}`),
    refused("entry points that are nothing", "name: x\nentry_points:\n"),
    refused("parameters that are a list", "entry_points: {main: {parameters: [a], command: echo}}\n"),
    {
      name: "an environment key without a value, and a python_env.yaml",
      files: { MLproject: `conda_env:\n${PLAIN}`, "python_env.yaml": `python: "${version}"\n` },
      args: ({ project }) => [project],
      does: ({ runs }) => assert.equal(runs[0]?.tags["mlflow.project.env"], "virtualenv"),
    },
    {
      name: "no environment at all, for conda.yml is none",
      files: { MLproject: PLAIN, "conda.yml": "dependencies: [python=3.9]\n" },
      args: ({ project }) => [project],
      otherwise: ["a project that declares no environment runs in the present one"],
      does: ran,
    },
    {
      name: "a file without entry points, and keys that nobody knows",
      files: { MLproject: "name: only scripts\ndescription: {of: it}\n" },
      args: ({ project }) => [project, "-e", "seen.py", ...LOCAL],
      does: ran,
    },
    {
      name: "scalars of YAML 1.1 as values",
      files: {
        MLproject: `entry_points:
  main:
    parameters:
      a: {default: 1e-5}
      b: {default: 1.0e-5}
      c: {default: 010}
      d: {default: 1_000}
      e: {default: 0b11}
      f: {default: 0x1F}
      g: {default: 0o10}
      h: {default: 1:30}
      i: {default: yes}
      j: {default: y}
      k: {default: 2020-01-01}
      l: {default: None}
      m: {default: 1.0e+16}
      n: {default: {x: 1}}
      y: {default: ""}
      o: {type: string, default: "it's $(id) \\"q\\" \`b\`"}
    command: "python seen.py {a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l} {m} {n} {y} {o}"
`,
      },
      args: ({ project }) => [project, ...LOCAL],
      does: ({ seen }) =>
        assert.deepEqual(seen[0]?.argv, [
          ...["1e-5", "1e-05", "8", "1000", "3", "31", "0o10", "90", "True", "y", "2020-01-01", "None", "1e+16"],
          ...["{'x': 1}", "", 'it\'s $(id) "q" `b`'],
        ]),
    },
    refused(
      "a default that is null is none",
      'entry_points: {main: {parameters: {a: {default: ~}}, command: "echo {a}"}}\n',
    ),
    {
      name: "a path as file: URI, and an address with any scheme",
      files: {
        MLproject: `entry_points: {main: {parameters: {p: path, u: uri}, command: "python seen.py {p} {u}"}}\n`,
      },
      args: ({ project }) => [project, ...LOCAL, "-P", `p=file://${project}/seen.py`, "-P", "u=C:\\x"],
      does: ({ seen }) => assert.match(seen[0]?.argv[0] ?? "", /^FETCHED\/seen\.py$/),
    },
    refusedLate(
      "a number as default of a path",
      'entry_points: {main: {parameters: {p: {type: path, default: 5}}, command: "echo {p}"}}\n',
    ),
    refusedLate("a conda file without a version of Python, under virtualenv", PLAIN, {
      files: { "conda.yaml": "dependencies: [python, numpy]\n" },
      ...ENVIRONMENT("virtualenv"),
    }),
    refusedLate("a conda file with items that are no texts, under uv", PLAIN, {
      files: { "conda.yaml": "dependencies: [python=3.11, {conda: [a]}]\n" },
      ...ENVIRONMENT("uv"),
    }),
    refusedLate("a version of Python that is a number", PLAIN, {
      files: { "python_env.yaml": "python: 3.11\n" },
      ...ENVIRONMENT("virtualenv"),
    }),
    refusedLate("a key that python_env.yaml does not have", PLAIN, {
      files: { "python_env.yaml": "name: x\n" },
      ...ENVIRONMENT("virtualenv"),
    }),
    refusedLate("a requirement that cannot be installed", PLAIN, {
      files: { "python_env.yaml": `python: "${version}"\ndependencies: [./not-there]\n` },
      ...ENVIRONMENT("uv"),
    }),
    {
      name: "a version of Python in two parts, and lines of a requirements file",
      files: {
        MLproject: PLAIN,
        "python_env.yaml": `python: "${major}.${minor}"\nbuild_dependencies: [pip]\ndependencies: ["-r requirements.txt"]\n`,
        "requirements.txt": "pip\n",
      },
      args: ({ project }) => [project],
      first: "mlflow",
      does: ran,
    },
    {
      name: "python_env.yaml without a version of Python, under uv",
      files: { MLproject: PLAIN, "python_env.yaml": "dependencies: []\n" },
      args: ({ project }) => [project, "--env-manager", "uv"],
      env: ({ work }) => ({ MLFLOW_ENV_ROOT: join(work, "uv") }),
      does: ran,
    },
    {
      name: "a conda project by the conda of MLFLOW_CONDA_HOME",
      files: { MLproject: PLAIN, "conda.yaml": "name: n\ndependencies: [python=3.10, {pip: [x]}]\n" },
      args: ({ project }) => [project],
      env: ({ programs }) => ({ MLFLOW_CONDA_HOME: programs.condaHome }),
      does: ({ runs }) => assert.equal(runs[0]?.tags["mlflow.project.env"], "conda"),
    },
    refusedLate(
      "a docker project without a name",
      'docker_env: {image: a}\nentry_points: {main: {command: "true"}}\n',
      {
        args: ({ project }) => [project],
      },
    ),
    refused("a docker project without an image", `docker_env: {volumes: []}\n${PLAIN}`),
    refusedLate("a docker project whose daemon does not answer", `docker_env: {image: "a:1"}\n${PLAIN}`, {
      args: ({ project }) => [project],
      env: () => ({ DOCKER_DOWN: "1" }),
    }),
    {
      name: "a docker project of a repository, in an image built for it",
      args: ({ gitHost }) => [`${gitHost}/docker.git`, "--build-image"],
      otherwise: ["a container finds its server, is found by its run, and gets what is copied without showing it"],
      does: ({ runs }) => assert.match(runs[0]?.tags["mlflow.docker.image.uri"] ?? "", /^plain:[0-9a-f]{7}$/),
    },
    {
      name: "a ZIP file by its file: URI",
      args: ({ work }) => [`file://${join(work, "project.zip")}`, ...LOCAL],
      otherwise: ["a file: URI is named by its path"],
      does: ran,
    },
    {
      name: "a docker project whose image is fetched",
      files: { MLproject: `docker_env: {image: "absent:1"}\n${PLAIN}` },
      args: ({ project }) => [project],
      otherwise: ["a container finds its server, is found by its run, and gets what is copied without showing it"],
      // Without `docker pull` the recording docker has no such image.
      does: ran,
    },
  ];
}
