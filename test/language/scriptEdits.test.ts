import { ok } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parsePython } from "../../src/language/python/parse.ts";
import { projectRuns } from "../../src/language/python/projectRuns.ts";
import { complete } from "../../src/language/service/completion.ts";
import { hover } from "../../src/language/service/hover.ts";
import { signature } from "../../src/language/service/signature.ts";
import { problemsOf } from "../../src/language/service/problems.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { root } from "../support/environment.ts";
import { randomFrom } from "../support/random.ts";
import { fixture, scriptFolder } from "./scriptFolder.ts";

const PIECES = [
  "(",
  ")",
  "[",
  '"',
  "'''",
  "\\",
  "{",
  "}",
  "\n",
  "    ",
  "def f(",
  "=",
  "*",
  "@",
  ":",
  "\u0000",
  "😀",
  "lambda",
  "$(",
  "`",
  "<<",
  "&&",
  "|",
  "#",
];

/** A text with some of it taken away, doubled, or broken by a piece of syntax. */
function edited(text: string, random: ReturnType<typeof randomFrom>): string {
  let now = text;
  for (let count = 1 + random.below(6); count > 0; count -= 1) {
    const at = random.below(now.length + 1);
    const end = at + random.below(30);
    const kind = random.below(3);
    if (kind === 0) now = now.slice(0, at) + now.slice(end);
    else if (kind === 1) now = now.slice(0, at) + random.pick(PIECES) + now.slice(at);
    else now = now.slice(0, end) + now.slice(at);
  }
  return now;
}

test("edits of scripts and commands end no feature", () => {
  const random = randomFrom(20261126);
  const names = readdirSync(join(root, "test/language/fixtures/scripts")).filter((name) => name.endsWith(".py"));
  for (let round = 0; round < 80; round += 1) {
    const name = random.pick(names);
    const command = edited(
      `python ${name} train --lr {a} -e 3 "x y" && cd x; python -m ${name.slice(0, -3)} $(b)`,
      random,
    );
    const text = `entry_points:\n  main:\n    parameters: {a: {default: 1}}\n    command: ${random.pick(["", ">-\n      ", "|\n      "])}${command}\n`;
    const workspace = scriptFolder({ [name]: edited(fixture(name), random) });
    const document = readMlproject(text);
    problemsOf(document, workspace);
    for (let count = 0; count < 5; count += 1) {
      const offset = random.below(text.length + 1);
      complete({ document, offset, explicit: true, workspace });
      hover(document, offset, workspace);
      signature(document, offset, workspace);
    }
    projectRuns(parsePython(edited('import mlflow\nmlflow.run(".", "main", parameters={"a": 1, **b})\n', random)));
  }
});

const HOSTILE: Array<[what: string, text: string]> = [
  ["brackets that are never closed", `import argparse\nx = ${"(".repeat(50_000)}`],
  ["brackets in brackets", `import argparse\nx = ${"[".repeat(5000)}${"]".repeat(5000)}\n`],
  [
    "functions that call each other",
    `import argparse\n${Array.from({ length: 200 }, (_, index) => `def f${index}(): return f${(index * 7) % 200}(), f${(index * 3) % 200}(), f${(index + 1) % 200}()\n`).join("")}f0()\nargparse.ArgumentParser().parse_args()\n`,
  ],
  [
    "loops in loops",
    `import argparse\np = argparse.ArgumentParser()\n${Array.from({ length: 12 }, (_, depth) => `${" ".repeat(depth)}for a${depth} in [1, 2, 3, 4, 5, 6, 7, 8, 9]:\n`).join("")}${" ".repeat(12)}p.add_argument(a1)\np.parse_args()\n`,
  ],
  ["one long line", `import argparse\nx = "${"a".repeat(500_000)}"\n`],
  ["a class that is its own base", "import argparse\nclass A(A): pass\nclass B(A): pass\nB().x.y()\nA.parse()\n"],
];

for (const [what, text] of HOSTILE) {
  test(`a script of ${what} is answered within seconds of computing`, () => {
    const before = process.cpuUsage();
    const workspace = scriptFolder({ "own.py": text });
    problemsOf(readMlproject("entry_points: {main: {command: python own.py --x}}\n"), workspace);
    const { user } = process.cpuUsage(before);
    ok(user < 5_000_000, `${user / 1000} ms`);
  });
}
