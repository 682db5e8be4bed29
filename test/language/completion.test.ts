import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { complete } from "../../src/language/service/completion.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionItem, TextEdit } from "vscode-languageserver";
import { withCursor } from "./cursorText.ts";
import { folderOf } from "./folderOf.ts";

const workspace = folderOf({ "conda.yml": "" });

function ask(marked: string, explicit = true): CompletionItem[] {
  const { text, offset } = withCursor(marked);
  const items = complete({ document: readMlproject(text), offset, explicit, workspace });
  return items.toSorted((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
}

/** The text after the first item, or the one called `label`, is accepted. */
function accept(marked: string, label?: string): string {
  const { text } = withCursor(marked);
  const items = ask(marked);
  const item = label === undefined ? items[0] : items.find((one) => one.label === label);
  assert.ok(item?.textEdit, `no ${label} among ${items.map((one) => one.label).join(" ")}`);
  return TextDocument.applyEdits(TextDocument.create("", "", 0, text), [item.textEdit as TextEdit]);
}

const main = (parameters: string, command: string) =>
  `entry_points:\n  main:\n    parameters:\n${parameters}    command: ${command}\n`;
const eta = "      eta: {type: float, default: 0.08}\n      data: path\n";

describe("keys and values", () => {
  const cases: Array<[where: string, marked: string, labels: string]> = [
    ["an empty file", "|", "name python_env conda_env docker_env entry_points databricks_spark_job"],
    ["the top, one environment taken", "name: x\nconda_env: y\n|", "entry_points databricks_spark_job"],
    [
      "a half-typed key at the top",
      "ent|\nname: x\n",
      "python_env conda_env docker_env entry_points databricks_spark_job",
    ],
    ["below docker_env", "docker_env:\n  image: x\n  |\n", "volumes environment"],
    ["below entry_points", "entry_points:\n  |", "main"],
    ["beside main", "entry_points:\n  main:\n    command: x\n  |", ""],
    ["an entry point", "entry_points:\n  main:\n    |\n", "parameters command"],
    ["an entry point with parameters", main(eta, "x {eta}").replace("    command", "    |\n    command"), ""],
    [
      "an entry point behind its parameters",
      "entry_points:\n  main:\n    parameters:\n      a: float\n    |",
      "command",
    ],
    ["a parameter", "entry_points:\n  main:\n    parameters:\n      a:\n        |", "type default description"],
    [
      "a parameter with a type",
      "entry_points:\n  main:\n    parameters:\n      a:\n        type: float\n        |",
      "default description",
    ],
    ["a parameter in brackets", "entry_points:\n  main:\n    parameters:\n      a: {|}", "type default description"],
    [
      "the second key in brackets",
      "entry_points:\n  main:\n    parameters:\n      a: {type: float, |}",
      "default description",
    ],
    ["brackets in brackets", "entry_points:\n  main:\n    parameters: {a: {|", "type default description"],
    ["a type", "entry_points:\n  main:\n    parameters:\n      a:\n        type: |", "string float path uri"],
    ["a type in brackets", "entry_points:\n  main:\n    parameters:\n      a: {type: |}", "string float path uri"],
    ["the short form", "entry_points:\n  main:\n    parameters:\n      a: |", "string float path uri"],
    ["a parameter's default", "entry_points:\n  main:\n    parameters:\n      a: {default: |}", ""],
    ["an environment file", "conda_env: |", "conda.yml"],
    ["an environment file that is not there", "python_env: |", ""],
    ["a comment", "name: x # |", ""],
    ["a comment line", "# |", ""],
    ["a name", "name: |", ""],
    [
      "names the command uses",
      "entry_points:\n  main:\n    command: x {lr} {a}\n    parameters:\n      a: float\n      |",
      "lr",
    ],
  ];
  for (const [where, marked, labels] of cases) {
    test(where, () =>
      assert.equal(
        ask(marked)
          .map((item) => item.label)
          .join(" "),
        labels,
      ),
    );
  }

  test("an accepted key brings its colon, and a map the line below", () => {
    assert.equal(accept("na|"), "name: ");
    assert.equal(accept("|", "entry_points"), "entry_points:\n  ");
    assert.equal(accept("na|: x"), "name: x");
    assert.equal(
      accept("entry_points:\n  main:\n    parameters:\n      a: {ty|}"),
      "entry_points:\n  main:\n    parameters:\n      a: {type: }",
    );
  });

  test("an accepted type takes the place of the one that stands there", () => {
    assert.equal(
      accept("entry_points:\n  main:\n    parameters:\n      a: {type: fl|oat}", "path"),
      "entry_points:\n  main:\n    parameters:\n      a: {type: path}",
    );
    assert.equal(
      accept("entry_points:\n  main:\n    parameters:\n      a: str|ing", "uri"),
      "entry_points:\n  main:\n    parameters:\n      a: uri",
    );
  });
});

describe("parameters in a command", () => {
  const inside: Array<[style: string, command: string]> = [
    ["plain", "python x.py {|"],
    ["double quotes", '"python x.py {|"'],
    ["double quotes, not closed", '"python x.py {|'],
    ["single quotes", "'python x.py {|'"],
    ["literal", "¦\n      python x.py \\\n        --eta {|"],
    ["folded", ">-\n      python x.py\n      --eta {|\n      more"],
    ["behind a literal brace", '"echo {{a}} {|"'],
    ["in a literal brace's company", '"echo {{{|"'],
  ];
  for (const [style, command] of inside) {
    test(style, () => {
      const items = ask(main(eta, command), false);
      assert.deepEqual(
        items.map((item) => [item.label, item.detail]),
        [
          ["eta}", "float, default 0.08"],
          ["data}", "path, required"],
          ["{{", "a literal brace"],
        ],
      );
    });
  }

  test("an accepted one closes its brace, once", () => {
    assert.equal(accept(main(eta, '"x {|"')), main(eta, '"x {eta}"'));
    assert.equal(accept(main(eta, '"x {|}"')), main(eta, '"x {eta}"'));
    assert.equal(accept(main(eta, '"x {da|ta} y"'), "eta}"), main(eta, '"x {eta} y"'));
    assert.equal(accept(main(eta, '"x {|"'), "{{"), main(eta, '"x {{"'));
    assert.equal(accept(main(eta, "x |")), main(eta, "x {eta}"));
  });

  test("those that the command uses already come last", () => {
    assert.deepEqual(
      ask(main(eta, '"x {eta} {|"')).map((item) => item.label),
      ["data}", "eta}", "{{"],
    );
  });

  test("nothing pops up behind a space or a literal brace", () => {
    assert.deepEqual(ask(main(eta, '"x |"'), false), []);
    assert.deepEqual(ask(main(eta, '"x {{|"'), false), []);
    assert.equal(ask(main(eta, '"x |"'), true).length, 2);
  });

  test("a description is told", () => {
    const [item] = ask(main("      a: {type: float, description: Step size}\n", "x {|"));
    assert.equal(item?.documentation, "Step size");
  });
});
