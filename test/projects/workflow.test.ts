import assert from "node:assert/strict";
import { test } from "node:test";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { checkSteps } from "../../src/projects/workflow/checkSteps.ts";
import { fillTemplate } from "../../src/projects/workflow/expression.ts";
import { dependenciesOf, findCycle, needsOf, planOrder, withDependents } from "../../src/projects/workflow/plan.ts";
import { readWorkflow } from "../../src/projects/workflow/readWorkflow.ts";

const WHOLE = `
name: Train and pick
max_parallel: 2
experiment_name: wine
parameters:
  alpha: {type: float, default: 0.1}
steps:
  prepare:
    retries: {count: 2, delay: 0.5}
  train-mlp:
    entry_point: train
    project: ../other
    parameters:
      data: \${{ steps.prepare.artifact_uri }}/clean.csv
      alpha: "\${{workflow.parameters.alpha}}"
      rows: \${{ steps.prepare.metrics.val.rows }}
      text: a \${{ '\${{' }} b
    needs: check
    retries: 1
    continue_on_error: true
    env_manager: local
    cache: no
  check:
`;

test("a workflow is read with its steps, what they use, and what they wait for", () => {
  const workflow = readWorkflow(WHOLE);
  assert.deepEqual(workflow.problems, []);
  assert.deepEqual([workflow.name, workflow.maxParallel, workflow.experimentName], ["Train and pick", 2, "wine"]);
  const [prepare, train, check] = workflow.steps;
  assert(prepare && train && check);
  assert.deepEqual(prepare.retries, { count: 2, delay: 0.5 });
  assert.deepEqual(
    [prepare.entryPoint.text, check.entryPoint.text, train.entryPoint.text],
    ["prepare", "check", "train"],
  );
  assert.deepEqual(
    [train.project?.text, train.continueOnError, train.cache, train.envManager],
    ["../other", true, false, "local"],
  );
  assert.deepEqual(dependenciesOf(train), ["check", "prepare"]);
  const filled = train.parameters.map(({ value }) => fillTemplate(value, (reference) => JSON.stringify(reference)));
  assert.deepEqual(filled, [
    '{"kind":"step","step":"prepare","field":"artifact_uri"}/clean.csv',
    '{"kind":"parameter","name":"alpha"}',
    '{"kind":"step","step":"prepare","field":"metrics","key":"val.rows"}',
    "a ${{ b",
  ]);
});

test("each place that is read is the place where it stands in the file", () => {
  const [, train] = readWorkflow(WHOLE).steps;
  const [data] = train?.parameters ?? [];
  const [expression] = data?.value.parts ?? [];
  assert(typeof expression === "object");
  const at = ({ start, end }: { start: number; end: number }) => WHOLE.slice(start, end);
  assert.equal(at(expression.range), "${{ steps.prepare.artifact_uri }}");
  assert.deepEqual(
    expression.words.map(({ range }) => at(range)),
    ["steps", "prepare", "artifact_uri"],
  );
});

const steps = (text: string) => `steps:\n${text}`;
/** Codes, with the text they point at. */
const faults: [what: string, text: string, expected: [code: string, at: string][]][] = [
  ["nothing", "", [["workflow-not-map", ""]]],
  ["no steps", "name: x\n", [["steps-missing", "n"]]],
  [
    "a misspelt key",
    "step:\n  a:\n",
    [
      ["steps-missing", "s"],
      ["unknown-key", "step"],
    ],
  ],
  ["a key of another tool", steps("  a:\n  b: {depends_on: a}\n"), [["unknown-key", "depends_on"]]],
  ["a step that is a list", steps("  a: [x]\n"), [["step-not-map", "[x]"]]],
  ["a name with a blank", steps("  a b:\n"), [["step-name", "a b"]]],
  ["a need that is nowhere", steps("  prepare:\n  b: {needs: [prepar]}\n"), [["step-unknown", "prepar"]]],
  ["a need of itself", steps("  a: {needs: a}\n"), [["step-needs-itself", "a"]]],
  [
    "a step in a value that is nowhere",
    steps("  prepare:\n  b: {parameters: {x: '${{ steps.prepre.run_id }}'}}\n"),
    [["step-unknown", "prepre"]],
  ],
  [
    "a field that steps have not",
    steps("  a:\n  b: {parameters: {x: '${{ steps.a.runid }}'}}\n"),
    [["step-field-unknown", "runid"]],
  ],
  [
    "metrics without a name",
    steps("  a:\n  b: {parameters: {x: '${{ steps.a.metrics }}'}}\n"),
    [["step-key-missing", "metrics"]],
  ],
  [
    "a parameter that is not declared",
    `parameters: {alpha: float}\n${steps("  b: {parameters: {x: '${{ workflow.parameters.alfa }}'}}\n")}`,
    [["workflow-parameter-unknown", "alfa"]],
  ],
  ["an unknown root", steps("  b: {parameters: {x: '${{ step.a.run_id }}'}}\n"), [["expression-unknown", "step"]]],
  ["an expression left open", steps("  b: {parameters: {x: 'a ${{ steps.b'}}\n"), [["expression-open", "${{"]]],
  ["an empty value", steps("  b:\n    parameters:\n      x:\n"), [["value-missing", "x"]]],
  ["a list as value", steps("  b:\n    parameters:\n      x: [1]\n"), [["value-missing", "[1]"]]],
  [
    "two steps that wait for each other",
    steps("  a: {needs: b}\n  b: {needs: a}\n  c: {needs: a}\n"),
    [
      ["step-cycle", "a"],
      ["step-cycle", "b"],
    ],
  ],
  ["no steps at a time", `max_parallel: 0\n${steps("  a:\n")}`, [["not-whole", "0"]]],
  [
    "a need that is used anyway",
    steps("  a:\n  b: {needs: a, parameters: {x: '${{ steps.a.run_id }}'}}\n"),
    [["need-implied", "a"]],
  ],
  ["broken YAML", "steps:\n  a: {\n", [["yaml-syntax", "{"]]],
];
for (const [what, text, expected] of faults) {
  test(`${what}: told where it stands`, () => {
    const { problems } = readWorkflow(text);
    assert.deepEqual(
      problems.map(({ code, range }) => [code, text.slice(range.start, range.end)]),
      expected,
      JSON.stringify(problems),
    );
  });
}

const MLPROJECT = readMlproject(`
entry_points:
  prepare: {parameters: {raw: path}, command: "python p.py {raw}"}
  train: {parameters: {alpha: {type: float, default: 1}, from: {type: uri, default: "s3://b"}}, command: "t {alpha} {from}"}
`);
const besideProject: [what: string, step: string, expected: string[]][] = [
  ["all as declared", "{entry_point: train, parameters: {alpha: 1e-3}}", []],
  ["a script", "{entry_point: x.py, parameters: {any: 1}}", []],
  ["an entry point that is nowhere", "{entry_point: trian}", ["entry-point-unknown"]],
  ["a value that is missing", "{entry_point: prepare}", ["value-required"]],
  ["a misspelt parameter", "{entry_point: train, parameters: {alpa: 1}}", ["parameter-unknown"]],
  ["a further argument", "{entry_point: train, parameters: {verbose: 1}}", ["parameter-undeclared"]],
  ["a text for a number", "{entry_point: train, parameters: {alpha: high}}", ["value-not-of-type"]],
  [
    "a run id for a number",
    "{entry_point: train, parameters: {alpha: '${{ steps.a.run_id }}'}}",
    ["value-not-of-type"],
  ],
  ["a metric for a number", "{entry_point: train, parameters: {alpha: '${{ steps.a.metrics.x }}'}}", []],
  ["a plain text for a URI", "{entry_point: train, parameters: {from: data}}", ["value-not-of-type"]],
  ["another project that is gone", "{project: gone, entry_point: train}", ["step-project"]],
];
for (const [what, step, expected] of besideProject) {
  test(`beside its project, ${what} is ${expected.length === 0 ? "right" : "told"}`, () => {
    const workflow = readWorkflow(steps(`  a: {entry_point: x.py}\n  s: ${step}\n`));
    assert.deepEqual(workflow.problems, []);
    const found = checkSteps(workflow, ({ project }) =>
      project === undefined ? MLPROJECT : `${project.text} is no folder.`,
    );
    assert.deepEqual(
      found.map(({ code }) => code),
      expected,
    );
  });
}

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test("in the plan every step comes behind those it waits for, and only circles and what hangs on them are left out", () => {
  const seed = Number(process.env["FLOWDECK_SEED"] ?? 7);
  const next = random(seed);
  for (let round = 0; round < 300; round += 1) {
    const names = Array.from({ length: 1 + Math.floor(next() * 9) }, (_, index) => `s${index}`);
    const chance = next() * 0.4;
    const needs = new Map(names.map((name) => [name, names.filter(() => next() < chance)]));
    const order = planOrder(needs);
    const told = `seed ${seed}, round ${round}: ${JSON.stringify([...needs])}`;
    for (const [index, name] of order.entries()) {
      assert(
        needs.get(name)?.every((other) => order.slice(0, index).includes(other)),
        told,
      );
    }
    assert.equal(new Set(order).size, order.length, told);
    const cycle = findCycle(needs);
    assert.equal(cycle === undefined, order.length === names.length, told);
    for (const [index, name] of (cycle ?? []).entries()) {
      assert(needs.get(name)?.includes(cycle?.[(index + 1) % cycle.length] ?? ""), told);
      assert(!order.includes(name), told);
    }
    // A step left out waits for another one left out.
    for (const name of names) {
      if (!order.includes(name))
        assert(
          needs.get(name)?.some((other) => !order.includes(other)),
          told,
        );
    }
  }
});

test("steps that wait for a step, directly or not, are its dependents", () => {
  const workflow = readWorkflow(steps("  a:\n  b: {needs: a}\n  c: {needs: b}\n  d:\n"));
  assert.deepEqual([...withDependents(["b"], needsOf(workflow))], ["b", "c"]);
});
