import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { SqlError } from "../../src/store/sqlite/connection.ts";
import { callProblem } from "../../src/store/sqlite/problems.ts";
import { temporaryFolder } from "../support/environment.ts";

// What 100,000 spoiled databases (test/long/mutatedDatabases.test.ts) once showed.

const path = join(temporaryFolder(), "mlflow.db");

test("a param whose text became a number on the disk is counted", async () => {
  const store = openStore(storeUri(path));
  const { info } = await store.createRun({ experiment_id: "0", run_name: "odd", start_time: 1 });
  await store.logBatch({ run_id: info.run_id, metrics: [], params: [{ key: "depth", value: "8" }], tags: [] });
  store.close();
  const bytes = readFileSync(path);
  // The row's header: 4 bytes long, then the kinds of its values: texts of 5, 1 and 32 letters.
  const row = bytes.indexOf(Buffer.from([4, 13 + 2 * 5, 13 + 2, 13 + 2 * 32, ...Buffer.from("depth8")]));
  assert.ok(row > 0);
  // An integer of one byte.
  bytes[row + 2] = 1;
  writeFileSync(path, bytes);
  const again = openStore(storeUri(path));
  const { params } = await again.runKeys({ experiment_ids: ["0"] });
  again.close();
  assert.deepEqual(params, [{ key: "depth", runs: 1, varies: false, range: { min: 56, max: 56 }, values: ["56"] }]);
});

// Tables without their keys are told when a database is opened; this is what is found later, in pages that are damaged.
test("a key that SQLite cannot find is told as damage", () => {
  const problem = callProblem(path, new SqlError("other", 'foreign key mismatch - "tags" referencing "runs"'));
  assert.equal(problem.error_code, "INVALID_STATE");
  assert.match(problem.message, /^`mlflow\.db` is damaged: foreign key mismatch/);
});
