import { deepEqual } from "node:assert/strict";
import { describe, test } from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import { codeActions } from "../../src/language/service/codeAction.ts";
import { validate } from "../../src/language/service/validation.ts";
import type { Workspace } from "../../src/language/service/workspace.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { folderOf } from "./folderOf.ts";

const LEVELS = ["", "error", "warning", "information", "hint"];

function told(text: string, workspace: Workspace): string[] {
  const document = TextDocument.create("", "", 0, text);
  return validate(readMlproject(text), workspace).map(
    ({ severity = 0, code, range }) => `${LEVELS[severity]} ${String(code)}: ${document.getText(range)}`,
  );
}

const calling = (command: string, head = "") => `${head}entry_points:\n  main:\n    command: ${command}\n`;

describe("what a command calls is looked for", () => {
  const files = {
    "train.py": "",
    "pipe.py": "",
    "src/models/train.py": "",
    "src/tool/__main__.py": "",
    "src/tool/__init__.py": "",
  };
  const cases: [command: string, wanted: string[]][] = [
    ["python train.py", []],
    ["python trian.py", ["warning script-missing: trian.py"]],
    ["python train.py (", ["error shell-syntax: ("]],
    ["pyhton train.py", ["warning program-misspelt: pyhton"]],
    ["A=1 pyton3 train.py", ["warning program-misspelt: pyton3"]],
    ["ipython train.py && python3.11 train.py && pythonw train.py", []],
    ["train.py --x 1", ["warning script-program: train.py"]],
    ["cd src && train.py", []],
    ["bash train.py", ["warning script-program: train.py"]],
    ["python train", ["warning script-missing: train"]],
    ["python train.pyy", ["warning script-missing: train.pyy"]],
    ["python made --x", []],
    ["python -m train.py", ["warning module-missing: train.py"]],
    ["python -m src.models.train --x 1", []],
    ["python3 -u -m src.tool", []],
    ["python -m src.models.trian", ["warning module-missing: src.models.trian"]],
    ["python -m src.nothing", ["warning module-missing: src.nothing"]],
    ["python -m trian", ["warning module-missing: trian"]],
    ["python -m pytest tests", []],
    ["python -m torch.distributed.launch train.py", []],
    ["cd src && python -m models.train", []],
    ["cd src && python -m models.trian", ["warning module-missing: models.trian"]],
    ["cd $HOME && python -m models.trian", []],
    ["PYTHONPATH=src python -m models.train", []],
    ["python -m pip install x", []],
    ["python -mtrian -c trian.py", []],
    ['"{{ cd src; python models/train.py; }}"', []],
    ['"if true; then cd other; fi; python models/train.py"', []],
    ["test -f trian.py && python trian.py", ["hint script-missing: trian.py"]],
    ["x > made.py && python made.py", ["hint script-missing: made.py"]],
    ["git clone $URL a && cd a && python made.py", ["hint script-missing: made.py"]],
    ["python made.py && git push", ["warning script-missing: made.py"]],
    ["python made.py && python made.py", ["warning script-missing: made.py", "warning script-missing: made.py"]],
    ["cd src && python models/trian.py", ["warning script-missing: models/trian.py"]],
  ];
  for (const [command, wanted] of cases) {
    test(command, () => deepEqual(told(calling(command), folderOf(files)), wanted));
  }
  test("a docker image may hold what the project does not", () => {
    const text = calling("python x.py", "name: a\ndocker_env: {image: b}\n");
    deepEqual(told(text, folderOf({})), ["hint script-missing: x.py"]);
  });
});

describe("the name of the file is looked at", () => {
  const text = calling("echo a");
  const cases: [name: string, files: string[], wanted: string[]][] = [
    ["MLproject", ["a.py"], []],
    ["mlproject", [], []],
    ["MLproject.yaml", [], ["error file-name: entry_points"]],
    ["MLProject.yml", [], ["error file-name: entry_points"]],
    ["MLproject.yaml", ["MLPROJECT"], ["warning file-name: entry_points"]],
    ["MLproject", ["mlproject"], ["warning file-twice: entry_points"]],
  ];
  for (const [name, files, wanted] of cases) {
    test(`${name} beside ${files.join(", ") || "nothing"}`, () => {
      const folder = folderOf(Object.fromEntries(files.map((file) => [file, ""])), false, name);
      deepEqual(told(text, folder), wanted);
    });
  }
});

test("what is nearly named as asked for is offered", () => {
  const titlesFor = (text: string, code: string) => {
    const document = readMlproject(text);
    const workspace = folderOf({ "conda.yml": "", "src/train.py": "" });
    const range = { start: 0, end: text.length };
    return codeActions({ document, uri: "u", range, workspace })
      .filter(({ diagnostics }) => diagnostics?.[0]?.code === code)
      .map(({ title }) => title);
  };
  const offered = (text: string, code: string) => titlesFor(text, code)[0];
  deepEqual(offered(calling("x", "conda_env: conda.yaml\n"), "environment-file-missing"), "Change to conda.yml");
  deepEqual(offered(calling("python src/trian.py"), "script-missing"), "Change to src/train.py");
  deepEqual(offered(calling("cd src && python trian.py"), "script-missing"), "Change to train.py");
  deepEqual(offered(calling("python -m src.trian"), "module-missing"), "Change to src.train");
});

test("an environment file that is a folder makes no environment", () => {
  const workspace = folderOf({ "env/conda.yaml": "", "x.py": "" });
  deepEqual(told(calling("python x.py", "conda_env: env\n"), workspace), ["error environment-file-missing: env"]);
});

test("a path that is not there by default is hinted at, but for one from elsewhere", () => {
  const path = (value: string) =>
    `entry_points:\n  main:\n    parameters: {p: {type: path, default: ${value}}}\n    command: x {p}\n`;
  const workspace = folderOf({ "data/a.csv": "" });
  for (const value of ["data/a.csv", "data", "s3://a/b", "/a/b"]) deepEqual(told(path(value), workspace), []);
  deepEqual(told(path("data/b.csv"), workspace), ["hint default-path-missing: data/b.csv"]);
});
