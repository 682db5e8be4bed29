import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parsePython } from "../../src/language/python/parse.ts";
import { addParameterActions } from "../../src/language/service/addParameter.ts";
import { completePython } from "../../src/language/service/pythonCompletion.ts";
import { pythonDefinitions } from "../../src/language/service/pythonReferences.ts";
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
