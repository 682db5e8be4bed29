import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { requirementsOf } from "../../src/models/environmentFiles.ts";
import { compareVersions, parseSpecifiers, parseVersion, satisfies } from "../../src/models/pep440.ts";
import { mismatchText, missedRequirements, packagesOf, pipRequirements } from "../../src/models/requirements.ts";
import { readInstalledPackages } from "../../src/models/sitePackages.ts";
import { temporaryFolder } from "../support/environment.ts";

const ORDERED = [
  "1.0.dev1",
  "1.0a1.dev2",
  "1.0a1",
  "1.0b2",
  "1.0rc1",
  "1.0",
  "1.0+cpu",
  "1.0+7",
  "1.0.post1",
  "1.1",
  "1.10",
  "1!0.5",
];

test("versions of packages are ordered as PEP 440 has it", () => {
  const shuffled = ORDERED.toReversed().map((text) => ({ text, version: parseVersion(text) }));
  const sorted = shuffled.toSorted((a, b) => {
    assert.ok(a.version !== undefined && b.version !== undefined);
    return compareVersions(a.version, b.version);
  });
  assert.deepEqual(
    sorted.map(({ text }) => text),
    ORDERED,
  );
  assert.equal(parseVersion("main"), undefined);
});

const ASKED: [asked: string, installed: string, isMet: boolean][] = [
  ["==1.5.0", "1.5", true],
  ["==1.5.0", "1.5.1", false],
  ["==2.1.0", "2.1.0+cu121", true],
  ["==2.1.0+cpu", "2.1.0+cu121", false],
  ["==1.5.*", "1.5.9", true],
  ["!=1.5.*", "1.6", true],
  ["~=1.4.2", "1.4.9", true],
  ["~=1.4.2", "1.5", false],
  [">=1.2,<2", "2.0", false],
  ["<2", "2.0rc1", false],
  [">1.7", "1.7.post1", false],
  ["===1.0", "1.0", true],
  ["", "0.1", true],
];

test("an installed version meets exact pins, ranges and compatible releases", () => {
  for (const [asked, installed, isMet] of ASKED) {
    assert.equal(satisfies(installed, parseSpecifiers(asked) ?? []), isMet, `${installed} for ${asked}`);
  }
});

test("a requirements.txt tells packages, and what of them is asked for; options, files and comments tell none", () => {
  const text = `
# the model
mlflow==3.17.2
Scikit_Learn[all] == 1.5.0  # as trained
numpy >=1.2, <2 \\
  --hash=sha256:0f
pandas
own @ git+https://example.org/own@main
-c constraints.txt
--extra-index-url https://example.org
git+https://example.org/x.git
./wheels/y.whl
tomli==1 ; python_version < "3.11"
`;
  assert.deepEqual(
    pipRequirements(text).map(({ name, written }) => [name, written]),
    [
      ["mlflow", "==3.17.2"],
      ["scikit-learn", "==1.5.0"],
      ["numpy", ">=1.2,<2"],
      ["pandas", ""],
      ["own", ""],
      ["tomli", "==1"],
    ],
  );
  assert.deepEqual(
    [...packagesOf(pipRequirements(`${text}tomli>=2; python_version >= "3.11"\n`))],
    [
      ["mlflow", "3.17.2"],
      ["scikit-learn", "1.5.0"],
      ["numpy", ">=1.2,<2"],
      ["pandas", "any"],
      ["own", "@ git+https://example.org/own@main"],
      ["tomli", '1 ; python_version < "3.11", >=2 ; python_version >= "3.11"'],
    ],
  );
  const missed = missedRequirements(pipRequirements(text), { python: "3.12.1", packages: new Map([["tomli", "2.0"]]) });
  assert.ok(!missed.some(({ name }) => name === "tomli"), "a marker may not be met here");
});

const CONDA = `
channels: [conda-forge]
dependencies:
- python=3.10.4
- pip<=23
- conda-forge::numpy=1.26=py310_0
- pip:
  - scikit-learn==1.5.0
name: mlflow-env
`;

test("a model's environment is read of requirements.txt and python_env.yaml, else of conda.yaml", () => {
  const names = (files: Parameters<typeof requirementsOf>[0]) =>
    requirementsOf(files).map(({ name, written }) => `${name}${written}`);
  assert.deepEqual(names({ "conda.yaml": CONDA }), ["python==3.10.4.*", "numpy==1.26.*", "scikit-learn==1.5.0"]);
  const files = { "conda.yaml": CONDA, "requirements.txt": "mlflow\n", "python_env.yaml": "python: '3.11.7'\n" };
  assert.deepEqual(names(files), ["python==3.11.7", "mlflow"]);
  assert.deepEqual(names({ "conda.yaml": "dependencies: {" }), []);
});

test("what a package is taken from is told without who may take it", () => {
  const from = "git+https://me:to;k@n@example.org/own@main";
  const pip = pipRequirements(`own @ ${from} ; python_version < "3.11"\n`);
  const conda = requirementsOf({ "conda.yaml": `dependencies: [{ pip: ["own@${from}"] }]` });
  assert.deepEqual([...packagesOf(pip)], [["own", '@ git+https://example.org/own@main ; python_version < "3.11"']]);
  assert.deepEqual([...packagesOf(conda)], [["own", "@ git+https://example.org/own@main"]]);
});

test("what an interpreter has otherwise is said in a few words, as far as the versions differ", () => {
  const needed = requirementsOf({
    "requirements.txt": "mlflow==3.17.2\nscikit-learn==1.5.0\nxgboost==3.0.2\nnumpy<2\npandas\ntorch==2.1.0\n",
    "python_env.yaml": "python: 3.10.4\n",
  });
  const packages = new Map([
    ["mlflow-skinny", "3.17.2"],
    ["scikit-learn", "1.9.1"],
    ["xgboost", "3.0.3"],
    ["numpy", "2.1.0"],
    ["torch", "2.1.0+cpu"],
  ]);
  assert.deepEqual(
    missedRequirements(needed, { python: "3.11.7", packages }).map((one) => mismatchText(one)),
    [
      "Python 3.10 logged, 3.11 in the selected interpreter",
      "scikit-learn 1.5 logged, 1.9 in the selected interpreter",
      "xgboost 3.0.2 logged, 3.0.3 in the selected interpreter",
      "numpy <2 logged, 2.1.0 in the selected interpreter",
      "pandas logged, not installed in the selected interpreter",
    ],
  );
  const same = missedRequirements(needed, { python: "3.10.9", packages: new Map() });
  assert.ok(!same.some(({ name }) => name === "python"), "another 3.10 is as good");
});

/** Makes empty files, and links where a target is given. */
async function layOut(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    if (content.startsWith("-> ")) await symlink(content.slice(3), file);
    else await writeFile(file, content);
  }
}

test("the packages of a virtual environment are its own, and with system packages those of its base, too", async () => {
  const root = temporaryFolder();
  await layOut(root, {
    "base/bin/python3.11": "",
    "base/bin/python3": "-> python3.11",
    "base/lib/python3.11/site-packages/numpy-1.26.4.dist-info/METADATA": "",
    "base/lib/python3.11/site-packages/six-1.16.0-py3.11.egg-info": "",
    "base/lib/python3.9/site-packages/other-1.0.dist-info/METADATA": "",
    "base/include/python3.11/patchlevel.h": '#define PY_VERSION          "3.11.9"\n',
    "venv/bin/python": `-> ${root}/base/bin/python3.11`,
    "venv/pyvenv.cfg": `home = ${root}/base/bin\ninclude-system-site-packages = false\nversion = 3.11.9\n`,
    "venv/lib/python3.11/site-packages/scikit_learn-1.9.1.dist-info/METADATA": "",
    "venv/lib/python3.11/site-packages/torch-2.1.0+cpu.dist-info/METADATA": "",
    "venv/lib/python3.11/site-packages/odd.egg-info/PKG-INFO": "Metadata-Version: 1.1\nName: Odd.One\nVersion: 0.3\n",
    "shared/bin/python": `-> ${root}/base/bin/python3.11`,
    "shared/pyvenv.cfg": `home = ${root}/base/bin\ninclude-system-site-packages = true\nversion_info = 3.11.9.final.0\n`,
    "shared/lib/python3.11/site-packages/numpy-2.0.0.dist-info/METADATA": "",
  });
  const read = async (path: string) => {
    const found = await readInstalledPackages(join(root, path));
    return found && { python: found.python, packages: Object.fromEntries(found.packages) };
  };
  const own = { "scikit-learn": "1.9.1", torch: "2.1.0+cpu", "odd-one": "0.3" };
  assert.deepEqual(await read("venv/bin/python"), { python: "3.11.9", packages: own });
  assert.deepEqual(await read("base/bin/python3"), { python: "3.11.9", packages: { numpy: "1.26.4", six: "1.16.0" } });
  assert.deepEqual(await read("shared/bin/python"), { python: "3.11.9", packages: { numpy: "2.0.0", six: "1.16.0" } });
  await layOut(root, {
    "conda/bin/python": "",
    "conda/conda-meta/python-3.12.4-h9_0.json": "",
    "conda/lib/python3.12/site-packages/xgboost-3.1.0.dist-info/METADATA": "",
    "windows/python.exe": "",
    "windows/Lib/site-packages/pandas-2.2.0.dist-info/METADATA": "",
    "shims/python": "",
  });
  assert.deepEqual(await read("conda/bin/python"), { python: "3.12.4", packages: { xgboost: "3.1.0" } });
  assert.deepEqual(await read("windows/python.exe"), { python: undefined, packages: { pandas: "2.2.0" } });
  assert.equal(await read("shims/python"), undefined);
});
