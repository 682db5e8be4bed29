import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { environmentName, readCondaEnv, readPythonEnv } from "../../src/projects/pythonEnv.ts";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";

const python = findPython();
const skip = skipWithout(python, "Python with mlflow");

const script = `
import sys, pathlib
from mlflow.utils.environment import _PythonEnv
from mlflow.utils.virtualenv import _get_virtualenv_name
for file in sys.argv[1:]:
    read = _PythonEnv.from_conda_yaml if file.endswith("conda.yaml") else _PythonEnv.from_yaml
    print(_get_virtualenv_name(read(file), pathlib.Path(file).parent))
`;

const files: [name: string, text: string][] = [
  ["python_env.yaml", 'python: "3.10"\ndependencies: [numpy, "it\'s"]\n'],
  ["python_env.yaml", "build_dependencies: [pip, wheel]\ndependencies:\n  - b\n  - a\n  - A\n"],
  [
    "python_env.yaml",
    'dependencies:\n  - -r requirements.txt\n  - "x\\"y\\\\z"\n  - "é\\u00a0\\U0001F600"\n  - -c sub/constraints.txt\n',
  ],
  [
    "python_env.yaml",
    "python: '3.11.7'\nbuild_dependencies:\ndependencies: ['a # why', '# only a comment', '  spaced  ', 'a \\', 'b']\n",
  ],
  ["conda.yaml", "dependencies:\n  - python=3.9\n  - pip<=23\n  - cudatoolkit\n  - pip: [mlflow, 'scikit-learn>=1']\n"],
];

test("every environment has the name that the real MLflow gives it", { skip }, async () => {
  const folder = temporaryFolder();
  const paths: string[] = [];
  for (const [index, [name, text]] of files.entries()) {
    const project = join(folder, String(index));
    await mkdir(join(project, "sub"), { recursive: true });
    await writeFile(join(project, name), text);
    await writeFile(
      join(project, "requirements.txt"),
      "# top\n\nnumpy==2 # pinned\r\ntorch \\\n  ; python_version>'3'\n-r sub/more.txt\n",
    );
    await writeFile(join(project, "sub/more.txt"), "--extra-index-url there\npandas\n-c constraints.txt\n");
    await writeFile(join(project, "sub/constraints.txt"), "numpy<3\nfile\\\\\nlast\\");
    paths.push(join(project, name));
  }
  const answer = execFileSync(python ?? "", ["-c", script, ...paths], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const version = execFileSync(python ?? "", ["-c", "import platform; print(platform.python_version())"], {
    encoding: "utf8",
  });
  const ours = await Promise.all(
    files.map(([name, text], index) => {
      const env = name === "conda.yaml" ? readCondaEnv(text, name) : readPythonEnv(text, name);
      return environmentName(env, version.trim(), join(folder, String(index)));
    }),
  );
  assert.deepEqual(ours, answer.trim().split("\n"));
});
