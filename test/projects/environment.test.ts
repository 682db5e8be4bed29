import assert from "node:assert/strict";
import { chmod, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { findEnvironment, planEnvironment, type EnvironmentQuery } from "../../src/projects/environment.ts";
import { buildEnvironmentFolder, readEnvironmentFolder } from "../../src/projects/environmentFolder.ts";
import { noteBuilt } from "../../src/projects/environmentNotes.ts";
import { matchesVersion } from "../../src/projects/interpreter.ts";
import type { EnvManager } from "../../src/projects/request.ts";
import { UnmetNeed } from "../../src/projects/unmetNeed.ts";
import { temporaryFolder } from "../support/environment.ts";

const range = { start: 0, end: 0 };
const { PATH, MLFLOW_ENV_ROOT } = process.env;
after(() => {
  process.env["PATH"] = PATH;
  if (MLFLOW_ENV_ROOT === undefined) delete process.env["MLFLOW_ENV_ROOT"];
  else process.env["MLFLOW_ENV_ROOT"] = MLFLOW_ENV_ROOT;
});
beforeEach(() => {
  process.env["MLFLOW_ENV_ROOT"] = temporaryFolder();
  process.env["PATH"] = dirname(process.execPath);
});

/** A program that answers as a Python of `version` does; it stands in for the machine's. */
async function fakePython(version: string, name = "python3"): Promise<string> {
  const file = join(temporaryFolder(), name);
  await writeFile(file, `#!/bin/sh\necho ${version}\n`);
  await chmod(file, 0o755);
  return file;
}

async function project(files: Record<string, string>): Promise<string> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const declarations: [
  what: string,
  files: Record<string, string>,
  declared: "conda" | "python_env" | undefined,
  kind: string,
][] = [
  ["a declared conda file", { "env.yaml": "", "python_env.yaml": "" }, "conda", "conda"],
  ["python_env.yaml before conda.yaml", { "conda.yaml": "", "python_env.yaml": "" }, undefined, "python_env"],
  ["conda.yaml", { "conda.yaml": "" }, undefined, "conda"],
  ["nothing for conda.yml", { "conda.yml": "" }, undefined, "none"],
];
for (const [what, files, kind, expected] of declarations) {
  test(`a project's environment: ${what}`, async () => {
    const folder = await project(files);
    const declared = kind === undefined ? undefined : { kind, path: "env.yaml", range };
    assert.equal((await findEnvironment(declared, folder)).kind, expected);
  });
}

test("a declared file that is not there is refused in MLflow's words", async () => {
  const missing = findEnvironment({ kind: "python_env", path: "e.yaml", range }, "/p");
  await assert.rejects(missing, {
    message: "Project specified python_env file /p/e.yaml, but no such file was found.",
  });
});

async function query(changes: Partial<EnvironmentQuery> & { text?: string }): Promise<EnvironmentQuery> {
  const { text, ...rest } = changes;
  const projectFolder = await project(text === undefined ? {} : { "python_env.yaml": text });
  const declared = await findEnvironment(undefined, projectFolder);
  return { declared, manager: "auto", projectFolder, command: "python train.py", ...rest };
}

test("auto takes virtualenv for a project with a file, and local for one without", async () => {
  const python = await fakePython("3.11.7", "python");
  const declared = await planEnvironment(await query({ text: "dependencies: [a]\n", python }));
  assert.deepEqual(
    [declared.manager, declared.detail],
    ["virtualenv", "building: nothing built for python_env.yaml yet"],
  );
  const none = await planEnvironment(await query({ python }));
  assert.deepEqual([none.manager, none.path, none.build], ["local", [dirname(python)], undefined]);
});

test("a built environment is used again", async () => {
  const asked = await query({ text: 'python: "3.11"\n', python: await fakePython("3.11.7") });
  const { activation } = await planEnvironment(asked);
  const bin = dirname(/source (.*) &&/.exec(activation)?.[1] ?? "");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "activate"), "");
  await symlink(asked.python ?? "", join(bin, "python"));
  const again = await planEnvironment(asked);
  assert.deepEqual([again.detail, again.build], ["reused: python_env.yaml unchanged", undefined]);
});

test("an environment whose Python was removed is built again, and so is one that was cut short", async () => {
  const asked = await query({ text: 'python: "3.11"\n', python: await fakePython("3.11.7") });
  const folder = dirname(dirname(/source (.*) &&/.exec((await planEnvironment(asked)).activation)?.[1] ?? ""));
  await mkdir(join(folder, "bin"), { recursive: true });
  await writeFile(join(folder, "bin", "activate"), "");
  await symlink("/nowhere/python", join(folder, "bin", "python"));
  assert.equal((await planEnvironment(asked)).detail, "building again: its Python is gone");
  await writeFile(`${folder}.flowdeck-building`, JSON.stringify({ pid: process.pid, started: "1" }));
  assert.equal((await planEnvironment(asked)).detail, "building again: the last time was cut short");
});

const refusals: [
  what: string,
  changes: () => Promise<Partial<EnvironmentQuery> & { text?: string }>,
  sentence: RegExp,
  instead: EnvManager | undefined,
][] = [
  [
    "another Python is wanted",
    async () => ({ text: 'python: "3.6"\n', python: await fakePython("3.11.7") }),
    /needs Python 3\.6, but only 3\.11\.7 was found; install it, install uv and choose it as environment manager, .*or local/,
    "local",
  ],
  [
    "another Python is wanted, and uv is there",
    async () => {
      process.env["PATH"] = dirname(await fakePython("1", "uv"));
      return { text: 'python: "3.6"\n', python: await fakePython("3.11.7") };
    },
    /only 3\.11\.7 was found; install it, choose the environment manager uv, which fetches it/,
    "uv",
  ],
  [
    "another Python is wanted, none is there, and uv is",
    async () => {
      process.env["PATH"] = dirname(await fakePython("1", "uv"));
      return { text: 'python: "3.6"\n' };
    },
    /needs Python 3\.6, but none was found/,
    "uv",
  ],
  [
    "no Python is there",
    () => Promise.resolve({ text: "dependencies: [a]\n" }),
    /No Python was found; install Python 3/,
    undefined,
  ],
  [
    "local finds no python for the command",
    () => Promise.resolve({ manager: "local" as const }),
    /No Python was found/,
    undefined,
  ],
  [
    "local finds python3 alone for a command that starts python",
    async () => {
      process.env["PATH"] = dirname(await fakePython("3.11.7"));
      return { manager: "local" as const };
    },
    /only .*python3 was found; choose the environment manager virtualenv/,
    "virtualenv",
  ],
  [
    "uv is not there",
    async () => ({ manager: "uv" as const, text: "{dependencies: [a]}", python: await fakePython("3.11.7") }),
    /uv was not found; install it/,
    "virtualenv",
  ],
  [
    "conda is asked for and not there",
    async () => ({ manager: "conda" as const, python: await fakePython("3.11.7") }),
    /conda was not found, nor mamba or micromamba; install one, or choose the environment manager virtualenv/,
    "virtualenv",
  ],
  [
    "conda is asked for and not there, and uv is",
    async () => {
      process.env["PATH"] = dirname(await fakePython("1", "uv"));
      return { manager: "conda" as const, python: await fakePython("3.11.7") };
    },
    /conda was not found, .* choose the environment manager uv/,
    "uv",
  ],
  [
    "the project runs in docker",
    () => Promise.resolve({ declared: { kind: "docker" as const } }),
    /runs in docker, which was not found; install it, or choose the environment manager local/,
    "local",
  ],
];
for (const [what, changes, sentence, instead] of refusals) {
  test(`nothing is begun when ${what}; the sentence names a way out, and the manager that works is told`, async () => {
    const home = process.env["HOME"];
    process.env["HOME"] = temporaryFolder();
    try {
      const planned = planEnvironment(await query(await changes()));
      await assert.rejects(
        planned,
        (error) => error instanceof UnmetNeed && sentence.test(error.message) && error.instead === instead,
      );
    } finally {
      process.env["HOME"] = home;
    }
  });
}

test("a command without python needs none under local", async () => {
  assert.equal((await planEnvironment(await query({ manager: "local", command: "make pythonic" }))).manager, "local");
});

const versions: [version: string, wanted: string | undefined, matches: boolean][] = [
  ["3.11.7", "3.11", true],
  ["3.11.7", "3.1", false],
  ["3.11.7", "3.11.7", true],
  ["3.11.7", undefined, true],
];
for (const [version, wanted, matches] of versions) {
  test(`Python ${version} ${matches ? "is" : "is not"} a Python ${wanted ?? "of any version"}`, () => {
    assert.equal(matchesVersion(version, wanted), matches);
  });
}

test("a build that fails leaves nothing behind", async () => {
  const { path } = await readEnvironmentFolder("mlflow-x");
  const failing = buildEnvironmentFolder(path, new AbortController().signal, async () => {
    await mkdir(path);
    throw new Error("pip");
  });
  await assert.rejects(failing, /pip/);
  assert.equal((await readEnvironmentFolder("mlflow-x")).state, "missing");
});

test("a requirement that changed since the environment was built is named as the reason for another one", async () => {
  const asked = await query({
    text: 'python: "3.11"\ndependencies: [-r requirements.txt]\n',
    python: await fakePython("3.11.7"),
  });
  const write = (text: string) => writeFile(join(asked.projectFolder, "requirements.txt"), text);
  await write("numpy==2\npandas\n");
  const env = { python: "3.11", build_dependencies: [], dependencies: ["-r requirements.txt"], dropped: [] };
  await noteBuilt(env, asked.projectFolder);
  const reasons: [text: string, reason: string][] = [
    ["numpy==2.1\npandas\n", "building: numpy==2.1 was numpy==2 when it was built"],
    ["numpy==2\npandas\nscipy\n", "building: scipy is new since it was built"],
    ["numpy==2\n", "building: pandas is gone since it was built"],
    ["numpy==2\npandas\n", "building: nothing built for python_env.yaml yet"],
  ];
  for (const [text, reason] of reasons) {
    await write(text);
    assert.equal((await planEnvironment(asked)).detail, reason);
  }
});

test("an environment whose builder died is built again, however complete it looks", async () => {
  const { path } = await readEnvironmentFolder("mlflow-x");
  await mkdir(join(path, "bin"), { recursive: true });
  for (const name of ["activate", "python"]) await writeFile(join(path, "bin", name), "");
  await writeFile(`${path}.flowdeck-building`, JSON.stringify({ pid: process.pid, started: "1" }));
  let builds = 0;
  await buildEnvironmentFolder(path, new AbortController().signal, async () => {
    builds += 1;
    await mkdir(join(path, "bin"), { recursive: true });
  });
  assert.equal(builds, 1);
  assert.deepEqual(await readdir(path), ["bin"]);
});

test("of two runs that need one environment, one builds it and the other waits", async () => {
  const { path } = await readEnvironmentFolder("mlflow-x");
  const stop = new AbortController().signal;
  let builds = 0;
  const build = async () => {
    builds += 1;
    assert.equal((await readEnvironmentFolder("mlflow-x")).state, "being built");
    await mkdir(join(path, "bin"), { recursive: true });
    for (const name of ["activate", "python"]) await writeFile(join(path, "bin", name), "");
  };
  await Promise.all([buildEnvironmentFolder(path, stop, build), buildEnvironmentFolder(path, stop, build)]);
  assert.equal(builds, 1);
  assert.equal((await readEnvironmentFolder("mlflow-x")).state, "complete");
});

test("an environment that another run has built since it was looked at is not built again: that run may be using it", async () => {
  const { path, state } = await readEnvironmentFolder("mlflow-x");
  assert.equal(state, "missing");
  await mkdir(join(path, "bin"), { recursive: true });
  for (const name of ["activate", "python", "in use"]) await writeFile(join(path, "bin", name), "");
  await buildEnvironmentFolder(path, new AbortController().signal, () => Promise.reject(new Error("built")));
  assert.deepEqual(await readdir(join(path, "bin")), ["activate", "in use", "python"]);
});
