import assert from "node:assert/strict";
import fc from "fast-check";
import { buildCommand, resolveValues, type RunnableEntryPoint } from "../../src/projects/command.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { runCommand } from "../../src/processes/processes.ts";

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
  "\u0001",
  "\u001b[31m",
  "\u2028",
  "--",
  "-n",
];
/** Any text at all, with what is dangerous in it. */
const short = fc
  .array(fc.oneof(fc.constantFrom(...DANGEROUS), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 6 })
  .map((parts) => parts.join("").replaceAll("\0", "").toWellFormed());

/** Bytes of the longest word that a program can be given (Linux), without the NUL at its end. */
const LONGEST = (128 << 10) - 1;

const long = fc
  .tuple(fc.constantFrom(...DANGEROUS), fc.integer({ min: 1, max: LONGEST }))
  .map(([part, bytes]) => part.repeat(Math.floor(bytes / Buffer.byteLength(part))));

const value = fc.oneof({ weight: 60, arbitrary: short }, { weight: 1, arbitrary: long });

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const EXTRAS = 4;
const MLPROJECT = `entry_points:
  main:
    parameters: {${NAMES.map((name) => `${name}: string`).join(", ")}}
    command: "/usr/bin/printf '%s\\\\0' ${NAMES.map((name) => `{${name}}`).join(" ")}"
`;

/** What a program finds as its words when an entry point is run with these values, as a run starts it. */
async function wordsOf(entryPoint: RunnableEntryPoint, given: [name: string, value: string][]): Promise<string[]> {
  const values = await resolveValues(entryPoint, given, { existingPath: () => undefined });
  const chunks: Buffer[] = [];
  const output = { write: (chunk: Buffer) => void chunks.push(chunk) };
  const args = ["-c", buildCommand(entryPoint, values)];
  const line = { file: "bash", args, cwd: "/", env: process.env, deaf: true, output };
  assert.deepEqual(await runCommand(line, new AbortController().signal), { exitCode: 0 });
  return Buffer.concat(chunks).toString("utf8").split("\0").slice(0, -1);
}

/** Twelve values at a time, declared and not. @throws at the first that does not reach the program as it was given. */
export async function checkValues(numRuns: number, seed: number): Promise<void> {
  const [entryPoint] = readMlproject(MLPROJECT).entryPoints;
  assert(entryPoint !== undefined);
  const count = NAMES.length + EXTRAS;
  const several = fc.array(value, { minLength: count, maxLength: count });
  const property = fc.asyncProperty(several, async (texts) => {
    const given = texts.map((text, index): [string, string] => [NAMES[index] ?? `extra ${index}`, text]);
    const expected = given.flatMap(([name, text], index) => (index < NAMES.length ? [text] : [`--${name}`, text]));
    assert.deepEqual(await wordsOf(entryPoint, given), expected);
  });
  await fc.assert(property, { numRuns, seed });
}

/** Names of values that are not declared. */
export async function checkNames(numRuns: number, seed: number): Promise<void> {
  const entryPoint = { kind: "script" as const, name: "x", command: "/usr/bin/printf '%s\\0'" };
  const property = fc.asyncProperty(short, value, async (name, text) => {
    assert.deepEqual(await wordsOf(entryPoint, [[name, text]]), [`--${name}`, text]);
  });
  await fc.assert(property, { numRuns, seed });
}
