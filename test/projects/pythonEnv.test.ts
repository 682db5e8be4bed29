import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { absoluteLines, environmentName, readCondaEnv, readPythonEnv } from "../../src/projects/pythonEnv.ts";
import { temporaryFolder } from "../support/environment.ts";

test("a python_env file is read with its lists and its version", () => {
  const text = 'python: "3.10"\nbuild_dependencies: [pip==24.0]\ndependencies:\n  - numpy<3\n  - -r requirements.txt\n';
  assert.deepEqual(readPythonEnv(text, "/p/python_env.yaml"), {
    python: "3.10",
    build_dependencies: ["pip==24.0"],
    dependencies: ["numpy<3", "-r requirements.txt"],
    dropped: [],
  });
});

test("null lists and a null version count as absent", () => {
  const read = readPythonEnv("python:\ndependencies:\n", "/p/python_env.yaml");
  assert.deepEqual(read, { build_dependencies: [], dependencies: [], dropped: [] });
});

const wrongPythonEnvs: [text: string, sentence: RegExp][] = [
  ["python: 3.10\n", /must be a text: write it in quotes/],
  ["version: 3\n", /the key "version" is not known/],
  ["dependencies: numpy\n", /`dependencies` must be a list/],
  ["dependencies: [1.0]\n", /`dependencies` must be a list of texts/],
  ["", /it holds no keys/],
  ["dependencies: [\n", /python_env\.yaml cannot be used/],
];
for (const [text, sentence] of wrongPythonEnvs) {
  test(`the python_env file ${JSON.stringify(text)} is refused in one sentence`, () => {
    assert.throws(
      () => readPythonEnv(text, "/p/python_env.yaml"),
      (error: unknown) => {
        assert(error instanceof MlflowError);
        assert.match(error.message, sentence);
        assert(!error.message.includes("\n"));
        return true;
      },
    );
  });
}

test("of a conda file pip gets python, the build packages and the pip list; the rest is dropped by name", () => {
  const text =
    "name: c\nchannels: [conda-forge]\ndependencies:\n  - python=3.9\n  - pip<=23\n  - setuptools=60.1\n  - cudatoolkit=11\n  - pip:\n      - mlflow\n";
  assert.deepEqual(readCondaEnv(text, "/p/conda.yaml"), {
    python: "3.9",
    build_dependencies: ["pip<=23", "setuptools==60.1"],
    dependencies: ["mlflow"],
    dropped: ["cudatoolkit=11"],
  });
});

const wrongCondas: [line: string, sentence: RegExp][] = [
  ["python", /must name a version/],
  ["python<3.9", /must compare with/],
  ["{conda: [a]}", /must be a text or `pip:`/],
];
for (const [line, sentence] of wrongCondas) {
  test(`the conda dependency ${line} is refused`, () => {
    assert.throws(() => readCondaEnv(`dependencies:\n  - ${line}\n`, "/p/conda.yaml"), sentence);
  });
}

// Names computed by `_get_virtualenv_name` of mlflow 3.17.2.
test("an environment has the name that MLflow gives it", async () => {
  const env = { python: "3.10", build_dependencies: ["pip"], dependencies: ["numpy<3", "it's"], dropped: [] };
  assert.equal(await environmentName(env, "3.11.7", "/"), "mlflow-59e0c35a8c6b5f800ec8a9dbee84b5664af89998");
});

test("a changed requirements file gives another environment, a comment in it does not", async () => {
  const folder = temporaryFolder();
  const env = { build_dependencies: [], dependencies: ["-r requirements.txt"], dropped: [] };
  const nameOf = async (text: string) => {
    await writeFile(join(folder, "requirements.txt"), text);
    return environmentName(env, "3.11.7", folder);
  };
  const first = await nameOf("numpy==2\n");
  assert.equal(await nameOf("# why\nnumpy==2 # pinned\n\n"), first);
  assert.notEqual(await nameOf("numpy==2.1\n"), first);
});

test("a requirements file that is not there is named in one sentence", async () => {
  const env = { build_dependencies: [], dependencies: ["-r missing.txt"], dropped: [] };
  await assert.rejects(environmentName(env, "3.11.7", temporaryFolder()), /missing\.txt does not exist/);
});

test("requirement files of a folder that pip would split are named as one word", () => {
  const lines = ["-r requirements.txt # all", "-c it's.txt", "-r two words.txt"];
  assert.deepEqual(absoluteLines(lines, "/my projects"), [
    "-r '/my projects/requirements.txt'",
    `-c '/my projects/it'"'"'s.txt'`,
    "-r '/my projects/two words.txt'",
  ]);
  // pip takes ` #` for a comment, even in quotes.
  assert.deepEqual(absoluteLines(["-r requirements.txt"], "/p #1"), ["-r '/p ''#1/requirements.txt'"]);
});

test("requirement files are named by their whole path for pip", () => {
  const lines = ["numpy", "-r requirements.txt", "--constraint  c/x.txt", "-e ./pkg", "-r /abs.txt"];
  assert.deepEqual(absoluteLines(lines, "/p"), [
    "numpy",
    "-r /p/requirements.txt",
    "--constraint /p/c/x.txt",
    "-e ./pkg",
    "-r /abs.txt",
  ]);
});
