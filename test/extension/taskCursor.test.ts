import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonValue, taskCursor } from "../../src/extension/projects/taskCursor.ts";

const TASK = (body: string) =>
  `{\n  // mine\n  "tasks": [\n    { "type": "shell" },\n    {\n      ${body}\n    }\n  ]\n}`;

/** `|` is the cursor. */
const places: [text: string, wanted: string | undefined, replaced: string, more?: Record<string, unknown>][] = [
  [TASK('"type": "mlproject", "entryPoint": "ma|in"'), "entryPoint", '"main"', { project: "." }],
  [TASK('"type": "mlproject", "entryPoint": |'), "entryPoint", ""],
  [TASK('"type": "mlproject", "entryPoint": |,\n "project": "wine"'), "entryPoint", "", { project: "wine" }],
  [TASK('"type": "mlproject", "project": "|"'), "project", '""'],
  [
    TASK('"type": "mlproject", "entryPoint": "train", "parameters": { "eta": 1, "|" }'),
    "parameterName",
    '""',
    { entryPoint: "train", present: ["eta"], hasValue: false },
  ],
  [TASK('"type": "mlproject", "parameters": { "e|ta": 1 }'), "parameterName", '"eta"', { present: [], hasValue: true }],
  [TASK('"type": "mlproject", "parameters": { | }'), "parameterName", "", { entryPoint: "main" }],
  [TASK('"type": "mlproject", "parameters": { "eta": | }'), "parameterValue", "", { parameter: "eta" }],
  [TASK('"type": "mlproject", "parameters": { "eta": "0.|1" }'), "parameterValue", '"0.1"', { parameter: "eta" }],
  [TASK('"type": "mlproject", "parameters": { "eta": 0.1| }'), "parameterValue", "0.1", { parameter: "eta" }],
  [TASK('"type": "shell", "entryPoint": "|"'), undefined, ""],
  [TASK('"type": "mlproject", "la|bel": "x"'), undefined, ""],
  [TASK('"type": "mlproject", "label": "|"'), undefined, ""],
  ['{"tasks": [|]}', undefined, ""],
  ['{"presets": [{"name": "a", "parameters": {"|"}}]}', "parameterName", '""', { present: [] }],
  ["|", undefined, ""],
];
for (const [marked, wanted, replaced, more] of places) {
  const line = marked.split("\n").find((one) => one.includes("|")) ?? "";
  test(`${line.trim()} asks for ${wanted ?? "nothing of a project"}`, () => {
    const offset = marked.indexOf("|");
    const text = marked.replace("|", "");
    const cursor = taskCursor(text, offset);
    assert.equal(cursor?.wanted, wanted);
    if (cursor === undefined) return;
    assert.equal(text.slice(cursor.range.start, cursor.range.end), replaced);
    assert.deepEqual({ ...cursor, ...more }, cursor);
  });
}

const values: [type: string, value: string, json: string][] = [
  ["float", "0.1", "0.1"],
  ["float", "1e-5", '"1e-5"'],
  ["float", "0.10", '"0.10"'],
  ["float", "nan", '"nan"'],
  ["int", "5", "5"],
  ["string", "5", '"5"'],
  ["path", 'a "b"', '"a \\"b\\""'],
];
for (const [type, value, json] of values) {
  test(`${value} of a ${type} is written ${json}, which the script gets as it was`, () => {
    assert.equal(jsonValue({ type }, value), json);
    assert.equal(String(JSON.parse(json)), value);
  });
}
