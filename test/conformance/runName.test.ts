import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { randomName } from "../../src/store/runName.ts";
import { findPython, skipWithout } from "../support/environment.ts";

const python = findPython();

test("a name given to a run is one that MLflow could have given", {
  skip: skipWithout(python, "Python with mlflow"),
}, () => {
  const lists =
    "from mlflow.utils.name_utils import _GENERATOR_PREDICATES as p, _GENERATOR_NOUNS as n; print(*p, '|', *n)";
  const [adjectives, nouns] = execFileSync(python ?? "", ["-c", lists], { encoding: "utf8" })
    .split("|")
    .map((words) => new Set(words.trim().split(" ")));
  for (let i = 0; i < 5_000; i++) {
    const name = randomName();
    const [adjective = "", noun = "", number = ""] = name.split("-");
    assert.ok(adjectives?.has(adjective) && nouns?.has(noun), name);
    assert.ok(name.length <= 20 && Number(number) <= 1_000, name);
  }
});
