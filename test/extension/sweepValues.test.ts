import assert from "node:assert/strict";
import { test } from "node:test";
import {
  declaredTexts,
  missingIn,
  runsOf,
  sweepOf,
  sweepProblem,
  textOf,
  undeclaredIn,
  type SweepForm,
} from "../../src/extension/projects/sweepValues.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";

const [main] = readMlproject(`entry_points:
  main:
    parameters:
      eta: {type: float, default: 0.1}
      depth: int
      note: {type: string, default: ""}
    command: python train.py {eta} {depth} {note}
`).entryPoints;
assert(main !== undefined);
const [eta, depth, note] = main.parameters;
assert(eta !== undefined && depth !== undefined && note !== undefined);

const form = (texts: Record<string, string>, more: Partial<SweepForm> = {}): SweepForm => ({
  texts,
  method: "grid",
  count: 4,
  maxParallel: 2,
  ...more,
});

test("a text of several values is swept, one of a single value is shared by all runs", () => {
  assert.deepEqual(sweepOf(form({ eta: "0.1, 0.2", depth: "3", note: '"a, b"' })), {
    plan: { method: "grid", parameters: [["eta", "0.1, 0.2"]] },
    shared: { depth: "3", note: "a, b" },
  });
});

test("a form tells how many runs there are, or why there are none", () => {
  const table: [SweepForm, number | string][] = [
    [form({}), "Give several values to at least one parameter."],
    [form({ depth: "3" }), "Give several values to at least one parameter."],
    [form({ eta: "0..1 step 0.25", depth: "1..3" }), 15],
    [form({ eta: "0.0..1" }), "0..1 needs `step` or `in`, such as `in 5`, to be a list of values."],
    [form({ eta: "log 1e-4..1" }, { method: "random" }), 4],
  ];
  for (const [one, expected] of table) assert.equal(runsOf(one), expected, JSON.stringify(one.texts));
});

test("every value must be one that the parameter takes", () => {
  assert.equal(sweepProblem(eta, "0.1, 1e-3"), undefined);
  assert.equal(sweepProblem(eta, "0.1, much"), "eta takes a number, such as 0.1.");
  assert.equal(sweepProblem(depth, "1..9"), undefined);
  assert.equal(sweepProblem(depth, "1, 2.5"), "depth takes a whole number, such as 11.");
  assert.equal(sweepProblem(eta, "9..1"), "9..1: a range goes up, from its smaller end.");
});

test("a parameter is shown with its values, their number, or its default", () => {
  assert.equal(textOf(eta, undefined), "default 0.1");
  assert.equal(textOf(depth, undefined), "required");
  assert.equal(textOf(depth, "3"), "3");
  assert.equal(textOf(eta, "0.1, 0.2"), "0.1, 0.2 · 2 values");
  assert.equal(textOf(eta, "0.5..1"), "0.5..1");
  assert.deepEqual(missingIn(main, form({ eta: "1, 2" })), ["depth"]);
  assert.deepEqual(missingIn(main, form({ depth: "1, 2" })), []);
});

test("what an entry point no longer takes is left out, and what it does not declare is told", () => {
  const texts = { eta: "0.1, much", depth: "1..3", rate: "1, 2", note: "a, b" };
  assert.deepEqual(declaredTexts(main, texts), { depth: "1..3", note: "a, b" });
  assert.deepEqual(undeclaredIn(main, form(texts)), ["rate"]);
});
