import assert from "node:assert/strict";
import { test } from "node:test";
import { filterChoices } from "../../src/extension/models/filterChoices.ts";
import { parseFilter } from "../../src/mlflow/filter/parse.ts";

const KNOWN = {
  names: ["wine-quality", "picture-brightness", "it's"],
  tags: [
    { key: "team", value: "cellar" },
    { key: "cost center", value: "7" },
    { key: "team", value: "cellar" },
  ],
};

const first = (typed: string) => filterChoices(typed, KNOWN, [])[0];

test("an empty box offers every model first, then what there is to filter by", () => {
  const choices = filterChoices("", KNOWN, ["name = 'old'"]);
  assert.deepEqual(
    choices.map(({ filter }) => filter),
    [
      "",
      "tags.team = 'cellar'",
      "tags.`cost center` = '7'",
      "name = 'wine-quality'",
      "name = 'picture-brightness'",
      'name = "it\'s"',
      "name = 'old'",
    ],
  );
});

test("a word means names that hold it, and finds names, tags and filters with it", () => {
  assert.equal(first("wine")?.filter, "name ILIKE '%wine%'");
  const choices = filterChoices("cell", KNOWN, ["tags.team = 'cellar'", "name = 'x'"]);
  assert.deepEqual(
    choices.map(({ filter }) => filter),
    ["name ILIKE '%cell%'", "tags.team = 'cellar'"],
  );
});

test("a filter in MLflow's grammar is taken as it is", () => {
  for (const typed of ["name LIKE 'wine%'", "tags.team = 'cellar' AND name != 'x'"])
    assert.equal(first(typed)?.filter, typed);
});

test("what is wrong with a filter is said in one sentence, and cannot be chosen", () => {
  const cases: [string, RegExp][] = [
    ["name = wine", /name = wine|quoted|wine/],
    ["nome = 'wine'", /nome/],
    ["version_number > 3", /asks for versions/],
    ["name LIKE 'wine%' OR", /./],
  ];
  for (const [typed, problem] of cases) {
    const choice = first(typed);
    assert.equal(choice?.filter, undefined, typed);
    assert.match(choice?.detail ?? "", problem, typed);
    assert.ok(!choice?.detail.includes("\n"));
  }
});

test("everything that is offered can be read by the stores", () => {
  for (const typed of ["", "w", "it's", "100%", "cost"]) {
    for (const { filter } of filterChoices(typed, KNOWN, [])) parseFilter("registeredModels", filter);
  }
});
