import { equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { EntryPointMemory, originOf } from "../../src/projects/entryPointMemory.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { readEditedParts } from "../support/editedParts.ts";

test("entry points read one by one, from memory or not, are those of a file read as a whole, whatever is edited", () => {
  readEditedParts(12, 20_261_126);
});

const text = `entry_points:\n${["a", "b", "c"].map((name) => `  ${name}:\n    command: "x {y}"\n`).join("")}`;

test("an entry point that is not edited is not read again, and the very same where it did not move", () => {
  const memory = new EntryPointMemory();
  const [a, b, c] = readMlproject(text, memory).entryPoints;
  const edited = readMlproject(text.replace("b:", "bb:"), memory).entryPoints;
  ok(a !== undefined && b !== undefined && c !== undefined);
  equal(edited[0], a);
  equal(edited[1]?.name, "bb");
  ok(edited[2] !== undefined && originOf(edited[2])?.entryPoint === originOf(c)?.entryPoint);
  equal(edited[2].nameRange.start, c.nameRange.start + 1);
});

test("typing an open quote, a bracket or half a key in a file of 4,000 lines takes no more than milliseconds", () => {
  const step = (_: unknown, n: number) =>
    `  step_${n}:\n    parameters:\n      a: {type: float, default: 1}\n      b: string\n    command: >-\n      python x.py {a}\n      --b {b}\n      --c "c"\n`;
  const large = `entry_points:\n${Array.from({ length: 500 }, step).join("")}`;
  const at = large.indexOf("b: string", large.length / 2) + 3;
  const memory = new EntryPointMemory();
  readMlproject(large, memory);
  const typed = ['"', "{x: ", "a: b: ", "\n      foo"];
  const before = process.cpuUsage();
  for (let round = 0; round < 5; round += 1) {
    for (const piece of typed) {
      const { problems } = readMlproject(large.slice(0, at) + piece + large.slice(at), memory);
      ok(problems.some(({ code }) => code === "yaml-syntax"));
    }
  }
  const { user, system } = process.cpuUsage(before);
  // Read as a whole each takes 300 ms and more; a machine that does other things takes twice as long.
  const each = (user + system) / 1000 / typed.length / 5;
  ok(each < 100, `${each} ms`);
});
