// The runs table of 10,000 and of 100,000 runs, asked of a store that was just opened. CPU time, median of five.
// `node_modules/.bin/node bench/rows.mjs`; takes some minutes, most of them to make the databases.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeUri } from "../src/store/open.ts";
import { createManyRuns } from "../test/store/manyRuns.ts";
import { cpuOf, rowQuestions } from "../test/store/rowQuestions.ts";
import { median, record } from "./results.mjs";

const TIMES = 5;

for (const [index, runs] of sizes().entries()) {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
  try {
    const database = join(folder, "mlflow.db");
    createManyRuns(database, runs, 1_000_000, 10_000);
    for (const question of rowQuestions(runs)) {
      const figures = [];
      for (let time = 0; time < TIMES; time += 1) figures.push(await cpuOf(storeUri(database), question));
      const what = question.what.replace("series of 100 runs", "series of 100 runs × 10,000 points");
      record("rows", `${runs.toLocaleString("en")} runs: ${what}`, {
        figure: `${median(figures).toFixed(0)} ms`,
        beside: `goal: ${question.goals[index]} ms`,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One size alone by its number: `bench/rows.mjs 10000`. */
function sizes() {
  const [, , only] = process.argv;
  return only === undefined ? [10_000, 100_000] : [Number(only)];
}
