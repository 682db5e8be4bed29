import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { CodeAction } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { codeActions } from "../../src/language/service/codeAction.ts";
import { problemsOf } from "../../src/language/service/problems.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { mutate, seeded } from "../conformance/mutations.ts";
import { shared, skipWithout } from "../support/environment.ts";
import { withCursor } from "./cursorText.ts";
import { folderOf } from "./folderOf.ts";

const uri = "file:///p/MLproject";

function actionsAt(marked: string, files: Record<string, string> = {}, fileName = "MLproject"): CodeAction[] {
  const { text, offset } = withCursor(marked);
  const workspace = folderOf(files, false, fileName);
  const range = { start: offset, end: offset };
  return codeActions({ document: readMlproject(text), uri, range, workspace, makesFiles: true });
}

function applied(text: string, action: CodeAction | undefined): string {
  const document = TextDocument.create(uri, "", 0, text);
  return TextDocument.applyEdits(document, action?.edit?.changes?.[uri] ?? []);
}

/** The text after the action of that title. */
function after(marked: string, title: string): string {
  const actions = actionsAt(marked);
  const action = actions.find((one) => one.title === title);
  ok(action, `${title} is none of ${actions.map((one) => one.title).join("; ")}`);
  return applied(withCursor(marked).text, action);
}

describe("keys between brackets go and come with a comma", () => {
  const cases: [title: string, marked: string, wanted: string][] = [
    ["Remove python_env", "{p|ython_env: a, conda_env: b, name: c}", "{conda_env: b, name: c}"],
    ["Remove conda_env", "{python_env: a, c|onda_env: b, name: c}", "{python_env: a, name: c}"],
    ["Remove conda_env", "{python_env: a, c|onda_env: b}", "{python_env: a}"],
    ["Remove conda_env", "python_env: a\nc|onda_env: b\nname: c\n", "python_env: a\n\nname: c\n"],
    ["Remove parameters", "entry_points: {main: {p|arameters: , command: x}}", "entry_points: {main: {command: x}}"],
    [
      "Add a name",
      "{entry_points: {}, d|ocker_env: {image: a}}",
      "{entry_points: {}, name: project, docker_env: {image: a}}",
    ],
  ];
  for (const [title, marked, wanted] of cases) test(`${title}: ${marked}`, () => equal(after(marked, title), wanted));
});

describe("an undefined placeholder is declared", () => {
  const cases: [marked: string, wanted: string][] = [
    [
      "entry_points:\n  main:\n    parameters:\n      a: float\n    command: x {b|} {a}\n",
      "entry_points:\n  main:\n    parameters:\n      b: string\n      a: float\n    command: x {b} {a}\n",
    ],
    [
      "entry_points:\n  main:\n    command: x {b|}\n",
      "entry_points:\n  main:\n    parameters:\n      b: string\n    command: x {b}\n",
    ],
    ["entry_points: {main: {command: 'x {b|}'}}", "entry_points: {main: {parameters: {b: string}, command: 'x {b}'}}"],
    [
      "entry_points:\n  main:\n    parameters: {a: float}\n    command: x {a} {b|}\n",
      "entry_points:\n  main:\n    parameters: {b: string, a: float}\n    command: x {a} {b}\n",
    ],
  ];
  for (const [marked, wanted] of cases) {
    test(JSON.stringify(wanted), () => equal(after(marked, "Declare b as a parameter"), wanted));
  }
  test("a name that YAML takes for no text is quoted", () =>
    equal(
      after("entry_points:\n  main:\n    command: x {on|}\n", "Declare on as a parameter"),
      'entry_points:\n  main:\n    parameters:\n      "on": string\n    command: x {on}\n',
    ));
  test("nothing is declared for a part of a value", () => {
    const titles = actionsAt("entry_points:\n  main:\n    command: x {a|.b}\n").map(({ title }) => title);
    ok(titles.length > 0 && titles.every((title) => !title.startsWith("Declare")), titles.join("; "));
  });
});

describe("an unused parameter is handed to the command", () => {
  const project = (command: string) =>
    `entry_points:\n  main:\n    parameters:\n      n_it|: float\n    command: ${command}\n`;
  const cases: [command: string, wanted: string][] = [
    ["python x.py", "python x.py --n-it {n_it}"],
    ['"python x.py"', '"python x.py --n-it {n_it}"'],
    ["|\n      python x.py\n", "|\n      python x.py --n-it {n_it}\n"],
  ];
  for (const [command, wanted] of cases) {
    test(wanted, () =>
      equal(
        after(project(command), "Add --n-it to the command"),
        project(wanted).replace("|:", ":").replace("n_it|", "n_it"),
      ),
    );
  }
});

describe("a parameter has a short and a long form", () => {
  const project = (parameter: string) =>
    `entry_points:\n  main:\n    parameters:\n      ${parameter}\n    command: x {a}\n`;
  test("short to long and back", () => {
    equal(after(project("a|: float"), "Write a in the long form"), project("a: {type: float}"));
    equal(after(project("a|: {type: float}"), "Write a in the short form"), project("a: float"));
    equal(after(project("a|:\n        type: path"), "Write a in the short form"), project("a: path"));
  });
  test("a default, a description or a comment stays", () => {
    for (const value of [
      "{type: float, default: 1}",
      "{type: float, description: x}",
      "\n        # why\n        type: float",
    ]) {
      const titles = actionsAt(project(`a|: ${value}`)).map(({ title }) => title);
      deepEqual(
        titles.filter((title) => title.startsWith("Write a")),
        [],
        value,
      );
    }
  });
});

describe("a long command is folded", () => {
  const title = "Fold the command to several lines with >-";
  test("with an option to each line, and without its quotes", () => {
    const marked =
      'entry_points:\n  main:\n    parameters: {a: float}\n    command: "python tr|ain.py --a {a} --say \\"x\\" -v"\n';
    const wanted =
      'entry_points:\n  main:\n    parameters: {a: float}\n    command: >-\n      python train.py\n      --a {a}\n      --say "x"\n      -v\n';
    equal(after(marked, title), wanted);
  });
  for (const command of ["echo| a", "echo|  --a", ">-\n      ec|ho\n      --a", "{a: ec|ho --a}"]) {
    test(`not ${JSON.stringify(command)}`, () => {
      const actions = actionsAt(`entry_points:\n  main:\n    command: ${command}\n`);
      ok(!actions.some((one) => one.title === title));
    });
  }
});

describe("files are made and renamed", () => {
  const made = (action: CodeAction | undefined) =>
    (action?.edit?.documentChanges ?? []).map((change) =>
      "kind" in change
        ? `${change.kind} ${change.kind === "rename" ? `${change.oldUri} ${change.newUri}` : change.uri}`
        : `edit ${change.textDocument.uri}: ${change.edits.map((edit) => ("newText" in edit ? edit.newText : "")).join("")}`,
    );
  test("a missing script takes what the command gives it", () => {
    const marked =
      "entry_points:\n  main:\n    parameters: {eta: {type: float, default: 0.5}, n: int, data: path}\n    command: python src/tr|ain.py {data} --eta {eta} --n={n} --fast\n";
    const [create = "", edit = ""] = made(actionsAt(marked).find(({ title }) => title === "Create src/train.py"));
    equal(create, "create file:///p/src/train.py");
    const lines = edit
      .split("\n")
      .filter((line) => line.includes("add_argument"))
      .map((line) => line.trim());
    deepEqual(lines, [
      "parser.add_argument('data')",
      "parser.add_argument('--eta', type=float, default=0.5)",
      "parser.add_argument('--n', type=int, required=True)",
      `parser.add_argument('--fast', action="store_true")`,
    ]);
  });
  test("a missing environment file holds the requirements that are there", () => {
    const marked = "python_env: env.ya|ml\nentry_points: {main: {command: x}}\n";
    const actions = actionsAt(marked, { "requirements.txt": "" });
    const [create, edit = ""] = made(actions.find(({ title }) => title === "Create env.yaml"));
    equal(create, "create file:///p/env.yaml");
    match(edit, /python: "3\.11"\ndependencies:\n {2}- -r requirements\.txt\n$/);
  });
  test("a project without an environment gets one", () => {
    const actions = actionsAt("na|me: x\nentry_points:\n  main: {command: x}\n", { "conda.yaml": "" });
    deepEqual(made(actions.find(({ title }) => title === "Add conda_env: conda.yaml")), [
      `edit ${uri}: conda_env: conda.yaml\n`,
    ]);
    const both = made(actions.find(({ title }) => title === "Add python_env: python_env.yaml"));
    deepEqual(
      both.map((one) => one.split(":")[0]),
      ["create file", `edit file`, "edit file"],
    );
  });
  test("a file MLflow does not look for is renamed", () => {
    const actions = actionsAt("entry_poi|nts: {main: {command: x}}\n", {}, "MLproject.yaml");
    deepEqual(made(actions.find(({ title }) => title === "Rename to MLproject")), [
      "rename file:///p/MLproject.yaml file:///p/MLproject",
    ]);
  });
  test("not for an editor that makes no files", () => {
    const text = "python_env: env.yaml\nentry_points: {main: {command: python x.py}}\n";
    const range = { start: 0, end: text.length };
    const actions = codeActions({ document: readMlproject(text), uri, range, workspace: folderOf({}) });
    ok(actions.length > 0 && actions.every(({ edit }) => edit?.documentChanges === undefined));
  });
});

test("only the kinds that are asked for are given", () => {
  const document = readMlproject("entry_points:\n  main: {command: 'x {b}', parameters: {a: float}}\n");
  const kinds = (only?: string[]) => {
    const actions = codeActions({ document, uri, range: { start: 0, end: document.text.length }, only });
    return [...new Set(actions.map(({ kind }) => kind))];
  };
  deepEqual(kinds(["refactor"]), []);
  deepEqual(kinds(["quickfix"]), ["quickfix"]);
});

/** All of them take half a minute: FLOWDECK_EVERY=1. */
const EVERY = Number(process.env["FLOWDECK_EVERY"] ?? 14);

const folder = shared("mlprojects");
test("in real and mistyped files every fix does what it says", {
  skip: skipWithout(folder, "../shared/mlprojects"),
}, () => {
  const random = seeded(6);
  const all = readdirSync(folder ?? "").filter((name) => name.endsWith(".MLproject"));
  const names = all.filter((_, index) => index % EVERY === 0);
  const tried = { solved: 0, silenced: 0 };
  for (const name of names) {
    const original = readFileSync(join(folder ?? "", name), "utf8");
    for (const text of [original, mutate(original, random)]) {
      const document = readMlproject(text);
      const range = { start: 0, end: text.length };
      for (const action of codeActions({ document, uri, range, workspace: folderOf({}, true) })) {
        const code = String(action.diagnostics?.[0]?.code ?? "");
        const changed = readMlproject(applied(text, action));
        const count = (one: typeof document) =>
          problemsOf(one, folderOf({}, true)).filter((problem) => problem.code === code).length;
        const isSame =
          JSON.stringify(changed.entryPoints.map((one) => one.command)) ===
          JSON.stringify(document.entryPoints.map((one) => one.command));
        if (action.title.startsWith("Ignore ")) {
          ok(count(changed) < count(document), `${name}: ${action.title}\n${changed.text}`);
          tried.silenced += 1;
        } else if (action.kind === "quickfix") {
          // One fix of a broken file may bring the next mistake to light.
          const isBroken = document.problems.some((problem) => problem.code.startsWith("yaml-"));
          ok(isBroken || count(changed) < count(document), `${name}: ${action.title} (${code})\n${changed.text}`);
          tried.solved += 1;
        } else {
          ok(isSame, `${name}: ${action.title}\n${changed.text}`);
        }
      }
    }
  }
  ok(tried.solved > 3 && tried.silenced > 20, JSON.stringify(tried));
});
