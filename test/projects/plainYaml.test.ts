import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readPlainYaml } from "../../src/projects/plainYaml.ts";
import { readYaml } from "../../src/projects/yamlTree.ts";
import { shared, skipWithout } from "../support/environment.ts";

/** Compares with the reader of the whole of YAML, where the fast one reads at all; tells whether it did. */
function isSame(text: string): boolean {
  const root = readPlainYaml(text);
  if (root === undefined) return false;
  assert.deepEqual({ root, problems: [], mistakes: 0 }, readYaml(text), JSON.stringify(text));
  return true;
}

describe("what is usual is read as all of YAML is", () => {
  const cases = [
    "name: wine quality # mine\nmain: x",
    "a:\n  b: 1e-5\n  c: 1.0e-5\n  d: 010\n  e: yes\n  f: ~\n  g: None\n  h: 2020-01-01",
    "a:\nb:\n\n  # comment\n  c: 'it''s' # d\n# end\n",
    'a: "x \\"y\\" \\\\ \\n"\r\nb: \'\'\r\n',
    "a: {b: 1, c: {type: float, default: 0.1}, d: [x y, 'z', {}]}\nb: []\n",
    "a: {b: 1,\n  c: 2,\n  }\n",
    "a: one\n  two\n\n\n  three # four\nb: x#y:z\n",
    "a:\n- x\n- {b: c}\n- 'y'\nb:\n  - 1\n  - two\n    three\n",
    "a: |\n  x\n    y\n\n  z\n\n\nb: |- # c\n    x\nc: >-\n\n\n  x\n  y\n\n  z\nd: >\n  x\n",
    "a: |\r\n  x\r\n\r\n  y",
    "2: a\n0x1F: b\nyes: c\nmy key: d\nmy-key : e\n",
    "a: -x\nb: -1\nc: x - y\nd: ?x\ne: $HOME\n",
  ];
  for (const text of cases) test(JSON.stringify(text), () => assert.ok(isSame(text)));
});

describe("what is unusual is left to the reader of all of YAML", () => {
  const cases = [
    "",
    "# nothing\n",
    "a: &x 1\nb: *x\n",
    "a: !!str 1\n",
    "<<: {a: 1}\n",
    "a: 1\na: 2\n",
    "a: {b: 1, b: 2}\n",
    "a: 1\n--- \nb: 2\n",
    "a:\tb\n",
    "\uFEFFa: 1\n",
    "a: b: c\n",
    "a: 'x\n  y'\n",
    'a: "\\x41"\n',
    "a: [b\n",
    "a: {b\n, c: 1}\n",
    "a: {b c}\n",
    "a: |2\n   x\n",
    "a: |+\n  x\n\n",
    "a: >\n  x\n    y\n",
    "a: |\n  x\n y\n",
    "a: x\n  # c\n  y\n",
    "a: x # c\n  y\n",
    "a: 1\n b: 2\n",
    "- a: 1\n",
    "a: 0x_\n",
    "a: 2020-13-01\n",
    " a: 1\nb: 2\n",
    "a: 1\rb: 2\n",
  ];
  for (const text of cases) test(JSON.stringify(text), () => assert.equal(readPlainYaml(text), undefined));
});

const folder = shared("mlprojects");
test("real files are read the same, also when something was typed into them", {
  skip: skipWithout(folder, "../shared/mlprojects"),
}, () => {
  const files = readdirSync(folder ?? "").filter((name) => name.endsWith(".MLproject"));
  const texts = files.map((name) => readFileSync(join(folder ?? "", name), "utf8"));
  assert.ok(texts.filter(isSame).length > 0.7 * files.length);
  const typed = [
    "\n",
    " ",
    "  ",
    ": ",
    ":",
    " # c",
    "'",
    '"',
    "{",
    "}",
    ",",
    "- ",
    "|\n",
    "&a",
    "?",
    "\n\n",
    "\n    ",
    "a: b",
    "\r\n",
  ];
  let step = 11;
  const next = (below: number): number => {
    step = (step * 48_271) % 2_147_483_647;
    return step % below;
  };
  let read = 0;
  for (let count = 0; count < 1500; count += 1) {
    const text = texts[next(texts.length)] ?? "";
    const at = next(text.length + 1);
    const removed = next(3) === 0 ? next(8) : 0;
    const changed = text.slice(0, at) + (typed[next(typed.length)] ?? "") + text.slice(at + removed);
    if (changed.length < 4000 && isSame(changed)) read += 1;
  }
  assert.ok(read > 300, `${read} of the changed files were read`);
});
