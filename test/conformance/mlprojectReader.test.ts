import { equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { findPython, root, shared, skipWithout } from "../support/environment.ts";
import { mutate, seeded } from "./mutations.ts";

// The reader and the real MLflow on the same texts: whether they load, and what is loaded.

const python = findPython();
const folder = shared("mlprojects");
const skip = skipWithout(python, "Python with mlflow") || skipWithout(folder, "../shared/mlprojects");

/** Mutations of each text; FLOWDECK_ROUNDS asks for more, FLOWDECK_SEED for others. */
const ROUNDS = Number(process.env["FLOWDECK_ROUNDS"] ?? 8);
const SEED = Number(process.env["FLOWDECK_SEED"] ?? 20_261_123);

/** Errors that MLflow 3.17.2 meets only when the project runs: it loads a file that has them. */
const RUN_ERRORS = [
  ...["undefined-placeholder", "shell-variable", "positional-placeholder", "lone-brace", "placeholder-format"],
  ...[
    "command-missing",
    "command-not-text",
    "shell-syntax",
    "line-starts-with-operator",
    "default-not-text",
    "docker-name-missing",
  ],
];

interface Loaded {
  name: string | null;
  entry_points: { name: string; command: string | null; parameters: [string, string, string | null][] }[];
}

type Verdict = Loaded | { error: string };

/** Where the two differ, and why that stays so. */
const DIFFERENCES: { reason: string; holds(text: string, ours: Verdict, theirs: Verdict): boolean }[] = [
  {
    reason: "A binary value loads as bytes, which no command takes: we refuse it where it stands.",
    holds: (text, own) => text.includes("!!binary") && "error" in own && own.error.includes("`binary`"),
  },
  {
    reason: "YAML 1.1 keeps U+2028 and U+2029 in a folded text, where we read a space or a line end.",
    holds: (text, own, other) => /[\u2028\u2029]/.test(text) && !("error" in own || "error" in other),
  },
  {
    reason: "YAML 1.1 ends a line at U+0085, U+2028 and U+2029, also in a key between brackets, where we read a space.",
    holds: (text, own, other) => /[\u0085\u2028\u2029]/.test(text) && !("error" in own) && "error" in other,
  },
  {
    reason: "A block text whose `|` or `>` stands below its key, no deeper than it, is refused: no one means it.",
    holds: (text, own, other) => /:[ \t\r]*\n *[|>][-+0-9]*\r?\n/.test(text) && "error" in own && !("error" in other),
  },
  {
    reason: "A type that is null is none to MLflow, which takes the value as it is: that is what we call a string.",
    holds: (_, own, other) =>
      agree(own, JSON.parse(JSON.stringify(other).replaceAll('"None",', '"string",')) as Verdict),
  },
  {
    reason: "An anchor that touches a colon stands before an empty key to PyYAML, and is a mistake to us.",
    holds: (text, own) => "error" in own && /&[\w-]+:/.test(text),
  },
  {
    reason: "Directives and more than one end of the document are told apart otherwise; no MLproject file has them.",
    holds: (text) => /^%|^\.\.\.\s+\.\.\./m.test(text),
  },
  {
    reason: "An anchor used within itself makes an endless value to PyYAML, and a mistake to us.",
    holds: (text, own) => "error" in own && /yaml-(?:alias|merge)/.test(own.error) && /\*one/.test(text),
  },
  {
    reason: "PyYAML 6.0.4 lists what several maps at one `<<` bring in another order than the releases before it.",
    holds: (text, own, other) => /<<\s*:\s*\[/.test(text) && agree(sorted(own), sorted(other)),
  },
  {
    reason: "Keys marked by `?` and tabs behind them are told apart otherwise; no MLproject file has them.",
    holds: (text) => /^\s*\?(?:\s|$)/m.test(text),
  },
];

function ours(text: string): Verdict {
  const { name, entryPoints, problems } = readMlproject(text);
  const error = problems.find(({ severity, code }) => severity === "error" && !RUN_ERRORS.includes(code));
  if (error !== undefined) return { error: `${error.code} at ${error.range.start}: ${error.message}` };
  return {
    name: name ?? null,
    entry_points: entryPoints.map((entryPoint) => ({
      name: entryPoint.name,
      command: entryPoint.command ?? null,
      parameters: entryPoint.parameters.map((one) => [one.name, one.type, one.default ?? null]),
    })),
  };
}

function theirs(texts: readonly string[]): Verdict[] {
  const script = join(root, "test/conformance/python/loadProjects.py");
  const options = { input: JSON.stringify(texts), encoding: "utf8" as const, maxBuffer: 1 << 28 };
  const parsed: unknown = JSON.parse(execFileSync(python ?? "", [script], options));
  return parsed as Verdict[];
}

/** Both fail, or both load the same. */
function agree(one: Verdict, other: Verdict): boolean {
  if ("error" in one || "error" in other) return "error" in one && "error" in other;
  return JSON.stringify(one) === JSON.stringify(other);
}

function sorted(verdict: Verdict): Verdict {
  if ("error" in verdict) return verdict;
  const entry_points = verdict.entry_points.map((one) => ({
    ...one,
    parameters: one.parameters.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  }));
  return { ...verdict, entry_points };
}

function texts(): string[] {
  const real = readdirSync(folder ?? "").filter((name) => name.endsWith(".MLproject"));
  const originals = [...real.sort().map((name) => readFileSync(join(folder ?? "", name), "utf8")), ...HAND_WRITTEN];
  const random = seeded(SEED);
  const mutated = originals.flatMap((text) => Array.from({ length: ROUNDS }, () => mutate(text, random)));
  return [...originals, ...mutated];
}
const HAND_WRITTEN = [
  `name: quotes
entry_points:
  main:
    parameters:
      a: {type: float, default: 0.5, description: "it's
  so"}
      b: {type: 'path',
default: "x
y"
}
    command: "python x.py --a {a}
--b {b}"
  other:
    parameters: {c: {type: float, default: 1.0e-3}, d: path, e: {}}
    command: 'echo {c}

  it''s {d}'
`,
  `name: blocks
python_env: env/python_env.yaml
entry_points:
  folded:
    command: >
      python x.py
      --again

        --more
      # no comment
    parameters:
      a: {default: no}
      b: {type: string, default: 2020-01-01 10:00:00}
  literal:
    command: |+
      a \\
        b

  stripped:
    command: |-2
       a
      b
`,
  `name: &n anchors
entry_points:
  one: &one
    parameters: &p
      a: {type: float, default: 1}
      b: &b {type: string, default: *n}
    command: "x {a} {b}"
  two:
    <<: *one
    parameters:
      <<: [*p, {z: path}]
      c: *b
      a: int
`,
  `name: docker
docker_env:
  image: python:3.12
  volumes: ["/a:/a", "/b:/b"]
  environment: [["A", "1"], B]
entry_points:
  main:
    command: "echo a"
`,
  `databricks_spark_job:
  python_file: main.py
  parameters: ["a", 'b']
`,
  `? name
: 'complex'
? entry_points
: main:
    command: x
    parameters:
      ? a
      : float
      "b": path
      'c' : {default: !!str 5}
`,
  `%YAML 1.1
---
{name: flow, entry_points: {main: {parameters: {a: float, b: {type: path, default: [1, 2]}}, command: "x {a}"},
 other: {command: x, parameters: {}}}}
...
`,
];

describe("mutated files load, or fail, as with mlflow 3.17.2", { skip }, () => {
  let all: { text: string; ours: Verdict; theirs: Verdict }[] = [];
  before(() => {
    const given = texts();
    const answers = theirs(given);
    all = given.map((text, index) => ({ text, ours: ours(text), theirs: answers[index] ?? { error: "no answer" } }));
  });

  test("the mutations are worth the name: some load, some fail", () => {
    const loaded = all.filter((one) => !("error" in one.theirs)).length;
    ok(loaded > all.length / 4 && loaded < (all.length * 3) / 4, `${loaded} of ${all.length} load`);
  });

  test("every disagreement has its reason in the table", (t) => {
    const apart = all.filter((one) => !agree(one.ours, one.theirs));
    const unexplained = apart.filter(
      ({ text, ours, theirs }) => !DIFFERENCES.some((known) => known.holds(text, ours, theirs)),
    );
    t.diagnostic(`${all.length} texts, ${apart.length} disagreements`);
    equal(unexplained.length, 0, JSON.stringify(unexplained.slice(0, 5), null, 1));
  });
});
