import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { shellFault } from "../../src/projects/shellSyntax.ts";

/** What bash refuses, with the place that is told. */
const REFUSED: Array<[command: string, at: string]> = [
  ["python a.py 'x", "'"],
  ['python a.py --note "x', '"'],
  ["echo it's done", "'"],
  ["a &&", "&&"],
  ["a ||\n\n", "||"],
  ["a | ", "|"],
  ["a && # b", "&&"],
  ["a && && b", "&&"],
  ["&& a", "&&"],
  ["a && ;b", "&&"],
  ["echo a )", ")"],
  ["a && (cd x; b", "("],
  ["a $(date", "("],
  ["a `date", "`"],
  ['echo "$(date"', '"'],
  ["if a; then b", "if"],
  ["for i in a b; do echo $i", "do"],
  ["a; fi", "fi"],
  ["if a; then\nelse\n b\nfi", "then"],
  ["if a; then b; else fi", "else"],
  ["for i in a; do\ndone", "do"],
  ["a; else b", "else"],
  ["if a; then b; done", "done"],
];

const READ = [
  ...[
    "a &",
    "a & b",
    "a > f 2>&1 && b",
    "a &> f",
    "a >| f",
    "a |& b",
    "a &&\n b",
    "a |\n\n b",
    "a && # it's\nb",
    "# it's\na",
  ],
  ...[
    "echo $((1+(2*3)))",
    "echo ${#a} ${a:-'x'}",
    'echo "$(echo "a ) b")"',
    "echo $(echo ')' )",
    "a=(1 2); echo ${a[@]}",
  ],
  ...[
    "f() { echo a; }; f",
    "{ a; b; }",
    "echo \"a'b\" 'c\"d'",
    "echo $'it\\'s'",
    "[[ a && (b || c) ]] && x",
    "((i=1|2))",
  ],
  ...[
    "while read x; do echo $x; done | sort",
    "if a; then\nb\nfi\n",
    "echo if done",
    "if a; then # c\n b; fi",
    "if a; then if b; then c; fi; else d; fi",
    "if a; then (b); else { c; }; fi",
    "diff <(a) <(b)",
    "(a; b) > c",
    "echo a\\'b",
  ],
  ...[
    "case x in\n a) b ;;\nesac",
    "cat <<E\nit's (\nE",
    "find . \\( -name x \\)",
    "python -c \"print('a')\"",
    "for ((i=0;i<3;i++)); do a; done",
  ],
];

const bash = spawnSync("bash", ["-c", ":"]).status === 0;

describe("what bash cannot read is found as bash finds it", () => {
  const isRead = (command: string) => spawnSync("bash", ["-n", "-c", command]).status === 0;
  for (const [command, at] of REFUSED) {
    test(JSON.stringify(command), () => {
      const fault = shellFault(command);
      assert.equal(command.slice(fault?.start, fault?.end), at);
      if (bash) assert.ok(!isRead(command));
    });
  }
  test("and nothing is found in what it reads", () => {
    for (const command of READ) {
      assert.equal(shellFault(command), undefined, command);
      if (bash) assert.ok(isRead(command), command);
    }
  });
  test("in a file, where braces are doubled and values filled in", () => {
    const text = "entry_points:\n  main:\n    parameters: {a: float}\n    command: x {a} {{y}} 'b {a} && y\n";
    const [problem] = readMlproject(text).problems.filter(({ severity }) => severity === "error");
    assert.equal(problem?.code, "shell-syntax");
    assert.equal(problem.range.start, text.indexOf("'"));
    const lines = "entry_points:\n  main:\n    command: |-\n      a\n      && b\n";
    assert.deepEqual(
      readMlproject(lines).problems.map(({ code, severity }) => `${severity} ${code}`),
      ["error line-starts-with-operator"],
    );
  });
  test("brackets in brackets end no stack", () => {
    for (const part of ["(", "${", '"$(', "`", "if ", "a && "]) shellFault(part.repeat(100_000));
  });
});
