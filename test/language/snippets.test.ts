import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../src/language/service/completion.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { withCursor } from "./cursorText.ts";

function snippets(marked: string, isAble = true): string[] {
  const { text, offset } = withCursor(marked);
  return complete({ document: readMlproject(text), offset, explicit: true, snippets: isAble }).flatMap((item) =>
    item.insertTextFormat === 2 ? [`${item.label}: ${item.textEdit?.newText}`] : [],
  );
}

/** A snippet with its choices made and its fields as they stand. */
function filled(snippet: string): string {
  return snippet.replace(
    /\$\{\d(?::([^}]*)|\|([^,|]*)[^}]*)\}/g,
    (_, text?: string, first?: string) => text ?? first ?? "",
  );
}

test("a whole entry point is offered where one can stand, and is one when it is filled in", () => {
  const [found = ""] = snippets("entry_points:\n  |");
  const body = filled(found.slice("entry point: ".length));
  const { entryPoints, problems } = readMlproject(`entry_points:\n  ${body.replaceAll("\n", "\n  ")}\n`);
  assert.deepEqual(problems, []);
  assert.equal(entryPoints[0]?.command, "python train.py --alpha {alpha}");
});

test("a whole parameter is offered where one can stand", () => {
  const [found = "", ...others] = snippets("entry_points:\n  main:\n    parameters:\n      |\n    command: x");
  assert.equal(filled(found), "parameter: alpha: {type: float, default: 0.5}");
  assert.deepEqual(others, []);
});

test("no snippet stands in front of a colon, in brackets, elsewhere, or where the client fills none in", () => {
  for (const marked of ["entry_points:\n  m|: x", "entry_points: {|}", "|", "entry_points:\n  main:\n    |"]) {
    assert.deepEqual(snippets(marked), []);
  }
  assert.deepEqual(snippets("entry_points:\n  |", false), []);
});
