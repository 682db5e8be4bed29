import assert from "node:assert/strict";
import { after, test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import type { ComparedRun, CompareHost, Comparison } from "../../src/protocol/panels/compare.ts";
import type { Remote } from "../../src/protocol/rpc.ts";
import { compareModel } from "../../src/webview/panels/compare/model.ts";
import { PairFiles, PairPicture } from "../../src/webview/panels/compare/pairFiles.ts";
import { DEFAULT_COMPARE_ARRANGEMENT } from "../../src/webview/panels/compare/savedView.ts";
import { until } from "../support/environment.ts";

const URI = "sqlite:///a/mlflow.db";
const [left, right] = ["1", "2"].map((id) => ({ uri: URI, run_id: id.repeat(32) })) as [ComparedRun, ComparedRun];
const turn = () => new Promise(setImmediate);
const missing = async (): Promise<never> => {
  throw new MlflowError("NOT_IMPLEMENTED", "Nobody asks for this here.");
};

function comparisonOf(runs: ComparedRun[], lost: Comparison["lost"] = []): Comparison {
  return {
    ...{ runs, lost, params: [], metrics: [], tags: [], source: [], stepped: [] },
    experiments: [{ uri: URI, experiment_id: "1", name: "wine", store_name: "mlflow.db", runs: runs.length }],
  };
}

/** The panel over two runs; `answer` is what the store holds of them. */
function panelOver(answer: () => Comparison) {
  let asked = 0;
  const host = {
    comparison: async () => {
      asked += 1;
      await turn();
      return answer();
    },
    environments: async () => [],
    values: missing,
    metricSeries: missing,
  } as unknown as Remote<CompareHost>;
  const model = compareModel(host, DEFAULT_COMPARE_ARRANGEMENT);
  after(() => model.dispose());
  model.start();
  return { model, asked: () => asked };
}

const runOf = (key: ComparedRun, run_name: string): ComparedRun => ({
  ...key,
  ...{ run_name, status: "RUNNING", lifecycle_stage: "active", ordinal: 0, experiment_id: "1" },
});
const changeOf = (run_ids: string[]) => ({
  uri: URI,
  change: { everything: false, experiment_ids: ["1"], run_ids, models: false },
});

test("files of two runs are listed one time after the other, and each answer of a stream of changes is shown", async () => {
  let size = 0;
  let asked = 0;
  let atOnce = 0;
  const files = async () => {
    asked += 1;
    atOnce += 1;
    assert.equal(atOnce, 1, "two lists at once");
    for (let n = 0; n < 10; n += 1) await turn();
    atOnce -= 1;
    return {
      files: [{ path: "a.txt", in: [true, true] as [boolean, boolean], size: [size, size] as [number, number] }],
      more: false,
    };
  };
  const pair = new PairFiles({ files }, { left, right });
  const shown = new Set<number | null | undefined>();
  const stop = pair.listed.subscribe((listed) => listed && shown.add(listed.files[0]?.size[0]));
  for (; size < 100; size += 1) {
    pair.refresh();
    await turn();
  }
  await until("the last size", () => shown.has(100));
  stop();
  assert.ok(shown.size > 5, `${shown.size} answers were shown while files changed`);
  assert.ok(asked < 20, `${asked} lists`);
});

test("a picture is read again only when one of the two is another file; one that is gone says so, and comes back", async () => {
  let modified = 1;
  let there = true;
  const read: number[] = [];
  const picture = new PairPicture(
    {
      readArtifact: async ({ path, length }) => {
        if (!there) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `The artifact ${path} is not there any more.`);
        if (length > 0) read.push(modified);
        return { bytes: new Uint8Array(Math.min(length, 9)), size: 9, modified };
      },
    },
    { left, right },
    "plot.png",
  );
  const looked = async (times: number) => {
    for (let n = 0; n < times; n += 1) {
      picture.look();
      for (let turns = 0; turns < 8; turns += 1) await turn();
    }
  };
  await looked(20);
  assert.deepEqual(read, [1, 1]);
  const first = picture.blobs.value;
  modified = 2;
  await looked(2);
  assert.deepEqual(read, [1, 1, 2, 2]);
  assert.notEqual(picture.blobs.value, first);
  there = false;
  await looked(1);
  assert.match(String(picture.failure.value), /plot\.png is not there any more/);
  there = true;
  await looked(1);
  assert.equal(picture.failure.value, undefined);
  assert.equal(read.length, 4);
});

test("changes of other runs leave the artifacts alone, and a stream of them is answered to its end", async () => {
  let name = "first";
  const { model, asked } = panelOver(() => comparisonOf([runOf(left, name), runOf(right, "other")]));
  await until("runs", () => model.runs.value.length === 2);
  const before = model.version.value;
  for (let n = 0; n < 30; n += 1) {
    name = `name ${n}`;
    await model.told.storeChanged(changeOf(["f".repeat(32)]));
    await turn();
  }
  await until("the last name", () => model.runs.value[0]?.run_name === "name 29");
  assert.equal(model.version.value, before);
  assert.ok(asked() < 8, `${asked()} comparisons`);
  await model.told.storeChanged(changeOf([left.run_id]));
  await until("the artifacts are looked at", () => model.version.value === before + 1);
});

test("runs of a store that was removed stay to be read, and are told to be gone", async () => {
  let answer = comparisonOf([runOf(left, "hare"), runOf(right, "fox")]);
  const { model } = panelOver(() => answer);
  await until("runs", () => model.runs.value.length === 2);
  answer = comparisonOf(
    [],
    [left, right].map((run) => ({ ...run, reason: "is no longer in mlflow.db" })),
  );
  await model.told.storeChanged({
    uri: URI,
    change: { everything: true, experiment_ids: [], run_ids: [], models: true },
  });
  await until("they are lost", () => model.comparison.value?.lost.length === 2);
  assert.deepEqual(
    model.runs.value.map(({ run_name }) => run_name),
    ["hare", "fox"],
  );
  answer = comparisonOf([runOf(left, "hare"), runOf(right, "fox")]);
  model.retry();
  await until("they are back", () => model.comparison.value?.lost.length === 0);
});
