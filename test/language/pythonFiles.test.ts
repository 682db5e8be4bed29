import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parsePython } from "../../src/language/python/parse.ts";
import { addParameterActions } from "../../src/language/service/addParameter.ts";
import { completePython } from "../../src/language/service/pythonCompletion.ts";
import { hoverPython } from "../../src/language/service/pythonHover.ts";
import { pythonDefinitions, pythonReferences } from "../../src/language/service/pythonReferences.ts";
import { checkProjectRuns } from "../../src/language/service/pythonRuns.ts";
import type { PythonQuestion } from "../../src/language/service/pythonRuns.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { withCursor } from "./cursorText.ts";
import { scriptFolder } from "./scriptFolder.ts";

const MLPROJECT = `name: wine
entry_points:
  prepare:
    parameters:
      raw: path
      limit: {type: float, default: 100}
      source: {type: uri, default: "s3://a"}
    command: python prepare.py {raw} {limit}
  main:
    command: python plain.py -e 1
`;

function question(text: string, path = "main.py", isNotebook = false): PythonQuestion {
  const workspace = scriptFolder({ MLproject: MLPROJECT, [path]: text });
  const folder = path.includes("/") ? path.replace(/\/[^/]*$/, "") : ".";
  return { file: parsePython(text), isNotebook, path, folder, workspace };
}

function told(text: string, path?: string, isNotebook?: boolean): string[] {
  return checkProjectRuns(question(text, path, isNotebook)).map(
    ({ severity, code, range }) => `${severity} ${code} ${text.slice(range.start, range.end)}`,
  );
}

describe("runs of projects in Python files", () => {
  const cases: Array<[what: string, call: string, told: string[]]> = [
    ["all is well", 'mlflow.run(".", "prepare", parameters={"raw": "a"})', []],
    ["an unknown entry point", 'mlflow.run(".", "prepar")', ['error run-entry-point-unknown "prepar"']],
    ["a script as entry point", 'mlflow.run(".", "other.py")', []],
    ["an entry point by a name", 'mlflow.run(".", step)', []],
    ["the entry point main", 'mlflow.run(".")', []],
    [
      "a parameter is missing",
      'mlflow.run(".", "prepare", parameters={"limit": 3})',
      ['error run-parameter-missing {"limit": 3}'],
    ],
    [
      "no parameters at all",
      'mlflow.run(uri=".", entry_point="prepare")',
      ['error run-parameter-missing mlflow.run(uri=".", entry_point="prepare")'],
    ],
    ["parameters by a name", 'mlflow.run(".", "prepare", parameters=given)', []],
    ["parameters with more", 'mlflow.run(".", "prepare", parameters={**given})', []],
    [
      "a misspelt parameter",
      'mlflow.run(".", "prepare", parameters={"raw": 1, "limits": 3})',
      ["warning run-parameter-unknown limits"],
    ],
    ["a parameter that is not declared", 'mlflow.run(".", "prepare", parameters={"raw": 1, "seed": 3})', []],
    [
      "a uri without a scheme",
      'mlflow.run(".", "prepare", parameters={"raw": 1, "source": "a/b"})',
      ['error run-parameter-value "a/b"'],
    ],
    ["a project elsewhere", 'mlflow.run("https://github.com/a/b", "prepar")', []],
    ["a project that is not there", 'mlflow.run("../other", "prepar")', []],
    ["by its module", 'mlflow.projects.run(".", "prepar")', ['error run-entry-point-unknown "prepar"']],
    ["another run", 'subprocess.run(".", "prepar")', []],
  ];
  for (const [what, call, expected] of cases) {
    test(what, () => assert.deepEqual(told(`import mlflow\nimport subprocess\n\nwith x:\n    ${call}\n`), expected));
  }
  test("by other names", () => {
    const expected = ['error run-entry-point-unknown "prepar"'];
    assert.deepEqual(told('from mlflow.projects import run as start\nstart(".", "prepar")\n'), []);
    assert.deepEqual(told('from mlflow.projects import run\nrun(".", "prepar")\n'), expected);
    assert.deepEqual(told('import mlflow as m\nm.run(".", "prepar")\n'), expected);
  });
  test("in a folder below the project, and in a cell of a notebook", () => {
    const expected = ['error run-entry-point-unknown "prepar"'];
    assert.deepEqual(told('import mlflow\nmlflow.run(".", "prepar")\n', "src/steps/all.py"), expected);
    assert.deepEqual(told('mlflow.run(".", "prepar")\n', "book.ipynb", true), expected);
  });
  test("the missing parameter is added by its fix", () => {
    const text = 'import mlflow\nmlflow.run(".", "prepare", parameters={"limit": 3})\n';
    const [problem] = checkProjectRuns(question(text));
    const [fix] = problem?.fixes ?? [];
    assert.ok(fix);
    assert.equal(
      text.slice(0, fix.range.start) + fix.newText + text.slice(fix.range.end),
      text.replace('{"limit', '{"raw": "", "limit'),
    );
  });
});

describe("completion in calls of mlflow.run", () => {
  function labels(marked: string): string[] {
    const { text, offset } = withCursor(`import mlflow\n${marked}`);
    return completePython(question(text), offset).map(({ label }) => label);
  }
  const cases: Array<[marked: string, labels: string[]]> = [
    ['mlflow.run(".", "|")', ["prepare", "main"]],
    ['mlflow.run(".", entry_point="pre|', ["prepare", "main"]],
    ['mlflow.run(uri=".", entry_point="|', ["prepare", "main"]],
    ['mlflow.run(".", "prepare", parameters={|})', ["raw", "limit", "source"]],
    ['mlflow.run(".", "prepare", parameters={"raw": 1, "|', ["limit", "source"]],
    [
      'mlflow.run(\n    ".",\n    entry_point="prepare",\n    parameters={\n        "l|"\n    },\n)',
      ["raw", "limit", "source"],
    ],
    ['mlflow.run(".", "prepare", parameters={"raw": "|', []],
    ['mlflow.run(".", "prepare")\nprint("|")', []],
    ['other(".", "|")', []],
  ];
  for (const [marked, expected] of cases) test(marked, () => assert.deepEqual(labels(marked), expected));

  test("a key is written with its colon", () => {
    const { text, offset } = withCursor('import mlflow\nmlflow.run(".", "prepare", parameters={|})');
    const [item] = completePython(question(text), offset);
    assert.ok(item?.textEdit);
    const after = TextDocument.applyEdits(TextDocument.create("", "", 0, text), [item.textEdit as TextEdit]);
    assert.ok(after.endsWith('parameters={"raw": })'));
  });
});

describe("from a Python file to the MLproject", () => {
  test("a key of a run leads to the parameter, its entry point to the entry point", () => {
    const target = (marked: string) => {
      const { text, offset } = withCursor(`import mlflow\n${marked}`);
      return pythonDefinitions(question(text), offset).map(({ range }) => MLPROJECT.slice(range.start, range.end));
    };
    assert.deepEqual(target('mlflow.run(".", "prepare", parameters={"l|imit": 1})'), ["limit"]);
    assert.deepEqual(target('mlflow.run(".", "pre|pare", parameters={"limit": 1})'), ["prepare"]);
  });

  const add = (script: string, marked: string, project: string) => {
    const { text, offset } = withCursor(marked);
    const workspace = scriptFolder({ MLproject: project, [script]: text });
    const asked = { file: parsePython(text), isNotebook: false, path: script, folder: ".", workspace };
    const [action] = addParameterActions(asked, { start: offset, end: offset });
    if (action === undefined) return undefined;
    const document = TextDocument.create("", "", 0, project);
    const edits = action.changes.map(({ range, newText }) => ({
      range: { start: document.positionAt(range.start), end: document.positionAt(range.end) },
      newText,
    }));
    return { title: action.title, text: TextDocument.applyEdits(document, edits) };
  };
  const script =
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--lr|", type=float, default=0.1)\np.parse_args()\n';

  test("an option becomes a parameter that the command passes on", () => {
    const project = "entry_points:\n  main:\n    parameters:\n      a: string\n    command: python own.py --a {a}\n";
    const added = add("own.py", script, project);
    assert.equal(added?.title, "Add parameter lr to main of MLproject");
    assert.equal(
      added?.text,
      "entry_points:\n  main:\n    parameters:\n      lr: {type: float, default: 0.1}\n      a: string\n    command: python own.py --a {a} --lr {lr}\n",
    );
    assert.equal(readMlproject(added?.text ?? "").problems.length, 0);
  });
  test("an entry point without parameters gets its first", () => {
    const added = add("own.py", script, 'entry_points:\n  main:\n    command: "python own.py"\n');
    assert.equal(
      added?.text,
      'entry_points:\n  main:\n    parameters:\n      lr: {type: float, default: 0.1}\n    command: "python own.py --lr {lr}"\n',
    );
  });
  test("an option that is passed on already is not offered", () => {
    assert.equal(
      add(
        "own.py",
        script,
        "entry_points:\n  main:\n    parameters: {x: float}\n    command: python own.py --lr {x}\n",
      ),
      undefined,
    );
  });
});

describe("what a Python file shares with its MLproject is found from it", () => {
  const project =
    "entry_points:\n  main:\n    parameters:\n      lr: {type: float, default: 0.1}\n    command: python own.py --rate {lr} --seed 1\n";
  const files: Record<string, string> = {
    MLproject: project,
    "own.py":
      'import argparse\np = argparse.ArgumentParser()\np.add_argument("--rate", type=float)\np.add_argument("--seed")\nargs = p.parse_args()\nprint(args.rate, args.seed)\n',
    "all.py":
      'import mlflow\nmlflow.run(".", "main", parameters={"lr": 1})\nmlflow.run(".", "main", parameters={"lr": 2})\n',
  };
  const at = (path: string, part: string, into: number) => {
    const workspace = scriptFolder(files);
    const text = files[path] ?? "";
    const asked = { file: parsePython(text), isNotebook: false, path, folder: ".", workspace };
    return { asked, offset: text.indexOf(part) + into };
  };
  /** Each place as its file and line. */
  const places = (found: ReadonlyArray<{ path: string; range: { start: number } }>) =>
    found
      .map(({ path, range }) => `${path} ${(files[path] ?? "").slice(0, range.start).split("\n").length}`)
      .toSorted();
  const cases: Array<[part: string, path: string, into: number, definitions: string[], others: string[]]> = [
    [
      '"--rate"',
      "own.py",
      4,
      ["MLproject 4"],
      ["MLproject 5", "MLproject 5", "all.py 2", "all.py 3", "own.py 3", "own.py 6"],
    ],
    [
      "args.rate",
      "own.py",
      6,
      ["MLproject 4", "own.py 3"],
      ["MLproject 5", "MLproject 5", "all.py 2", "all.py 3", "own.py 6"],
    ],
    ['"lr": 2', "all.py", 2, ["MLproject 4"], ["MLproject 5", "all.py 2", "all.py 3", "own.py 3"]],
    ['"main"', "all.py", 2, ["MLproject 2"], ["all.py 2", "all.py 3"]],
    ["args.seed", "own.py", 6, ["own.py 4"], ["MLproject 5", "own.py 6"]],
    ["parse_args", "own.py", 3, [], []],
  ];
  for (const [part, path, into, expected, others] of cases) {
    test(`from ${part}`, () => {
      const { asked, offset } = at(path, part, into);
      assert.deepEqual(places(pythonDefinitions(asked, offset)), expected);
      assert.deepEqual(places(pythonReferences(asked, offset, false)), others);
      assert.deepEqual(places(pythonReferences(asked, offset, true)), [...expected, ...others].toSorted());
    });
  }
  test("a hover tells what the MLproject says", () => {
    const told = (part: string, path: string, into: number) => {
      const { asked, offset } = at(path, part, into);
      const contents = hoverPython(asked, offset)?.contents;
      return typeof contents === "object" && "value" in contents ? contents.value : undefined;
    };
    const gets = "Gets `lr` (float, default 0.1) of the entry point `main` in [MLproject:4](file:///p/MLproject#L4)";
    assert.equal(told('"--rate"', "own.py", 4), gets);
    assert.equal(told("args.rate", "own.py", 6), gets);
    assert.match(
      told('"lr": 2', "all.py", 2) ?? "",
      /^`lr` float, default 0.1\n\nParameter of the entry point `main` in/,
    );
    assert.match(told('"main"', "all.py", 2) ?? "", /^Entry point `main` with 1 parameter/);
    assert.equal(told("args.seed", "own.py", 6), undefined);
  });
  test("runs that go through a function of the file are known", () => {
    const run = 'def start(step, given):\n    return mlflow.run(".", step, parameters=given)\n\n\n';
    assert.deepEqual(
      told(`import mlflow\n\n\n${run}start("prepar", {})\nstart("prepare", {"limits": 1, "raw": 2})\n`),
      ['error run-entry-point-unknown "prepar"', "warning run-parameter-unknown limits"],
    );
    const changing = run.replace("    return", "    given.update(raw=1)\n    return");
    assert.deepEqual(told(`import mlflow\n\n\n${changing}start("prepare", {})\n`), []);
    const twice = 'given = {"limit": 1}\nmlflow.run(".", "prepare", parameters=given)\n';
    assert.deepEqual(told(`import mlflow\n${twice}`), []);
  });
});
