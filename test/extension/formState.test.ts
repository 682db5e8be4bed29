import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  declaredValues,
  fill,
  firstForm,
  firstProblem,
  keptForm,
  moreText,
  nameProblem,
  requestPart,
  valuesText,
  type RunForm,
} from "../../src/extension/projects/formState.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";

const [entryPoint] = readMlproject(`entry_points:
  main:
    parameters:
      eta: {type: float, default: 0.1}
      data: path
      kind: string
    command: "true"
`).entryPoints;
assert(entryPoint);
const folder = mkdtempSync(join(tmpdir(), "flowdeck-form-"));
writeFileSync(join(folder, "a.csv"), "");

test("of a run's params the form takes those that are declared, differ from the default, and suit their types", () => {
  const params = { eta: "0.1", data: "gone.csv", kind: "x", logged: "1" };
  assert.deepEqual(declaredValues(entryPoint, params, folder), { kind: "x" });
  assert.deepEqual(declaredValues(entryPoint, { ...params, eta: "0.2", data: "a.csv" }, folder), {
    eta: "0.2",
    data: "a.csv",
    kind: "x",
  });
});

test("a path that is gone is told before anything starts; an address is left to the run", () => {
  assert.match(
    firstProblem(entryPoint, { data: "b.csv" }, folder)?.problem ?? "",
    /^There is no file or folder b\.csv in \//,
  );
  for (const data of ["a.csv", "./a.csv", join(folder, "a.csv"), "runs:/1/a.csv", "https://host/a.csv"])
    assert.equal(firstProblem(entryPoint, { data }, folder), undefined);
});

test("a form is filled by what is offered, and keeps what that says nothing of", () => {
  const form: RunForm = { values: { eta: "1" }, extra: { seed: "1" }, run_name: "mine" };
  const offered: RunForm = { values: { kind: "x" }, extra: {}, env_manager: "uv" };
  fill(form, { title: "", detail: "", icon: "bookmark", form: offered });
  assert.deepEqual(form, { values: { kind: "x" }, extra: {}, env_manager: "uv", run_name: "mine" });
  form.values["kind"] = "y";
  assert.deepEqual(offered.values, { kind: "x" });
});

test("parameters that are not declared follow the others in the request", () => {
  const form: RunForm = { values: { eta: "1" }, extra: { seed: "" }, experiment_name: "e", run_name: "r" };
  assert.deepEqual(requestPart(form), {
    parameters: [
      ["eta", "1"],
      ["seed", ""],
    ],
    experiment_name: "e",
    run_name: "r",
  });
});

const names: [name: string, problem: RegExp | undefined][] = [
  ["seed", undefined],
  ["a.b/c", undefined],
  ["", /has a name/],
  ["a b", /no blank/],
  ["a=b", /no =/],
  ["--seed", /no - in front/],
  ["eta", /declared/],
  ["extra", /there already/],
];
for (const [name, problem] of names) {
  test(`a parameter that is not declared ${problem === undefined ? "may" : "may not"} be called “${name}”`, () => {
    const told = nameProblem(entryPoint, { values: {}, extra: { extra: "" } }, name);
    if (problem === undefined) assert.equal(told, undefined);
    else assert.match(told ?? "", problem);
  });
}

test("rows tell what stands in the form", () => {
  assert.equal(valuesText({ eta: "1", kind: "" }), 'eta 1, kind ""');
  assert.equal(valuesText({}), "all defaults");
  assert.equal(moreText({ values: {}, extra: {} }, "auto"), "environment auto");
  const form: RunForm = { values: {}, extra: {}, env_manager: "uv", experiment_name: "e", run_name: "r" };
  assert.equal(moreText(form, "auto"), "environment uv, experiment e, run r");
});

test("what is given stands in the form instead of what stood there, and the environment is that of the last time", () => {
  const kept: RunForm = { values: { eta: "1" }, extra: { seed: "1" }, env_manager: "uv", run_name: "mine" };
  const given = { values: { eta: "2", logged: "1" }, experiment_name: "tuning" };
  assert.deepEqual(firstForm(entryPoint, kept, given), {
    values: { eta: "2" },
    extra: {},
    env_manager: "uv",
    experiment_name: "tuning",
  });
  assert.deepEqual(firstForm(entryPoint, kept, {}), kept);
});

test("a form is kept from one time to the next, and what is kept does not change with it", () => {
  const kept = { values: { eta: "1" }, extra: {} };
  const form = keptForm({ get: () => kept }, "key");
  form.values["eta"] = "2";
  assert.equal(kept.values.eta, "1");
  assert.deepEqual(keptForm({ get: () => undefined }, "key"), { values: {}, extra: {} });
});
