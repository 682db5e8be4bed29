import assert from "node:assert/strict";
import { test } from "node:test";
import { entryOf, nodesAt, parseJsonc, textOf, withItem, type JsonNode } from "../../src/extension/platform/jsonc.ts";

function valueOf(node: JsonNode): unknown {
  if (node.kind === "object")
    return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, valueOf(value)]));
  if (node.kind === "array") return node.items.map(valueOf);
  return node.kind === "value" ? node.value : "(missing)";
}

const whole: [text: string, value: unknown][] = [
  ['{"a": [1, -2.5e3, true, null, "x\\n"]}', { a: [1, -2500, true, null, "x\n"] }],
  ['// before\n{ /* in */ "a" /* , */ : 1, // behind\n}', { a: 1 }],
  ['["a//b", "/* c */",]', ["a//b", "/* c */"]],
  ["\uFEFF{}", {}],
  ["[]", []],
];
for (const [text, value] of whole) {
  test(`${JSON.stringify(text)} is read`, () => {
    const { root, wrongAt } = parseJsonc(text);
    assert.deepEqual([valueOf(root), wrongAt], [value, undefined]);
  });
}

const broken: [text: string, wrongAt: number, value: unknown][] = [
  ['{"a": 1 "b": 2}', 8, { a: 1, b: 2 }],
  ['{"a": }', 6, { a: "(missing)" }],
  ['{"a"', 4, { a: "(missing)" }],
  ['[{"a": 1, {"b": 2}]', 10, [{ a: 1 }, { b: 2 }]],
  ['{"a": "x', 8, { a: "x" }],
  ["[1, 2", 5, [1, 2]],
  ["", 0, "(missing)"],
  ["{} x", 3, {}],
  ["[nope]", 5, []],
];
for (const [text, wrongAt, value] of broken) {
  test(`what can be read of ${JSON.stringify(text)} is read, and the mistake has a place`, () => {
    const read = parseJsonc(text);
    assert.equal(read.wrongAt, wrongAt);
    if (!text.startsWith('[{"a": 1, {')) assert.deepEqual(valueOf(read.root), value);
  });
}

test("every cut of a file is read to its end", () => {
  const text = '{ "tasks": [ { "type": "mlproject", "parameters": { "a": "1", /* c */ "b": [true] } } ] }';
  for (let end = 0; end < text.length; end += 1) assert.notEqual(parseJsonc(text.slice(0, end)).wrongAt, undefined);
});

test("the keys that lead to a place are told, also where nothing stands yet", () => {
  const text = '{"tasks": [{}, {"type": "mlproject", "parameters": {"eta": , "depth": "3"}}]}';
  const { root } = parseJsonc(text);
  assert.deepEqual(nodesAt(root, text.indexOf('"eta": ') + 7).path, ["tasks", 1, "parameters", "eta"]);
  assert.deepEqual(nodesAt(root, text.indexOf('"depth"')).path, ["tasks", 1, "parameters"]);
  const task = nodesAt(root, text.indexOf('"3"') + 1).nodes.at(2);
  assert.equal(textOf(entryOf(task, "type")), "mlproject");
});

const grown: [before: string, after: string][] = [
  ['{\n  "p": []\n}\n', '{\n  "p": [\n    {\n      "n": 1\n    }\n  ]\n}\n'],
  [
    '{\n\t"p": [\n\t\t// first\n\t\t{ "n": 0 } // last, of all\n\t]\n}',
    '{\n\t"p": [\n\t\t// first\n\t\t{ "n": 0 }, // last, of all\n\t\t{\n\t\t\t"n": 1\n\t\t}\n\t]\n}',
  ],
  ['{"p": [\n  2, /* a, b */\n]}', '{"p": [\n  2, /* a, b */\n  {\n    "n": 1\n  }\n]}'],
  ['{"p": [ // none\n]}', '{"p": [ // none\n  {\n    "n": 1\n  }\n]}'],
];
for (const [before, after] of grown) {
  test(`a value more in ${JSON.stringify(before)} leaves comments and indents as they are`, () => {
    const list = entryOf(parseJsonc(before).root, "p");
    assert(list?.kind === "array");
    const text = withItem(before, list, { n: 1 });
    assert.equal(text, after);
    assert.equal(parseJsonc(text).wrongAt, undefined);
  });
}
