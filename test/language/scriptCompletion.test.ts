import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { complete } from "../../src/language/service/completion.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { withCursor } from "./cursorText.ts";
import { scriptFolder } from "./scriptFolder.ts";

const workspace = scriptFolder({ "src/package/train.py": "", "src/package/__init__.py": "", "data/red.csv": "" });

const main = (command: string) =>
  `entry_points:\n  main:\n    parameters:\n      epochs: {default: 3}\n      solver: string\n    command: ${command}\n`;

function ask(command: string, explicit = false) {
  const { text, offset } = withCursor(main(command));
  const items = complete({ document: readMlproject(text), offset, explicit, workspace });
  return { text, items: items.toSorted((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1)) };
}

const labels = (command: string) => ask(command).items.map(({ label }) => label);

/** The command after the item called `label` is accepted. */
function accept(command: string, label: string): string {
  const { text, items } = ask(command);
  const item = items.find((one) => one.label === label);
  assert.ok(item?.textEdit, `no ${label} among ${items.map((one) => one.label).join(" ")}`);
  const after = TextDocument.applyEdits(TextDocument.create("", "", 0, text), [item.textEdit as TextEdit]);
  return after.slice(after.indexOf("command: ") + 9).trimEnd();
}

describe("completion in the call of a script", () => {
  const cases: Array<[what: string, command: string, labels: string[]]> = [
    [
      "scripts behind python",
      "python arg|",
      [
        "argv.py",
        "clicked.py",
        "commands.py",
        "composed.py",
        "fired.py",
        "firedCommands.py",
        "flagged.py",
        "imported.py",
        "known.py",
        "options.py",
        "plain.py",
        "positional.py",
        "typed.py",
        "typedApp.py",
        "src/",
      ],
    ],
    ["scripts in a folder", "python src/package/|", ["src/package/__init__.py", "src/package/train.py"]],
    ["modules behind -m", "python -m src.package.|", ["src.package.train"]],
    [
      "options, the required first, with the parameter of their name",
      "python plain.py |",
      ["--epochs {epochs}", "--alpha", "--solver {solver}", "--verbose", "--quiet", "--layers", "--save", "--no-save"],
    ],
    [
      "options that are not given yet",
      "python plain.py -e 3 --verbose --al|",
      ["--alpha", "--solver {solver}", "--quiet", "--layers", "--save", "--no-save"],
    ],
    ["choices of the option in front", "python plain.py --solver |", ["{solver}", "sgd", "adam", "lbfgs"]],
    ["choices behind an equals sign", "python plain.py --solver=a|", ["{solver}", "sgd", "adam", "lbfgs"]],
    ["nothing for a number", "python plain.py --alpha |", []],
    ["commands", "python commands.py |", ["evaluate", "fit", "train", "--config"]],
    ["options of a command", "python commands.py evaluate m |", ["--seed", "--metric"]],
    [
      "keys of hydra",
      "python composed.py main.s|",
      ["model=", "model.alpha=", "model.solver=", "model.solver.name=", "main=", "main.steps=", "main.seed=", "tags="],
    ],
    ["nothing behind another program", "echo |", []],
  ];
  for (const [what, command, expected] of cases) test(what, () => assert.deepEqual(labels(command), expected));

  test("an option replaces what is typed of it", () => {
    assert.equal(accept("python plain.py --ep|", "--epochs {epochs}"), "python plain.py --epochs {epochs}");
    assert.equal(
      accept("python plain.py --ep| --verbose", "--epochs {epochs}"),
      "python plain.py --epochs {epochs} --verbose",
    );
  });
  test("an item says what the script says of it", () => {
    const item = ask("python plain.py |").items.find(({ label }) => label === "--alpha");
    assert.equal(item?.detail, "float, default 0.5");
    assert.equal(item?.documentation, "Weight of the penalty.\n\nargparse, plain.py");
  });
  test("in a folded command, too", () => {
    const folded = ">-\n      python plain.py\n      --epochs {epochs}\n      --so|";
    assert.equal(
      accept(folded, "--solver {solver}"),
      ">-\n      python plain.py\n      --epochs {epochs}\n      --solver {solver}",
    );
  });
  test("where an option is typed, parameters are not offered even when asked for; behind its = they are", () => {
    const kinds = (command: string) => new Set(ask(command, true).items.map(({ label }) => label.startsWith("{")));
    assert.deepEqual(kinds("python plain.py --ep|"), new Set([false]));
    assert.ok(kinds("python plain.py |").has(true));
    assert.ok(kinds("python plain.py --epochs=|").has(true));
    assert.deepEqual(kinds("python unknown.py --ep|"), new Set([true]));
  });
});
