import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { buildCommand, resolveValues } from "../../src/projects/command.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";

// What a value may hold to break out of its quotes, beside any text at all. NUL cannot be part of an argument.
const DANGEROUS = [
  "'",
  '"',
  "\\",
  "$(id)",
  "`id`",
  "$HOME",
  "${x}",
  "\n",
  "\r\n",
  " ",
  "\t",
  ";",
  "&&",
  "|",
  "*",
  "~",
  "!",
  "{a}",
  "{{",
  "#",
  "-",
  "--x=y",
  "é",
  "日本",
  "😀",
  "\u202e",
  "\u00a0",
  "=",
  "%s",
  "\\0",
];
const value = fc
  .array(fc.oneof(fc.constantFrom(...DANGEROUS), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 6 })
  .map((parts) => parts.join("").replaceAll("\0", "").toWellFormed());

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const MLPROJECT = `entry_points:
  main:
    parameters: {${NAMES.map((name) => `${name}: string`).join(", ")}}
    command: "printf '%s\\\\0' ${NAMES.map((name) => `{${name}}`).join(" ")}"
`;

test("values with quotes, spaces, line ends, $() and backticks reach the program as they were given, declared or not", async () => {
  const [entryPoint] = readMlproject(MLPROJECT).entryPoints;
  assert(entryPoint !== undefined);
  const several = fc.array(value, { minLength: NAMES.length + 4, maxLength: NAMES.length + 4 });
  await fc.assert(
    fc.asyncProperty(several, async (texts) => {
      const given = texts.map((text, index): [string, string] => [NAMES[index] ?? `extra ${index}`, text]);
      const values = await resolveValues(entryPoint, given, { existingPath: () => undefined });
      const printed = execFileSync("bash", ["-c", buildCommand(entryPoint, values)], { encoding: "utf8" });
      const expected = given.flatMap(([name, text], index) => (index < NAMES.length ? [text] : [`--${name}`, text]));
      assert.deepEqual(printed.split("\0").slice(0, -1), expected);
    }),
    { numRuns: 60 },
  );
});

test("names of values that are not declared reach the program as they were given", async () => {
  await fc.assert(
    fc.asyncProperty(value, value, async (name, text) => {
      const entryPoint = { kind: "script" as const, name: "x", command: "printf '%s\\0'" };
      const values = await resolveValues(entryPoint, [[name, text]], { existingPath: () => undefined });
      const printed = execFileSync("bash", ["-c", buildCommand(entryPoint, values)], { encoding: "utf8" });
      assert.deepEqual(printed.split("\0").slice(0, -1), [`--${name}`, text]);
    }),
    { numRuns: 40 },
  );
});
