import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryFolder } from "../support/environment.ts";
import { tell } from "../support/long.ts";
import { makeBases } from "../support/mutatedDatabases.ts";
import { askWithOdd, ODD_VALUES } from "../support/oddColumns.ts";

test("no value in any column of MLflow's hurts a read, a write or the watcher", async () => {
  const folder = memoryFolder();
  const bases = await makeBases(folder);
  const faults: string[] = [];
  let cases = 0;
  for (const [table, columns] of bases.columns) {
    for (const column of columns) {
      for (const value of ODD_VALUES) {
        cases += 1;
        faults.push(...(await askWithOdd(folder, bases, [table, column, value])));
      }
    }
  }
  tell(`odd columns: ${cases} databases, ${faults.length} faults`);
  assert.deepEqual(faults.slice(0, 20), []);
});
