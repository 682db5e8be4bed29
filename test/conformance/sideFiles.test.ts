import { deepEqual, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { SideKind } from "../../src/language/service/files/sideFile.ts";
import { checkSideFile } from "../../src/language/service/files/sideFile.ts";
import { findPython, root, skipWithout } from "../support/environment.ts";
import { mutate, seeded } from "./mutations.ts";

// Environment files and MLmodel files, as they are and mistyped: what we call an error, mlflow 3.17.2 refuses, and the other way round.

const python = findPython();

/** Mutations of each text; FLOWDECK_ROUNDS asks for more, FLOWDECK_SEED for others. */
const ROUNDS = Number(process.env["FLOWDECK_ROUNDS"] ?? 60);
const SEED = Number(process.env["FLOWDECK_SEED"] ?? 20_261_126);

const TEXTS: [kind: SideKind, text: string][] = [
  [
    "python_env",
    'python: "3.10"\nbuild_dependencies:\n  - pip==24.0\n  - wheel\ndependencies:\n  - mlflow\n  - numpy>=1.26\n',
  ],
  ["python_env", "python: 3.11.4\ndependencies: [scikit-learn==1.5.0, 'pandas<3']\n"],
  [
    "conda",
    "name: wine\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip\n  - numpy=1.26\n  - pip:\n      - mlflow\n",
  ],
  ["conda", "dependencies: [python>=3.9, pip<=24.0, {pip: [mlflow, 'x==1']}]\n"],
  [
    "mlmodel",
    `artifact_path: model
flavors:
  python_function:
    env: {conda: conda.yaml, virtualenv: python_env.yaml}
    loader_module: mlflow.sklearn
    python_version: 3.11.4
  sklearn: {pickled_model: model.pkl, sklearn_version: 1.5.0}
mlflow_version: 3.17.2
run_id: 7c1f0e4d
signature:
  inputs: '[{"type": "double", "name": "acid", "required": true}, {"type": "array", "items": {"type": "string"}, "name": "tags"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1]}}]'
  params: '[{"name": "n", "type": "long", "default": 5, "shape": null}]'
utc_time_created: '2026-01-01 00:00:00'
`,
  ],
];

/** Codes that MLflow meets when the environment is made or the model is used, not when the file is read. */
const LATER = [
  ...["requirement-invalid", "requirements-file-missing", "mlmodel-loader", "mlmodel-file-missing"],
  // Of a `python` that is no version pyenv knows.
  "env-python-version",
];

/** Where the two differ, and why that stays so. */
const DIFFERENCES: { reason: string; holds(text: string, told: string[], error: string | null): boolean }[] = [
  {
    reason: "A model without flavors is read, and can be loaded by no one.",
    holds: (_, told, error) => error === null && told.every((code) => code === "mlmodel-flavors"),
  },
  {
    reason: "Of a text MLflow takes each letter for a package of conda, of a map each key: conda finds none of them.",
    holds: (text, told, error) => error === null && text.includes("dependencies") && told.includes("env-not-list"),
  },
  {
    reason: "`python>=` is taken for no version by MLflow, and by no one else.",
    holds: (text, told) => /python(?:[<>=!]=?)(?![\d.])/.test(text) && told.includes("conda-python-unpinned"),
  },
  {
    reason: "The names of numpy's types are not known to us, and a part of a value that is bytes is.",
    holds: (text, _, error) => /data type .* not understood/s.test(error ?? "") || text.includes("!!binary"),
  },
  {
    reason: "Unprintable characters, anchors and markers that no such file has are told apart as in MLproject files.",
    // oxlint-disable-next-line no-control-regex
    holds: (text) => /[\u0000-\u0008\u2028\u0085]|^\s*\?|&[\w-]*:|%YAML|^\.\.\./mu.test(text),
  },
];

function told(kind: SideKind, text: string): string[] {
  const folder = { exists: () => true, list: () => [] };
  return checkSideFile(kind, text, folder)
    .filter(
      ({ severity, code }) =>
        severity === "error" || code === "conda-python-unpinned" || (kind === "conda" && code === "env-not-list"),
    )
    .map(({ code }) => code)
    .filter((code) => !LATER.includes(code));
}

describe("files beside an MLproject are judged as by mlflow 3.17.2", {
  skip: skipWithout(python, "Python with mlflow"),
}, () => {
  test("every disagreement has its reason in the table", (t) => {
    const random = seeded(SEED);
    const all = TEXTS.flatMap(([kind, text]) => [
      { kind, text },
      ...Array.from({ length: ROUNDS }, () => ({ kind, text: mutate(text, random) })),
    ]);
    const script = join(root, "test/conformance/python/loadSideFiles.py");
    const input = JSON.stringify(all.map(({ kind, text }) => [kind, text]));
    const errors = JSON.parse(execFileSync(python ?? "", [script], { input, encoding: "utf8" })) as (string | null)[];
    const apart = all.flatMap(({ kind, text }, index) => {
      const [codes, error] = [told(kind, text), errors[index] ?? null];
      if (codes.length > 0 === (error !== null)) return [];
      return DIFFERENCES.some((known) => known.holds(text, codes, error)) ? [] : [{ kind, text, codes, error }];
    });
    const refused = errors.filter((error) => error !== null).length;
    t.diagnostic(`${all.length} files, of which MLflow refuses ${refused}`);
    ok(refused > all.length / 5 && refused < all.length * 0.9);
    deepEqual(apart.slice(0, 12), [], `${apart.length} disagreements`);
  });
});
