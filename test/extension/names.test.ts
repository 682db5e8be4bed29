import assert from "node:assert/strict";
import { test } from "node:test";
import { nameByPattern, nameProblem, tagKeyProblem } from "../../src/extension/tracking/names.ts";

test("an experiment's name is some text of at most 500 characters", () => {
  assert.equal(nameProblem("wine-quality"), undefined);
  assert.equal(nameProblem("x".repeat(500)), undefined);
  assert.match(nameProblem("x".repeat(501)) ?? "", /at most 500 characters/);
  for (const empty of ["", "  ", "\t"]) assert.match(nameProblem(empty) ?? "", /has a name/);
});

test("a person's tags have a key that is not MLflow's", () => {
  assert.equal(tagKeyProblem("team"), undefined);
  assert.match(tagKeyProblem(" ") ?? "", /has a key/);
  assert.match(tagKeyProblem("mlflow.note.content") ?? "", /MLflow's own/);
});

test("a name by pattern takes over what the name before says, letter by letter", () => {
  const cases: [pattern: string, before: string, name: string][] = [
    ["sweep-{n}", "tuned", "sweep-2"],
    ["{name} {n} {name}", "tuned", "tuned 2 tuned"],
    ["{name}-old", "cost $& $1 $$", "cost $& $1 $$-old"],
    ["{name}", "{n} of {name}", "{n} of {name}"],
  ];
  for (const [pattern, before, name] of cases) assert.equal(nameByPattern(pattern, 2, before), name);
});
