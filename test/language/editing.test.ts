import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { SelectionRange } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { foldingRanges } from "../../src/language/service/folding.ts";
import { format } from "../../src/language/service/formatting.ts";
import { selectionRange } from "../../src/language/service/selection.ts";
import { encodeTokens, semanticTokens } from "../../src/language/service/semanticTokens.ts";
import { entryPointSymbols } from "../../src/language/service/workspaceSymbols.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { shared, skipWithout } from "../support/environment.ts";

const text = `name: wine
# Steps
# of it.
entry_points:
  main:
    parameters:
      eta: {type: float, default: 0.08}
      data: path
    command: >-
      python train.py --eta {eta} '{data}' -v
      --no={nothing}
`;
const document = readMlproject(text);

function formatted(source: string): string {
  const edits = format(readMlproject(source));
  return TextDocument.applyEdits(TextDocument.create("", "", 0, source), edits);
}

test("blocks and comments fold", () => {
  assert.deepEqual(
    foldingRanges(text).map(({ startLine, endLine, kind }) => [startLine, endLine, kind]),
    [
      [1, 2, "comment"],
      [3, 10, undefined],
      [4, 10, undefined],
      [5, 7, undefined],
      [8, 10, undefined],
    ],
  );
});

test("a selection grows from the word to the file", () => {
  const found: string[] = [];
  const whole = TextDocument.create("", "", 0, text);
  let range: SelectionRange | undefined = selectionRange(document, text.indexOf("{eta}") + 2);
  for (; range !== undefined; range = range.parent) found.push(whole.getText(range.range));
  assert.deepEqual(found.slice(0, 4), [
    "eta",
    "{eta}",
    "python train.py --eta {eta} '{data}' -v",
    text.slice(text.indexOf(">-")),
  ]);
  assert.ok(found[4]?.startsWith("main:") && found.at(-1) === text, found.join("\n---\n"));
});

test("parameters, types and options have tokens, and what is undefined has none", () => {
  assert.deepEqual(
    semanticTokens(document).map(({ type, modifier = "", range }) => [
      text.slice(range.start, range.end),
      type,
      modifier,
    ]),
    [
      ["eta", "parameter", "declaration"],
      ["float", "type", "defaultLibrary"],
      ["data", "parameter", "declaration"],
      ["path", "type", "defaultLibrary"],
      ["--eta", "property", ""],
      ["eta", "parameter", ""],
      ["data", "parameter", ""],
      ["-v", "property", ""],
      ["--no", "property", ""],
    ],
  );
  assert.deepEqual(encodeTokens(document, semanticTokens(document)).slice(0, 10), [6, 6, 3, 0, 1, 0, 12, 5, 1, 2]);
});

test("entry points are found by the letters of their name", () => {
  const names = (query: string) => entryPointSymbols(document, "file:///p/MLproject", query).map((one) => one.name);
  assert.deepEqual([names(""), names("mn"), names("nm")], [["main"], ["main"], []]);
  assert.equal(entryPointSymbols(document, "u", "")[0]?.containerName, "wine");
});

describe("formatting", () => {
  const cases: Array<[what: string, from: string, to: string]> = [
    [
      "indents by two spaces",
      "entry_points:\n    main:\n        command:   x \n        parameters:\n         a:  {type: int,default: 2}\n",
      "entry_points:\n  main:\n    command: x\n    parameters:\n      a: {type: int, default: 2}\n",
    ],
    [
      "moves the lines of a text together",
      "entry_points:\n    main:\n        command: |\n            if x; then\n              y  \n            fi\n",
      "entry_points:\n  main:\n    command: |\n      if x; then\n        y  \n      fi\n",
    ],
    [
      "moves comments with what they stand above",
      "entry_points:\n    # About main.\n    main: # here\n        command: x\n        # lr: float\n    b: {command: y}\n# end\n",
      "entry_points:\n  # About main.\n  main: # here\n    command: x\n    # lr: float\n  b: {command: y}\n# end\n",
    ],
    [
      "moves lists under their key",
      "docker_env:\n  image:  x\n  volumes:\n  - a\n  -   b\nname: n\n",
      "docker_env:\n  image: x\n  volumes:\n    - a\n    -   b\nname: n\n",
    ],
  ];
  for (const [what, from, to] of cases) {
    test(what, () => {
      assert.equal(formatted(from), to);
      assert.equal(formatted(to), to);
      assert.equal(formatted(from.replaceAll("\n", "\r\n")), to.replaceAll("\n", "\r\n"));
    });
  }
  test("a file that is no YAML stays", () => assert.equal(formatted("a: [\n   b:   c\n"), "a: [\n   b:   c\n"));
});

const folder = shared("mlprojects");
test("real files, however they are indented, load to the same value after formatting, and twice is as good as once", {
  skip: skipWithout(folder, "../shared/mlprojects"),
}, () => {
  const names = readdirSync(folder ?? "").filter((name) => name.endsWith(".MLproject"));
  const files = names.map((name) => readFileSync(join(folder ?? "", name), "utf8"));
  const said = (source: string) =>
    readMlproject(source).entryPoints.map(({ name, command, parameters }) => [
      name,
      command,
      parameters.map((one) => [one.name, one.type, one.default]),
    ]);
  const comments = (source: string) => [...source.matchAll(/#.*\S/g)].map(([comment]) => comment);
  const changed = new Set<string>();
  const check = (source: string) => {
    const once = formatted(source);
    assert.deepEqual(said(once), said(source));
    assert.deepEqual(comments(once), comments(source));
    assert.equal(formatted(once), once);
    if (once !== source) changed.add(source);
  };
  files.forEach(check);
  assert.ok(changed.size > 20, `${changed.size} files are changed`);
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.constantFrom(1, 2, 3), fc.nat(2), (source, factor, more) =>
      check(
        source.replaceAll(
          /^( *)(.*)$/gm,
          (_, indent: string, rest: string) =>
            indent.repeat(factor) + rest + (rest.endsWith("}") ? " ".repeat(more) : ""),
        ),
      ),
    ),
    { numRuns: 40, seed: 6 },
  );
});
