import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import { completeSide, hoverSide } from "../../src/language/service/files/sideFeatures.ts";
import type { SideKind } from "../../src/language/service/files/sideFile.ts";
import { sideActions, validateSide } from "../../src/language/service/files/sideProblems.ts";
import { validate } from "../../src/language/service/validation.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { withCursor } from "./cursorText.ts";
import { folderOf } from "./folderOf.ts";

const LEVELS = ["", "error", "warning", "information", "hint"];
/** A job template with nothing wrong in it. */
const JOB =
  "kind: Job\nmetadata: {namespace: n}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: c}]}}}\n";
const folder = folderOf({ "job.yaml": JOB, "requirements.txt": "numpy", "model.pkl": "", "python_env.yaml": "" });

/** `severity code: text` of each problem. */
function told(kind: SideKind, text: string): string[] {
  const document = TextDocument.create("", "", 0, text);
  return validateSide({ kind, text }, folder).map(
    ({ severity = 0, code, range }) => `${LEVELS[severity]} ${String(code)}: ${document.getText(range)}`,
  );
}

describe("what is wrong in a file beside an MLproject is told", () => {
  const cases: [kind: SideKind, text: string, wanted: string[]][] = [
    ["python_env", "", ["error file-no-keys: "]],
    ["python_env", "# none\n", ["error file-no-keys: # none\n"]],
    ["python_env", "- numpy\n", ["error file-no-keys: - numpy"]],
    ["python_env", "python: 3.10\n", ["error env-python-number: 3.10"]],
    ["python_env", "python: 3\n", ["error env-python-number: 3"]],
    ["python_env", "python: [3]\n", ["error env-python-number: [3]"]],
    ["python_env", 'python: ">=3.8"\n', ['warning env-python-version: ">=3.8"']],
    ["python_env", 'python: "3.10"\nbuild_dependencies: [pip]\ndependencies: [-r requirements.txt]\n', []],
    ["python_env", "python: 3.10.4\ndependencies:\n", []],
    ["python_env", "dependancies: [numpy]\n", ["error env-unknown-key: dependancies"]],
    ["python_env", "name: x\nchannels: [a]\n", ["error env-unknown-key: name", "error env-unknown-key: channels"]],
    ["python_env", "dependencies: numpy\n", ["error env-not-list: numpy"]],
    ["python_env", "dependencies: {numpy: 1}\n", ["error env-not-list: {numpy: 1}"]],
    ["python_env", "dependencies: [numpy, 5]\n", ["error env-item-not-text: 5"]],
    ["python_env", "dependencies:\n  - -r requirement.txt\n", ["error requirements-file-missing: -r requirement.txt"]],
    ["python_env", "dependencies: [-c https://x.y/z.txt, --requirement=requirements.txt]\n", []],
    ["python_env", "dependencies: [numpy=1.26, scipy==1, a>=2, b~=3, c]\n", ["error requirement-invalid: numpy=1.26"]],
    ["python_env", "python: 3.10 # flowdeck: ignore env-python-number\n", []],
    ["python_env", "python: 'x\n", ["error yaml-syntax: '"]],
    ["python_env", "python: '3.9'\npython: '3.10'\n", ["warning duplicate-key: python"]],
    ["conda", "dependencies: [python=3.11, pip, {pip: [mlflow]}]\n", []],
    ["conda", "name: a\nchannels: [b]\nprefix: /x\nvariables: {A: b}\n", []],
    ["conda", "dependencys: [a]\n", ["warning env-unknown-key: dependencys"]],
    ["conda", "python: 3.8\n", ["hint env-unknown-key: python"]],
    ["conda", "dependencies: [python]\n", ["hint conda-python-unpinned: python"]],
    ["conda", "dependencies: [python<3.12]\n", ["hint conda-python-unpinned: python<3.12"]],
    ["conda", "dependencies: [pip]\n", ["hint conda-python-missing: dependencies"]],
    ["conda", "dependencies: [python=3.11, numpy]\n", ["hint conda-package-dropped: numpy"]],
    ["conda", "dependencies: [python=3.11.*]\n", ["hint conda-package-dropped: python=3.11.*"]],
    ["conda", "dependencies: [python=3.11, {python: 3.8}]\n", ["error env-item-not-text: {python: 3.8}"]],
    ["conda", "dependencies: [python=3.11, 5]\n", ["error env-item-not-text: 5"]],
    ["conda", "dependencies: [python=3.11, {pip: mlflow}]\n", ["error env-not-list: mlflow"]],
    [
      "conda",
      "dependencies: [python=3.11, {pip: [a=1, -r b.txt]}]\n",
      ["error requirement-invalid: a=1", "error requirements-file-missing: -r b.txt"],
    ],
    ["conda", "dependencies: python=3.11\n", ["error env-not-list: python=3.11"]],
    ["conda", "dependencies:\n", ["warning env-not-list: dependencies"]],
    ["mlmodel", "artifact_path: model\n", ["error mlmodel-flavors: artifact_path"]],
    ["mlmodel", "flavors: [sklearn]\n", ["error mlmodel-flavors: [sklearn]"]],
    [
      "mlmodel",
      "flavors:\n  python_function:\n    python_version: 3.10.4\n",
      ["error mlmodel-loader: python_function"],
    ],
    [
      "mlmodel",
      "flavors:\n  python_function: {loader_module: mlflow.sklearn, env: {virtualenv: python_env.yaml}}\n",
      [],
    ],
    ["mlmodel", "flavors:\n  sklearn: {pickled_model: model.pkl, code: null}\nmetadata: {any: thing}\n", []],
    ["mlmodel", "flavors: {sklearn: {pickled_model: m.pkl}}\n", ["warning mlmodel-file-missing: m.pkl"]],
    ["mlmodel", "flavours: {a: {}}\n", ["warning unknown-key: flavours", "error mlmodel-flavors: flavours"]],
    ["mlmodel", "flavors: {}\nyes: 5\n", ["error name-not-text: yes"]],
    ["mlmodel", "flavors: {}\nsignature: {inputs: '[{'}\n", ["error mlmodel-signature: '[{'"]],
    [
      "mlmodel",
      'flavors: {}\nsignature: {inputs: \'[{"type": "int"}]\'}\n',
      ['error mlmodel-signature: \'[{"type": "int"}]\''],
    ],
    [
      "mlmodel",
      'flavors: {}\nsignature: {params: \'[{"name": "n", "type": "long"}]\'}\n',
      ['error mlmodel-signature: \'[{"name": "n", "type": "long"}]\''],
    ],
    [
      "mlmodel",
      'flavors: {}\nsignature: {inputs: \'[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1]}}]\', params: null}\n',
      [],
    ],
    [
      "mlmodel",
      "flavors: {}\nsaved_input_example_info: {artifact_path: e.json}\n",
      ["warning mlmodel-file-missing: e.json"],
    ],
    ["kubernetes", '{"kube-job-template-path": "job.yaml", "repository-uri": "r", "kube-context": null}', []],
    [
      "kubernetes",
      '{"kube_context": "c"}',
      [
        'warning unknown-key: "kube_context"',
        'error backend-key-missing: "kube_context"',
        'error backend-key-missing: "kube_context"',
      ],
    ],
    [
      "kubernetes",
      '{\n\t"kube-job-template-path": "no.yaml",\n\t"repository-uri": 5\n}',
      ['error backend-file-missing: "no.yaml"', "error backend-value-kind: 5"],
    ],
    ["kubernetes", '{"repository-uri": "r",}', ["error json-syntax: }"]],
    ["kubernetes", "[]", ["error file-no-keys: []"]],
    ["databricks", '{"spark_version": "15", "node_type_id": "n", "num_workers": 1, "any": 1}', []],
    ["databricks", '{"new_cluster": {"spark_version": "15", "instance_pool_id": "p"}, "libraries": []}', []],
    ["databricks", '{"existing_cluster_id": "x"}', ['error backend-existing-cluster: "existing_cluster_id"']],
    [
      "databricks",
      '{"new_cluster": {"spark_versoin": "15", "node_type_id": "n"}}',
      ['warning unknown-key: "spark_versoin"', 'warning backend-key-missing: "spark_versoin"'],
    ],
    ["databricks", '{"new_cluster": 5}', ["error backend-value-kind: 5"]],
    ["job_template", JOB, []],
    ["job_template", JOB.replace("namespace: n", "name: n"), ["error backend-key-missing: name"]],
    ["job_template", JOB.replace("[{name: c}]", "[]"), ["error backend-value-kind: []"]],
    ["job_template", JOB.replace("{name: c}", "{env: }"), ["error backend-value-kind: env"]],
    ["job_template", JOB.replace("kind: Job", "kind: Pod"), ["warning backend-value-kind: Pod"]],
    ["job_template", JOB.replace("restartPolicy: Never, ", ""), ["warning backend-key-missing: containers"]],
    ["job_template", "kind: Job\nmetadata: {namespace: n}\nspec:\n", ["error backend-value-kind: spec"]],
  ];
  for (const [kind, text, wanted] of cases)
    test(`${kind}: ${JSON.stringify(text)}`, () => deepEqual(told(kind, text), wanted));

  test("a fix, once applied, leaves the problem solved", () => {
    let applied = 0;
    for (const [kind, text] of cases) {
      const document = TextDocument.create("", "", 0, text);
      for (const { code, range } of validateSide({ kind, text }, folder)) {
        const at = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
        for (const action of sideActions({ document: { kind, text }, uri: "u", range: at, folder })) {
          if (action.diagnostics?.[0]?.code !== code) continue;
          const fixed = TextDocument.applyEdits(document, action.edit?.changes?.["u"] ?? []);
          ok(!told(kind, fixed).some((one) => one.includes(` ${String(code)}:`)), `${action.title}: ${fixed}`);
          applied += 1;
        }
      }
    }
    ok(applied >= 8, `${applied} fixes`);
  });
});

describe("a project tells of its environment file", () => {
  const codes = (text: string, files: Record<string, string>) =>
    validate(readMlproject(text), folderOf(files)).map(({ severity, code, range, message }) => {
      const document = TextDocument.create("", "", 0, text);
      return [
        `${LEVELS[severity ?? 0]} ${String(code)}: ${document.getText(range)}`,
        typeof message === "string" ? message : message.value,
      ] as const;
    });
  const main = "entry_points:\n  main: {command: echo a}\n";

  test("at the key that names it, with its place", () => {
    const [found] = codes(`python_env: env/p.yaml\n${main}`, { "env/p.yaml": "# x\npython: 3.10\n" });
    equal(found?.[0], "error env-python-number: env/p.yaml");
    match(found?.[1] ?? "", /^env\/p\.yaml, line 2: Making the environment fails/);
  });
  test("at the first key when none names it", () => {
    const found = codes(main, { "conda.yaml": "dependencies: [python=3.11, a, b]\n", "conda.yml": "" });
    deepEqual(
      found.map(([one]) => one),
      ["hint conda-package-dropped: entry_points"],
    );
    match(found[0]?.[1] ?? "", /line 1 \(and 1 more\)/);
  });
  test("requirements count from the project's folder", () => {
    const files = { "env/p.yaml": "dependencies: [-r r.txt]", "r.txt": "" };
    deepEqual(codes(`python_env: env/p.yaml\n${main}`, files), []);
  });
  test("python_env that names a conda file fails", () => {
    const found = codes(`python_env: conda.yaml\n${main}`, { "conda.yaml": "name: x\ndependencies: []\n" });
    deepEqual(
      found.map(([one]) => one),
      ["error env-unknown-key: conda.yaml"],
    );
  });
  test("a file that MLflow does not take by itself is a hint", () => {
    deepEqual(
      codes(main, { "conda.yml": "" }).map(([one]) => one),
      ["hint environment-file-unused: entry_points"],
    );
  });
  test("a docker project has no such file", () => {
    deepEqual(codes(`name: a\ndocker_env: {image: b}\n${main}`, { "conda.yaml": "5" }), []);
  });
});

describe("the keys of a file beside an MLproject", () => {
  const labels = (kind: SideKind, marked: string) => {
    const { text, offset } = withCursor(marked);
    return completeSide({ kind, text }, offset, folder).map(({ label }) => label);
  };
  test("are completed where they can stand, once each", () => {
    deepEqual(labels("python_env", "|"), ["python", "build_dependencies", "dependencies"]);
    deepEqual(labels("conda", "name: x\ndep|\n"), ["channels", "dependencies", "variables", "prefix"]);
    deepEqual(labels("mlmodel", "flavors:\n  python_function:\n    env:\n      |"), ["conda", "virtualenv"]);
    deepEqual(labels("mlmodel", "signature:\n  |"), ["inputs", "outputs", "params"]);
    deepEqual(labels("mlmodel", "metadata:\n  |"), []);
  });
  test("have values that are completed", () => {
    ok(labels("python_env", "python: |").includes("3.12"));
    ok(labels("python_env", "dependencies:\n  - |").includes("-r requirements.txt"));
    ok(labels("conda", "channels:\n  - |").includes("conda-forge"));
  });
  test("are explained", () => {
    const { text, offset } = withCursor("build_dep|endencies: []\n");
    const contents = hoverSide({ kind: "python_env", text }, offset)?.contents;
    match(typeof contents === "object" && "value" in contents ? contents.value : "", /before the others/);
    equal(hoverSide({ kind: "python_env", text: "x: 1" }, 0), null);
  });
});

describe("the configuration of another backend is completed and explained", () => {
  const offered = (marked: string): (string | undefined)[] => {
    const { text, offset } = withCursor(marked);
    return completeSide({ kind: "kubernetes", text }, offset, folder).map(({ textEdit }) => textEdit?.newText);
  };
  const cases: [marked: string, wanted: string[]][] = [
    ["{|}", ['"kube-context": ', '"kube-job-template-path": ', '"repository-uri": ']],
    ['{"kube-context": "c",\n "k|', ['"kube-job-template-path": ', '"repository-uri": ']],
    ['{"|": "x"}', ['"kube-context"', '"kube-job-template-path"', '"repository-uri"']],
    ['{"kube-job-template-path": |}', ['"job.yaml"', '"python_env.yaml"']],
    ['{"kube-job-template-path": "j|"}', ['"job.yaml"', '"python_env.yaml"']],
    ['{"repository-uri": "r"}|', []],
    ['{"a": ["|"]}', []],
  ];
  for (const [marked, wanted] of cases) test(marked, () => deepEqual(offered(marked), wanted));

  test("a key is explained where it stands", () => {
    const { text, offset } = withCursor('{"repository|-uri": "r"}');
    match(JSON.stringify(hoverSide({ kind: "kubernetes", text }, offset)), /pushed with `--build-image`/);
  });

  test("a job template is completed as YAML", () => {
    const { text, offset } = withCursor("metadata:\n  namespace: n\nspec:\n  template:\n    spec:\n      |\n");
    const labels = completeSide({ kind: "job_template", text }, offset, folder).map(({ label }) => label);
    deepEqual(labels.slice(0, 2), ["containers", "restartPolicy"]);
  });
});
