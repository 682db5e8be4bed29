import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunField } from "../../src/protocol/runs.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { type HistoryField, HistoryValues } from "../../src/store/runs/historyValues.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";
import { metric, nothing } from "./contractCases.ts";

const FIELD: HistoryField = { key: "loss", of: "min" };

/** Values that are read once the read is answered; which runs each read was asked for. */
function slowly() {
  const histories = new HistoryValues();
  const reads: { missing: string[]; answer: (value: number) => void }[] = [];
  const ensure = (...run_ids: string[]) =>
    histories.ensure(
      FIELD,
      run_ids,
      () => 0,
      (_field, missing) => {
        const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, number>>();
        reads.push({ missing, answer: (value) => resolve(new Map(missing.map((run_id) => [run_id, value]))) });
        return promise;
      },
    );
  return { histories, reads, ensure };
}

describe("a value of a history that is forgotten while it is read", () => {
  for (const [what, forget] of [
    ["as one run's", (histories: HistoryValues) => histories.forget(["a"])],
    ["with all others", (histories: HistoryValues) => histories.clear()],
  ] as const) {
    it(`${what} does for that answer, and is read again for the next one`, async () => {
      const { histories, reads, ensure } = slowly();
      const first = ensure("a", "b");
      forget(histories);
      reads[0]?.answer(3);
      await first;
      assert.deepEqual([histories.value(FIELD, "a"), histories.value(FIELD, "b")], [3, 3]);
      const second = ensure("a");
      reads[1]?.answer(1);
      await second;
      await ensure("a");
      assert.deepEqual(
        reads.map(({ missing }) => missing),
        [["a", "b"], ["a"]],
      );
      assert.equal(histories.value(FIELD, "a"), 1);
    });
  }

  it("does not take the place of a newer one, nor make others be read again", async () => {
    const { histories, reads, ensure } = slowly();
    const first = ensure("a", "b");
    histories.forget(["a"]);
    const second = ensure("a");
    reads[1]?.answer(1);
    await second;
    reads[0]?.answer(3);
    await first;
    await ensure("a", "b");
    assert.equal(reads.length, 2);
    assert.deepEqual([histories.value(FIELD, "a"), histories.value(FIELD, "b")], [1, 3]);
  });
});

it("runs are grouped by a metric's smallest value as it is now, whenever another program has logged a smaller one", async () => {
  const path = join(temporaryFolder(), "mlflow.db");
  const store = openStore(storeUri(path));
  whenOver(() => store.close());
  const { experiment_id } = await store.createExperiment({ name: "grouped" });
  const { run_id } = (await store.createRun({ experiment_id })).info;
  const least: RunField = { kind: "metric", key: "loss", of: "min" };
  await store.logBatch({ ...nothing, run_id, metrics: [metric("loss", 3, 5, 5_000)] });
  const values = async () => {
    const query = { experiment_ids: [experiment_id], group_by: [least], fields: [], offset: 0, limit: 10 };
    return (await store.runColumns(query)).groups.map((group) => group.values);
  };
  const writer = openConnection(path, { busyTimeout: 1_000 });
  for (let turns = 0; turns < 20; turns++) {
    const smaller = -turns;
    const asked = values();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    writer.exec(`INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan)
      VALUES ('${run_id}', 'loss', ${smaller}, 2, 2, 0)`);
    await asked;
    assert.deepEqual(await values(), [[String(smaller)]], `written after ${turns} turns`);
  }
  writer.close();
});
