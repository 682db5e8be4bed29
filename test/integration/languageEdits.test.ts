import { match, ok } from "node:assert/strict";
import { test } from "node:test";
import { readForEditor } from "../../src/language/service/readForEditor.ts";
import { validate } from "../../src/language/service/validation.ts";
import { EditedFile, editRandomly } from "../support/languageEdits.ts";

test("300 random edits neither end the language server nor leave it out of step with a fresh read", async () => {
  await editRandomly(60, 20_261_126);
});

test("ten megabytes get a refusal at once, in one sentence", () => {
  const entryPoint = (_: unknown, index: number) => `  step${index}: {command: "echo {x}"}\n`;
  const text = `entry_points:\n${Array.from({ length: 330_000 }, entryPoint).join("")}`;
  ok(text.length > 10_000_000);
  const before = process.cpuUsage();
  const [told, ...more] = validate(readForEditor(text));
  const { user } = process.cpuUsage(before);
  match(JSON.stringify(told?.message), /^"This file is not checked: it has \d+\.\d million characters/);
  ok(more.length === 0 && user < 1_000_000, `${user / 1000} ms`);
});

test("ten megabytes open in the server, every feature answers, and it goes on", async () => {
  const file = new EditedFile();
  await file.start();
  try {
    const text = `entry_points:\n${"  step: {command: 'echo {x}'}\n".repeat(350_000)}`;
    await file.apply(text, [{ at: 0.5, remove: 0, insert: "{" }]);
    await file.apply("entry_points:\n  main: {command: 'echo {x}'}\n", [{ at: 0.9, remove: 1, insert: "y" }]);
  } finally {
    file.stop();
  }
});

const HOSTILE: [what: string, text: string][] = [
  ["quotes that are never closed", "a: '\n".repeat(20_000)],
  ["braces that are never closed", `entry_points:\n  main:\n    command: '${"{a:".repeat(30_000)}'\n`],
  ["brackets that are never closed", `a: ${"[".repeat(100_000)}`],
  ["brackets in brackets", `a: ${"[".repeat(5_000)}${"]".repeat(5_000)}`],
  ["maps in maps", Array.from({ length: 900 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")],
  ["colons", "a: b: c\n".repeat(20_000)],
  ["tabs", "a:\tb\n".repeat(50_000)],
  ["one long name", `${"a".repeat(400_000)}: 5\n`],
  ["blanks", `entry_points:\n  main:\n    command: |\n      x${`${" ".repeat(1000)}\n      y`.repeat(300)}\n`],
  [
    "aliases that grow",
    `a: &a [x,x]\n${[..."bcdefghijklmnopqrst"].map((name, index) => `${name}: &${name} [${`*${"abcdefghijklmnopqrs"[index]},`.repeat(9)}]`).join("\n")}\nentry_points: {main: {command: x, parameters: {p: {default: *t}}}}\n`,
  ],
  [
    "merges that grow",
    `a: &a {k0: 1}\n${Array.from({ length: 200 }, (_, index) => `b${index}: &b${index} {<<: [*${index > 0 ? `b${index - 1}` : "a"}, *${index > 0 ? `b${index - 1}` : "a"}], k${index}: 1}`).join("\n")}`,
  ],
  [
    "names nearly the same",
    `entry_points:\n  main:\n    parameters:\n${Array.from({ length: 1000 }, (_, index) => `      alpha_${index}: float\n`).join("")}    command: '${Array.from({ length: 1000 }, (_, index) => `{alhpa_${index}}`).join(" ")}'\n`,
  ],
];
for (const [what, text] of HOSTILE) {
  test(`${what} are answered within seconds of computing`, () => {
    const before = process.cpuUsage();
    const told = validate(readForEditor(text));
    const { user } = process.cpuUsage(before);
    ok(told.length <= 1000, `${told.length} problems`);
    ok(user < 5_000_000, `${user / 1000} ms`);
  });
}
