import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Range, TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { codeActions } from "../../src/language/service/codeAction.ts";
import { codeLenses, lastRunText } from "../../src/language/service/codeLens.ts";
import { complete } from "../../src/language/service/completion.ts";
import { hover } from "../../src/language/service/hover.ts";
import { inlayHints } from "../../src/language/service/inlayHints.ts";
import { links } from "../../src/language/service/links.ts";
import { definition, highlights, references } from "../../src/language/service/references.ts";
import { subjectAt } from "../../src/language/service/rename/subject.ts";
import { symbols } from "../../src/language/service/symbols.ts";
import { validate } from "../../src/language/service/validation.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import type { LastRunResult } from "../../src/protocol/language.ts";
import { shared, skipWithout } from "../support/environment.ts";
import { withCursor } from "./cursorText.ts";
import { folderOf } from "./folderOf.ts";

const wine = `name: wine
python_env: python_env.yaml
entry_points:
  prepare:
    command: "python prepare.py --fast"
  main:
    parameters:
      eta: {type: float, default: 0.08, description: Step *size*}
      data: path
      note: {default: a b}
    command: >-
      python -u train.py --eta {eta} {data}
      --note {note} --again {eta}
  broken: {}
`;
const document = readMlproject(wine);
const everything = folderOf({}, true);
const nothing = folderOf({});

function sliceOf(text: string, range: Range | null | undefined): string | undefined {
  return range ? TextDocument.create("", "", 0, text).getText(range) : undefined;
}

/** Offset of `part` in the wine file, at its `nth` occurrence from 0. */
function offsetOf(part: string, nth = 0): number {
  return wine.split(part, nth + 1).join(part).length;
}

function hoverText(offset: number): string {
  const contents = hover(document, offset)?.contents;
  return typeof contents === "object" && "value" in contents ? contents.value : "";
}

describe("hover", () => {
  const command = "python -u train.py --eta 0.08 <data> --note 'a b' --again 0.08";

  test("a parameter tells type, default, description and the built command", () => {
    const text = hoverText(offsetOf("eta: {") + 1);
    assert.ok(text.startsWith("`eta` float, default 0.08\n\nStep \\*size\\*"), text);
    assert.ok(text.includes("Command with the present defaults") && text.includes(command), text);
  });
  test("a placeholder tells the same as its parameter", () => {
    assert.equal(hoverText(offsetOf("{eta}") + 1), hoverText(offsetOf("eta: {")));
    assert.equal(sliceOf(wine, hover(document, offsetOf("{eta}") + 2)?.range), "{eta}");
  });
  test("an entry point lists its parameters", () => {
    const text = hoverText(offsetOf("main:"));
    assert.ok(text.startsWith("Entry point `main` with 3 parameters\n- `eta` float, default 0.08 — Step"), text);
    assert.ok(text.includes("- `data` path, required"), text);
    assert.ok(hoverText(offsetOf("prepare:")).includes("no parameters"));
  });
  test("what a project says stays code, whatever it holds: a link in it is none", () => {
    const link = "[x](command:flowdeck.projects.run)";
    const text = `entry_points:\n  "m\`\`${link}":\n    command: "a\\n\`\`\`\\n${link}"\n`;
    const contents = hover(readMlproject(text), text.indexOf("m`"))?.contents;
    const shown = typeof contents === "object" && "value" in contents ? contents.value : "";
    assert.ok(shown.startsWith(`Entry point \`\`\`m\`\`${link}\`\`\` with`), shown);
    assert.ok(shown.endsWith(`\`\`\`\`shellscript\na\n\`\`\`\n${link}\n\`\`\`\``), shown);
  });
  test("keys and types are explained", () => {
    assert.match(hoverText(offsetOf("python_env:")), /python_env\.yaml/);
    assert.match(hoverText(offsetOf("entry_points")), /Commands of the project/);
    assert.match(hoverText(offsetOf("command: >") + 2), /Shell line/);
    assert.match(hoverText(offsetOf("float")), /A number/);
  });
  test("nothing is said of a text or an undefined placeholder", () => {
    assert.equal(hover(document, offsetOf("wine")), null);
    assert.equal(hover(readMlproject("entry_points: {main: {command: 'x {a}'}}"), 35), null);
  });
});

describe("validation", () => {
  const codes = (text: string, workspace = everything) =>
    validate(readMlproject(text), workspace).map(
      (one) => `${one.severity} ${String(one.code)} ${sliceOf(text, one.range)}`,
    );

  test("problems carry severity, code, source and place", () => {
    assert.deepEqual(codes(wine), ["1 command-missing broken"]);
    assert.equal(validate(document)[0]?.source, "MLproject");
  });
  test("a missing environment file is an error, a missing script a warning", () => {
    assert.deepEqual(codes(wine, nothing), [
      "1 environment-file-missing python_env.yaml",
      "2 script-missing prepare.py",
      "2 script-missing train.py",
      "1 command-missing broken",
    ]);
  });
  const noScripts = [
    "python -m package.train",
    "cd {a} && python x.py",
    "cd $DIR; python x.py",
    "python {a}.py",
    "python $DIR/x.py",
    "python -c 'x.py'",
    "echo x.py",
  ];
  for (const command of noScripts) {
    test(`no script is looked for in ${command}`, () => {
      const text = `entry_points:\n  main:\n    parameters: {a: string}\n    command: ${JSON.stringify(command)}\n`;
      assert.deepEqual(
        codes(text, nothing).filter((one) => one.includes("script")),
        [],
      );
    });
  }
  test("an unused parameter is faded", () => {
    const [hint] = validate(readMlproject("entry_points: {main: {command: x, parameters: {a: float}}}"));
    assert.deepEqual([hint?.severity, hint?.tags], [4, [1]]);
  });
});

describe("lenses", () => {
  const now = Date.UTC(2026, 2, 12, 12);
  const hours = 3_600_000;
  const run: LastRunResult = {
    run_id: "7c1f",
    status: "FINISHED",
    start_time: now - 2 * hours - 60_000,
    end_time: now - 2 * hours,
    metric: { key: "val_rmse", value: 0.56123 },
  };

  test("what runs in a container is not offered to be debugged", () => {
    const docker = readMlproject("docker_env: {image: a}\nname: n\nentry_points: {main: {command: python a.py}}\n");
    const lenses = codeLenses({
      document: docker,
      uri: "file:///p/MLproject",
      mayRun: true,
      lastRun: () => undefined,
      now: 0,
    });
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ["▷ Run"],
    );
  });
  test("Run stands above every entry point that has a command, Debug where it is Python, and Run with… where it has parameters", () => {
    const lenses = codeLenses({ document, uri: "file:///p/MLproject", mayRun: true, lastRun: () => undefined, now });
    assert.deepEqual(
      lenses.map(({ range, command }) => [sliceOf(wine, range), command]),
      [
        ["prepare", "▷ Run", "flowdeck.projects.run"],
        ["prepare", "Debug", "flowdeck.projects.debug"],
        ["main", "▷ Run", "flowdeck.projects.run"],
        ["main", "Debug", "flowdeck.projects.debug"],
        ["main", "Run with…", "flowdeck.projects.runWith"],
      ].map(([name, title, command]) => [name, { title, command, arguments: ["file:///p/MLproject", name] }]),
    );
  });
  test("what is not Python is not debugged", () => {
    const shell = readMlproject("entry_points:\n  main:\n    command: Rscript train.R\n");
    const lenses = codeLenses({
      document: shell,
      uri: "file:///p/MLproject",
      mayRun: true,
      lastRun: () => undefined,
      now,
    });
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ["▷ Run"],
    );
  });
  test("the last run stands behind it and opens that run", () => {
    const lastRun = (name: string) => (name === "main" ? run : undefined);
    const lenses = codeLenses({ document, uri: "file:///p/MLproject", mayRun: true, lastRun, now });
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ["▷ Run", "Debug", "▷ Run", "Debug", "Run with…", "$(pass)\u00A02 h ago · val_rmse 0.5612"],
    );
    assert.deepEqual(lenses.at(-1)?.command?.arguments, [{ run_id: "7c1f" }]);
  });

  test("while a run is at work, the one that ended before it is shown as well", () => {
    const running = {
      ...run,
      run_id: "b",
      status: "RUNNING",
      start_time: now - 192_000,
      experiment_id: "1",
      run_name: "b",
      params: [],
    };
    const last = { ...running, latest: [running, { ...run, experiment_id: "1", run_name: "a", params: [] }] };
    const lenses = codeLenses({ document, uri: "file:///p/MLproject", mayRun: true, lastRun: () => last, now });
    assert.deepEqual(
      lenses.slice(-2).map(({ command }) => [command?.title, command?.arguments]),
      [
        ["$(loading~spin)\u00A0running 3 m 12 s", [{ run_id: "b" }]],
        ["$(pass)\u00A02 h ago · val_rmse 0.5612", [{ run_id: "7c1f" }]],
      ],
    );
  });

  test("behind it stands the best run, which it opens", () => {
    const best = {
      ...run,
      run_id: "b",
      experiment_id: "1",
      run_name: "b",
      params: [],
      best: true,
      metric: { key: "val_rmse", value: 0.5 },
    };
    const lastRun = (name: string) => (name === "main" ? { ...run, latest: [best] } : undefined);
    const command = codeLenses({ document, uri: "file:///p/MLproject", mayRun: true, lastRun, now }).at(-1)?.command;
    assert.deepEqual([command?.title, command?.arguments], ["best 0.5000", [{ run_id: "b" }]]);
  });

  const { metric: _, ...bare } = run;
  const cases: Array<[run: LastRunResult, text: string]> = [
    [bare, "$(pass) 2 h ago · 1 m 00 s"],
    [{ ...run, status: "FAILED" }, "$(error) failed 2 h ago"],
    [{ ...run, status: "KILLED", end_time: now - 9 * 24 * hours }, "$(circle-slash) killed 1 w ago"],
    [{ run_id: "a", status: "RUNNING", start_time: now - 192_000 }, "$(loading~spin) running 3 m 12 s"],
    [{ ...run, metric: { key: "m", value: Number.NaN } }, "$(pass) 2 h ago · m NaN"],
    [{ ...run, metric: { key: "m", value: -0.0000123 } }, "$(pass) 2 h ago · m \u22121.230e\u22125"],
    [{ ...run, end_time: Date.UTC(2025, 0, 5, 12) }, "$(pass) 5 Jan 2025 · val_rmse 0.5612"],
  ];
  for (const [last, text] of cases) test(text, () => assert.equal(lastRunText(last, now), text));
});

describe("names", () => {
  test("a placeholder leads to its parameter", () => {
    assert.equal(definition(document, offsetOf("{note}") + 1)?.start.line, 9);
    assert.equal(sliceOf(wine, definition(document, offsetOf("{note}") + 1)), "note");
    assert.equal(definition(document, 0), null);
  });
  test("all uses of a parameter are found and lit up", () => {
    const found = references(document, offsetOf("eta: {"), true).map((range) => range.start.line);
    assert.deepEqual(found, [7, 11, 12]);
    assert.equal(references(document, offsetOf("eta: {"), false).length, 2);
    assert.deepEqual(
      highlights(document, offsetOf("{eta}") + 1).map((one) => one.kind),
      [3, 2, 2],
    );
  });
});

test("the outline holds entry points and parameters", () => {
  assert.deepEqual(
    symbols(document).map(({ name, detail, children }) => [
      name,
      detail,
      children?.map((one) => `${one.name}: ${one.detail}`),
    ]),
    [
      ["prepare", "python prepare.py --fast", []],
      [
        "main",
        "python -u train.py --eta {eta} {data} --note {note} --again {eta}",
        ["eta: float, default 0.08", "data: path, required", "note: string, default a b"],
      ],
      ["broken", "", []],
    ],
  );
});

test("defaults stand behind placeholders", () => {
  const hints = inlayHints(document, { start: 0, end: wine.length });
  assert.deepEqual(
    hints.map(({ label, position }) => [label, position.line]),
    [
      ["0.08", 11],
      ["a b", 12],
      ["0.08", 12],
    ],
  );
  assert.deepEqual(inlayHints(document, { start: 0, end: 10 }), []);
});

test("files that are there are links", () => {
  const found = links(document, everything).map(({ range, target }) => [sliceOf(wine, range), target]);
  assert.deepEqual(found, [
    ["python_env.yaml", "file:///p/python_env.yaml"],
    ["prepare.py", "file:///p/prepare.py"],
    ["train.py", "file:///p/train.py"],
  ]);
  assert.deepEqual(links(document, nothing), []);
});

describe("quick fixes", () => {
  const cases: Array<[marked: string, title: string, fixed: string]> = [
    ["ent|rypoints:\n  main: {command: x}\n", "Change to entry_points", "entry_points:\n  main: {command: x}\n"],
    [
      "entry_points: {main: {parameters: {alpha: float}, command: 'x {alhpa|}'}}",
      "Change to alpha",
      "entry_points: {main: {parameters: {alpha: float}, command: 'x {alpha}'}}",
    ],
    [
      "entry_points:\n  main:\n    parameters:\n      a: float\n    command: x {a} {le|vel}\n",
      "Declare level as a parameter",
      "entry_points:\n  main:\n    parameters:\n      level: string\n      a: float\n    command: x {a} {level}\n",
    ],
    [
      "entry_points: {main: {parameters: {l2: {type: float, default: 1|e-5}}, command: 'x {l2}'}}",
      "Write 1.0e-5, so that it is a number",
      "entry_points: {main: {parameters: {l2: {type: float, default: 1.0e-5}}, command: 'x {l2}'}}",
    ],
    [
      "entry_points: {main: {command: 'x ${HO|ME}'}}",
      "Write ${{HOME}}",
      "entry_points: {main: {command: 'x ${{HOME}}'}}",
    ],
  ];
  for (const [marked, title, fixed] of cases) {
    test(title, () => {
      const { text, offset } = withCursor(marked);
      const actions = codeActions({
        document: readMlproject(text),
        uri: "file:///p/MLproject",
        range: { start: offset, end: offset },
      });
      const action = actions.find((one) => one.title === title);
      assert.ok(action, actions.map((one) => one.title).join("; "));
      const edits: TextEdit[] = action.edit?.changes?.["file:///p/MLproject"] ?? [];
      assert.equal(TextDocument.applyEdits(TextDocument.create("", "", 0, text), edits), fixed);
    });
  }
  test("the likeliest fix is preferred, and none is offered elsewhere", () => {
    const cut = readMlproject("entry_points: {main: {command: 'x ${HOME}'}}");
    const actions = (offset: number) => codeActions({ document: cut, uri: "u", range: { start: offset, end: offset } });
    const preferred = actions(36).map((one) => one.isPreferred);
    assert.deepEqual(preferred, [true, false]);
    assert.deepEqual(actions(3), []);
  });
});

const folder = shared("mlprojects");
test("no feature throws, wherever the cursor is in a cut file", {
  skip: skipWithout(folder, "../shared/mlprojects"),
}, () => {
  const names = readdirSync(folder ?? "").filter((name) => name.endsWith(".MLproject"));
  let step = 7;
  for (const name of names) {
    const whole = readFileSync(join(folder ?? "", name), "utf8");
    for (let round = 0; round < 6; round += 1) {
      step = (step * 48_271) % 2_147_483_647;
      const text = whole.slice(0, step % (whole.length + 1));
      const cut = readMlproject(text);
      const offsets = [text.length, Math.floor(text.length / 2), step % (text.length + 1)];
      for (const offset of offsets) {
        for (const item of complete({ document: cut, offset, explicit: true, workspace: nothing })) {
          assert.ok(item.textEdit !== undefined && item.label.length > 0);
        }
        hover(cut, offset);
        subjectAt(cut, offset, undefined);
        codeActions({ document: cut, uri: "u", range: { start: offset, end: offset }, workspace: nothing });
      }
      codeLenses({ document: cut, uri: "u", mayRun: true, lastRun: () => undefined, now: 0 });
      inlayHints(cut, { start: 0, end: text.length });
      for (const symbol of symbols(cut)) assert.ok(symbol.name.length > 0);
    }
  }
});
