import { deepEqual } from "node:assert/strict";
import { describe, test } from "node:test";
import { readPushed, readSeverities } from "../../src/language/service/severities.ts";
import { validate } from "../../src/language/service/validation.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";

const told = (text: string, severities = {}) =>
  validate(readMlproject(text), undefined, severities).map(({ code, severity }) => `${String(code)} ${severity}`);

describe("severities", () => {
  const text = "entrypoints: {}\nentry_points:\n  main: {command: 'x {a}', parameters: {b: int}}\n";
  test("a setting changes that of a code, or silences it", () => {
    deepEqual(told(text), ["undefined-placeholder 1", "unused-parameter 4", "unofficial-type 4"]);
    const severities = readSeverities({ "undefined-placeholder": "information", "unofficial-type": "off" });
    deepEqual(told(text, severities), ["undefined-placeholder 3", "unused-parameter 4"]);
  });
  test("what is no severity is passed over", () => {
    deepEqual(readSeverities({ a: "loud", b: 5, c: "hint", toString: null }), { c: "hint" });
    for (const value of [null, undefined, [], "off", 5]) deepEqual(readSeverities(value), {});
    deepEqual(told("entry_points: {main: {command: 'x {toString}'}}"), ["undefined-placeholder 1"]);
  });
  test("a client that tells its settings unasked is heard, too", () => {
    deepEqual(readPushed({ flowdeck: { mlproject: { severity: { a: "off" } } } }), { a: "off" });
    for (const value of [null, {}, { flowdeck: 5 }, { flowdeck: { mlproject: {} } }]) deepEqual(readPushed(value), {});
  });
});

describe("# flowdeck: ignore", () => {
  const project = (command: string) => `entry_points:\n  main:\n    ${command}\n`;
  const silent: [what: string, text: string][] = [
    ["on the line", project("command: x {a} # flowdeck: ignore undefined-placeholder")],
    ["one of several codes", project("command: x {a} # flowdeck: ignore unused-parameter, undefined-placeholder")],
    ["without a code", project("command: x {a} # flowdeck: ignore")],
    ["on the line above", project("# flowdeck: ignore undefined-placeholder\n    command: x {a}")],
    ["where the command begins", project("command: >- # flowdeck: ignore undefined-placeholder\n      x\n      {a}")],
    ["above a command in quotes", project("# flowdeck: ignore undefined-placeholder\n    command: 'x\n      {a}'")],
    ["in the command", project("command: |-\n      x {a} # flowdeck: ignore undefined-placeholder")],
  ];
  for (const [what, text] of silent) test(`${what} silences`, () => deepEqual(told(text), []));

  const loud: [what: string, text: string][] = [
    ["of another code", project("command: x {a} # flowdeck: ignore lone-brace")],
    ["on another line", `# flowdeck: ignore undefined-placeholder\n${project("command: x {a}")}`],
    ["behind other code on the line above", project("x: 1 # flowdeck: ignore\n    command: x {a}")],
  ];
  for (const [what, text] of loud) test(`${what} does not`, () => deepEqual(told(text), ["undefined-placeholder 1"]));
});
