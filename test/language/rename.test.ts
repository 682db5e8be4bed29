import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parsePython } from "../../src/language/python/parse.ts";
import { projectIn } from "../../src/language/service/projectOfRun.ts";
import { renameSubject } from "../../src/language/service/rename/renameEverywhere.ts";
import { Refusal } from "../../src/language/service/rename/spelling.ts";
import { subjectAt, subjectInPython } from "../../src/language/service/rename/subject.ts";
import { argparse, main, RENAMES } from "../support/renames.ts";
import { withCursor } from "./cursorText.ts";
import { scriptFolder } from "./scriptFolder.ts";

type Files = Record<string, string>;

/** The files after a rename at the `|` of one of them: those that changed; a sentence when it is refused, and null where it is not offered. */
function renamed(marked: Files, newName: string): Files | string | null {
  const files: Files = {};
  let at = { path: "", offset: 0 };
  for (const [path, text] of Object.entries(marked)) {
    const found = text.includes("|") ? withCursor(text) : { text, offset: -1 };
    files[path] = found.text;
    if (found.offset >= 0) at = { path, offset: found.offset };
  }
  const workspace = scriptFolder(files);
  const project = projectIn(".", workspace);
  assert.ok(project);
  const { document } = project;
  const folder = at.path.includes("/") ? at.path.replace(/\/[^/]*$/, "") : ".";
  const question = { file: parsePython(files[at.path] ?? ""), isNotebook: false, path: at.path, folder, workspace };
  const subject =
    at.path === "MLproject" ? subjectAt(document, at.offset, workspace) : subjectInPython(question, at.offset);
  if (subject === undefined) return null;
  const edits = renameSubject({ document, workspace, path: "MLproject" }, subject, newName);
  if (edits instanceof Refusal) return edits.message;
  const changed: Files = {};
  for (const { path, range, newText } of edits.toSorted((a, b) => b.range.start - a.range.start)) {
    const text = changed[path] ?? files[path] ?? "";
    changed[path] = text.slice(0, range.start) + newText + text.slice(range.end);
  }
  return changed;
}

const PROJECT = `entry_points:
  main:
    parameters:
      eta: {type: float, default: 0.1}
      max_rows: {type: float, default: 5}
    command: python own.py --eta {eta} --max-rows {max_rows}
  all:
    command: mlflow run . -e main -P eta=0.3
`;
const SCRIPT = `import argparse


def train(options):
    print(f"eta {options.eta:.2f}", options.max_rows)  # args.eta


parser = argparse.ArgumentParser()
parser.add_argument("--eta", type=float, default=0.1, help="eta of args.eta")
parser.add_argument("--max-rows", type=int)
parser.set_defaults(eta=0.2)
args = parser.parse_args()
train(args)
assert getattr(args, "eta") >= 0
`;
const RUNNER = `import mlflow


def start(entry_point, parameters):
    return mlflow.run(".", entry_point, parameters=parameters)


start("main", {"eta": 0.5})
mlflow.run(".", parameters={"eta": 0.4, "max_rows": 3})
`;
const files = { MLproject: PROJECT, "own.py": SCRIPT, "all.py": RUNNER };
const everywhere = {
  MLproject: PROJECT.replaceAll("eta", "rate"),
  "own.py": SCRIPT.replace("options.eta", "options.rate")
    .replace('"--eta"', '"--rate"')
    .replace("eta=0.2", "rate=0.2")
    .replace('args, "eta"', 'args, "rate"'),
  "all.py": RUNNER.replaceAll('"eta"', '"rate"'),
};

describe("a rename goes through the MLproject, the script and the runs", () => {
  const starts: Array<[where: string, path: keyof typeof files, marked: string]> = [
    ["the parameter", "MLproject", PROJECT.replace("eta: {", "e|ta: {")],
    ["the placeholder", "MLproject", PROJECT.replace("{eta}", "{et|a}")],
    ["the option in the command", "MLproject", PROJECT.replace("--eta {", "--e|ta {")],
    ["add_argument", "own.py", SCRIPT.replace('"--eta"', '"--|eta"')],
    ["a use of the parsed arguments", "own.py", SCRIPT.replace("options.eta", "options.eta|")],
    ["the key of a run", "all.py", RUNNER.replace('{"eta": 0.4', '{"e|ta": 0.4')],
  ];
  for (const [where, path, marked] of starts) {
    test(`from ${where}`, () => assert.deepEqual(renamed({ ...files, [path]: marked }, "rate"), everywhere));
  }
  test("flags and files may have letters that mean something in a pattern", () => {
    const files = {
      MLproject: main("python 'a(1.py' --e+|ta {eta}"),
      "a(1.py": argparse('p.add_argument("--e+ta")'),
      "other.py": "import os\n",
    };
    assert.equal(typeof (renamed(files, "rate") as Files)["a(1.py"], "string");
  });

  test("each place keeps its dashes", () => {
    const changed = renamed({ ...files, MLproject: PROJECT.replace("max_rows: {", "max|_rows: {") }, "row_limit");
    assert.deepEqual(changed, {
      MLproject: PROJECT.replace("--max-rows", "--row-limit").replaceAll("max_rows", "row_limit"),
      "own.py": SCRIPT.replace("--max-rows", "--row-limit").replace("max_rows", "row_limit"),
      "all.py": RUNNER.replace("max_rows", "row_limit"),
    });
  });
});

describe("the script goes on as before", () => {
  for (const [what, script, command, [after, newCommand]] of RENAMES) {
    test(what, () => {
      const changed = renamed({ MLproject: main(command), "own.py": script }, "rate");
      assert.deepEqual(changed, { MLproject: main(newCommand, "rate: float"), "own.py": after });
    });
  }
  test("an option of another name stays, and so does one that another entry point is given", () => {
    const script = argparse('p.add_argument("--lr")\np.add_argument("--eta")', "print(args.eta)\n");
    const other = main("python own.py --lr {e|ta}");
    assert.deepEqual(renamed({ MLproject: other, "own.py": script }, "rate"), {
      MLproject: main("python own.py --lr {rate}", "rate: float"),
    });
    const more = "  test:\n    command: python own.py --eta 1\n";
    assert.deepEqual(
      renamed({ MLproject: main("python own.py --eta {e|ta}", "eta: float", more), "own.py": script }, "rate"),
      {
        MLproject: main("python own.py --eta {rate}", "rate: float", more),
      },
    );
  });
  test("a value that is not declared, and reaches the option behind the command", () => {
    const script = argparse('p.add_argument("--e|ta")', "print(args.eta)\n");
    const runner = 'import mlflow\nmlflow.run(".", "all", parameters={"eta": 1})\n';
    const more = "  all:\n    command: python own.py\n";
    const changed = renamed(
      { MLproject: main("python own.py --eta {eta}", "eta: float", more), "own.py": script, "all.py": runner },
      "rate",
    );
    assert.equal(typeof changed === "object" && changed?.["all.py"], runner.replace("eta", "rate"));
  });
  test("parameters that entry points share by an alias are one", () => {
    const shared = (name: string) =>
      `p: &p\n  ${name}: float\nentry_points:\n  a: {parameters: *p, command: "echo {${name}}"}\n  b: {parameters: *p, command: "ls {${name}}"}\n`;
    assert.deepEqual(renamed({ MLproject: shared("e|ta").replaceAll("{e|ta}", "{eta}") }, "rate"), {
      MLproject: shared("rate"),
    });
  });
  test("quotes around a name stay", () => {
    const quoted = 'entry_points:\n  main:\n    parameters: {"e|ta": float}\n    command: "echo {eta}"\n';
    assert.deepEqual(renamed({ MLproject: quoted }, "rate"), {
      MLproject: quoted.replace("|", "").replaceAll("eta", "rate"),
    });
  });
});

describe("a rename that is not safe is refused in a sentence", () => {
  const script = argparse('p.add_argument("--e|ta")\np.add_argument("--epochs")', "print(args.eta)\n");
  const use = (rest: string) => argparse('p.add_argument("--eta")', rest);
  const command = "python own.py --eta {eta}";
  const cases: Array<[what: string, files: Files, newName: string, expected: RegExp]> = [
    [
      "declared already",
      { MLproject: main(command, "e|ta: float, rate: float") },
      "rate",
      /^main has a parameter rate already/,
    ],
    ["no name", { MLproject: main("echo {e|ta}") }, "a{b", /^The name of a parameter has letters/],
    ["a truth to YAML", { MLproject: main("echo {e|ta}") }, "no", /^YAML reads no as another value/],
    [
      "an option already",
      { MLproject: main(command), "own.py": script },
      "epochs",
      /^own.py has an option `--epochs` already/,
    ],
    [
      "an abbreviation that would mean both",
      { MLproject: main("python own.py --eta {eta} --ep 3"), "own.py": script },
      "epsilon",
      /^`--ep` in a command could mean `--epsilon`, too/,
    ],
    [
      "several scripts",
      {
        MLproject: main("python a.py --eta {eta} && python b.py --eta {eta}"),
        "common.py": 'def add(p):\n    p.add_argument("--e|ta")\n',
        "a.py": "import argparse\nfrom common import add\np = argparse.ArgumentParser()\nadd(p)\np.parse_args()\n",
        "b.py": "import argparse\nfrom common import add\np = argparse.ArgumentParser()\nadd(p)\np.parse_args()\n",
      },
      "rate",
      /^a.py and b.py share `--eta` of common.py/,
    ],
    [
      "another caller",
      { MLproject: main(command), "own.py": script, "go.sh": "python own.py --eta 3\n" },
      "rate",
      /^go.sh calls own.py with `--eta`, too/,
    ],
    [
      "a use, with others that are not found",
      { MLproject: main(command), "own.py": use("print(args.e|ta)\nrun(**vars(args))\n") },
      "rate",
      /^The parsed arguments go where the uses of `eta` cannot be followed/,
    ],
    [
      "a word of Python",
      { MLproject: main(command), "own.py": use("print(args.e|ta)\n") },
      "lambda",
      /^`lambda` is no name/,
    ],
    [
      "names that are put together",
      {
        MLproject: main("echo {e|ta}"),
        "all.py": 'import mlflow\nfor name in ["eta"]:\n    mlflow.run(".", parameters={name: 1})\n',
      },
      "rate",
      /^all.py gives eta in a way that is not followed/,
    ],
  ];
  for (const [what, given, newName, expected] of cases) {
    test(what, () => {
      const answer = renamed(given, newName);
      assert.match(typeof answer === "string" ? answer : JSON.stringify(answer), expected);
    });
  }
});

describe("a rename in a Python file is left to others where no MLproject uses the name", () => {
  const cases: Array<[what: string, files: Files]> = [
    [
      "an option that no command gives",
      { MLproject: main("python own.py"), "own.py": argparse('p.add_argument("--e|ta")') },
    ],
    ["a positional argument", { MLproject: main("python own.py {eta}"), "own.py": argparse('p.add_argument("e|ta")') }],
    [
      "another variable",
      { MLproject: main("python own.py --eta {eta}"), "own.py": argparse('p.add_argument("--eta")', "x.e|ta = 1\n") },
    ],
    ["the parser", { MLproject: main("python own.py --eta {eta}"), "own.py": argparse('p.add_arg|ument("--eta")') }],
    [
      "a key that is no parameter",
      { MLproject: main("echo {eta}"), "all.py": 'import mlflow\nmlflow.run(".", parameters={"l|r": 1})\n' },
    ],
  ];
  for (const [what, given] of cases) test(what, () => assert.equal(renamed(given, "rate"), null));
  test("and in an MLproject, where nothing has a name", () => {
    for (const marked of [PROJECT.replace("main:", "ma|in:"), PROJECT.replace("python own", "pyt|hon own")])
      assert.equal(renamed({ ...files, MLproject: marked }, "rate"), null);
  });
});
