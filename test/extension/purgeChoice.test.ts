import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenBy, everything, oneRun, questionText } from "../../src/extension/tracking/purgeChoice.ts";
import type { Trash } from "../../src/protocol/trash.ts";

const TRASH: Trash = {
  experiments: [{ experiment_id: "1", name: "wine", runs: 1, bytes: 0 }],
  runs: [{ run_id: "a", run_name: "mlflow.db", experiment_id: "2", experiment_name: "beer", bytes: 0 }],
  models: [{ model_id: "m-1", name: "elastic", experiment_id: "2", experiment_name: "beer", bytes: 0 }],
  bytes: 0,
};

test("a run or an experiment that has its store's name is asked about as what it is", () => {
  const run = chosenBy({ run_id: "a" }, TRASH, "mlflow.db");
  assert.deepEqual(run, { experiment_ids: [], run_ids: ["a"], model_ids: [], name: "mlflow.db", all: false });
  const model = chosenBy({ model_id: "m-1" }, TRASH, "s");
  assert.deepEqual(model, { experiment_ids: [], run_ids: [], model_ids: ["m-1"], name: "elastic", all: false });
  assert.equal(questionText(run), "Remove mlflow.db for good?");
  assert.equal(questionText(chosenBy({ experiment_id: "1" }, TRASH, "wine")), "Remove wine for good?");
  assert.equal(questionText(chosenBy({}, TRASH, "mlflow.db")), "Empty the trash of mlflow.db?");
});

test("all of a trash is every experiment, run and logged model in it; an empty one and what was restored are told", () => {
  const all = { experiment_ids: ["1"], run_ids: ["a"], model_ids: ["m-1"], name: "s", all: true };
  assert.deepEqual(everything(TRASH, "s"), all);
  const models = { ...TRASH, experiments: [], runs: [] };
  assert.deepEqual(everything(models, "s"), { ...all, experiment_ids: [], run_ids: [] });
  assert.throws(() => everything({ ...models, models: [] }, "s"), /The trash of s is empty\./);
  assert.throws(() => chosenBy({ run_id: "b" }, TRASH, "s"), /not in the trash any more/);
  assert.throws(() => chosenBy({ model_id: "m-2" }, TRASH, "s"), /not in the trash any more/);
  assert.equal(oneRun({ run_id: "a", run_name: "" }).name, "a");
});
