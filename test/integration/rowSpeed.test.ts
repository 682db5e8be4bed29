import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { storeUri } from "../../src/store/open.ts";
import { createManyRuns } from "../store/manyRuns.ts";
import { cpuOf, rowQuestions } from "../store/rowQuestions.ts";
import { memoryFolder } from "../support/environment.ts";

const RUNS = 10_000;
/** Beyond the goal: other programs share the machine's caches. */
const GATE = 3;

test("the runs table of 10,000 runs is answered within three times its goals of CPU", async () => {
  const path = join(memoryFolder(), "mlflow.db");
  createManyRuns(path, RUNS, 100_000, 2_500);
  for (const question of rowQuestions(RUNS)) {
    const [goal] = question.goals;
    // The least of three: what else a process does on the way is no part of it.
    const figures = [await cpuOf(storeUri(path), question), await cpuOf(storeUri(path), question)];
    const least = Math.min(...figures, await cpuOf(storeUri(path), question));
    assert.ok(least <= goal * GATE, `${question.what}: ${least.toFixed(0)} ms of CPU, the goal is ${goal}.`);
  }
});
