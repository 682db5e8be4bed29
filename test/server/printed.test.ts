import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Rpcs } from "../../src/mlflow/api.generated.ts";
import { printMessage } from "../../src/server/messages.ts";
import { metricHistoryHandlers } from "../../src/server/metricHistory.ts";
import { printedBy } from "../../src/server/printed.ts";
import { registryHandlers } from "../../src/server/registry.ts";
import { trackingHandlers } from "../../src/server/tracking.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

const path = join(temporaryFolder(), "mlflow.db");
const store = openStore(storeUri(path));
whenOver(() => store.close());
const usual = { ...trackingHandlers(store), ...metricHistoryHandlers(store), ...registryHandlers(store) };
const printed = printedBy(store);
const runs = await Promise.all([0, 1, 2].map(async () => (await store.createRun({ experiment_id: "0" })).info.run_id));
const [run = "", other = ""] = runs;

type Printed =
  | "searchRuns"
  | "getMetricHistory"
  | "getMetricHistoryBulkInterval"
  | "searchRegisteredModels"
  | "searchModelVersions";

const RESPONSES: Readonly<Record<Printed, string>> = {
  searchRuns: "SearchRunsResponse",
  getMetricHistory: "GetMetricHistoryResponse",
  getMetricHistoryBulkInterval: "GetMetricHistoryBulkIntervalResponse",
  searchRegisteredModels: "SearchRegisteredModelsResponse",
  searchModelVersions: "SearchModelVersionsResponse",
};

/** The printed answer, which must say what the message says; how many parts it came in. */
async function assertSame<K extends Printed>(rpc: K, request: Rpcs[K]["request"]): Promise<number> {
  const part = await printed.handlers[rpc]?.(request);
  assert.ok(part, "nothing was printed");
  const parts: Uint8Array[] = [];
  for await (const bytes of printed.partsFrom(part)) parts.push(bytes);
  const message = await usual[rpc]?.(request);
  assert.ok(message);
  const text = Buffer.concat(parts).toString();
  const [found, expected]: unknown[] = [text, printMessage(RESPONSES[rpc], message)].map((each) => JSON.parse(each));
  // Comparing texts first spares a look at every point of a long history.
  if (JSON.stringify(found) !== JSON.stringify(expected)) assert.deepEqual(found, expected);
  return parts.length;
}

test("runs are printed with all that they have logged, as messages print them", async () => {
  const metrics = [Number.NaN, Number.POSITIVE_INFINITY, -0, 0.1 + 0.2, 5e-324, 3].map((value, i) => ({
    key: `m/${i} é`,
    value,
    timestamp: 1_700_000_000_000 + i,
    step: -i,
  }));
  const params = [
    { key: "p", value: 'a "quoted"\nline \u2028 😀' },
    { key: "empty", value: "" },
  ];
  const tags = [{ key: "t", value: "\\" }];
  await store.logBatch({ run_id: run, metrics, params, tags });
  const dataset = { name: "d", digest: "1", source_type: "local", source: "s", schema: "{}" };
  await store.logInputs({
    run_id: run,
    datasets: [{ dataset, tags: [{ key: "mlflow.data.context", value: "train" }] }],
    models: [{ model_id: "m-1" }],
  });
  await store.logOutputs({ run_id: other, models: [{ model_id: "m-2", step: 3 }] });
  await store.updateRun({ run_id: other, status: "FINISHED", end_time: 5 });
  await assertSame("searchRuns", { experiment_ids: ["0"] });
  await assertSame("searchRuns", { experiment_ids: ["0"], max_results: 2, order_by: ["params.p ASC"] });
  await assertSame("searchRuns", { experiment_ids: ["0"], filter: "params.p = 'nothing'" });
  await store.setTag({ run_id: run, key: "t", value: "changed since it was printed" });
  await assertSame("searchRuns", { experiment_ids: ["0"] });
});

test("histories are printed in the order of time, page by page", async () => {
  const point = fc.record({
    value: fc.oneof(fc.double(), fc.constantFrom(0, 1, Number.NaN)),
    timestamp: fc.nat(5),
    step: fc.integer({ min: -3, max: 12 }),
  });
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(point, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), async (points, count) => {
      const metric_key = `history ${made++}`;
      const metrics = points.map((each) => ({ ...each, key: metric_key }));
      for (const run_id of [run, other]) await store.logBatch({ run_id, metrics, params: [], tags: [] });
      await assertSame("getMetricHistory", { run_id: run, metric_key });
      await assertSame("getMetricHistory", { run_id: run, metric_key, max_results: count });
      const page_token = Buffer.from(`{"offset": ${count}}`).toString("base64");
      await assertSame("getMetricHistory", { run_id: run, metric_key, max_results: count, page_token });
      await assertSame("getMetricHistoryBulkInterval", { run_ids: runs, metric_key, max_results: count });
      const inside = { start_step: 2, end_step: 9 };
      await assertSame("getMetricHistoryBulkInterval", { run_ids: runs, metric_key, max_results: count, ...inside });
    }),
    { seed: 4, numRuns: 15 },
  );
});

test("an evenly logged history is thinned to the points that a message has", async () => {
  const metrics = Array.from({ length: 500 }, (_, step) => ({ key: "even", value: step / 3, timestamp: 1, step }));
  await store.logBatch({ run_id: run, metrics, params: [], tags: [] });
  for (const max_results of [1, 2, 7, 499, 500]) {
    await assertSame("getMetricHistoryBulkInterval", { run_ids: [run], metric_key: "even", max_results });
  }
});

test("a long history comes in parts, and is whole", async () => {
  const writer = openConnection(path, { busyTimeout: 1_000 });
  writer.exec(`WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < 25999)
    INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) SELECT '${run}', 'long', n / 7.0, 26000 - n, n, 0 FROM s`);
  writer.close();
  assert.equal(await assertSame("getMetricHistory", { run_id: run, metric_key: "long" }), 9);
  assert.equal(await assertSame("getMetricHistory", { run_id: run, metric_key: "long", max_results: 25_000 }), 1);
});

test("registered models and model versions are printed as messages print them", async () => {
  const odd = 'a "quoted"\nline \u2028 😀';
  await store.createRegisteredModel({ name: "plain" });
  await store.createRegisteredModel({ name: odd, description: odd, tags: [{ key: "k", value: odd }] });
  await store.createRegisteredModel({ name: "prompt", tags: [{ key: "mlflow.prompt.is_prompt", value: "true" }] });
  for (const name of ["plain", odd, "prompt"]) {
    await store.createModelVersion({ name, source: `/somewhere/${odd}`, run_id: run, description: odd });
    await store.createModelVersion({
      name,
      source: "s",
      tags: [
        { key: "b", value: "" },
        { key: "a", value: odd },
      ],
    });
    await store.createModelVersion({ name, source: "s", run_link: "http://here", description: "" });
    await store.transitionModelVersionStage({
      name,
      version: "1",
      stage: "Production",
      archive_existing_versions: false,
    });
    for (const [alias, version] of [
      ["first", "1"],
      ["last", "3"],
    ] as const) {
      await store.setRegisteredModelAlias({ name, alias, version });
    }
  }
  await store.updateRegisteredModel({ name: "plain", description: "" });
  await store.deleteModelVersion({ name: "plain", version: "2" });
  for (const request of [
    {},
    { max_results: 1 },
    { max_results: 1, page_token: Buffer.from('{"offset": 1}').toString("base64") },
    { filter: "name LIKE 'p%'", order_by: ["name DESC"] },
    { filter: "tags.`mlflow.prompt.is_prompt` = 'true'" },
    { filter: "name = 'nobody'" },
  ]) {
    await assertSame("searchRegisteredModels", request);
    await assertSame("searchModelVersions", request);
  }
  await assertSame("searchModelVersions", { filter: `run_id = '${run}' AND name = 'plain'` });
  await assertSame("searchModelVersions", { filter: "tags.b = ''", order_by: ["version_number DESC", "name ASC"] });
  await assert.rejects(assertSame("searchModelVersions", { filter: "nothing = 'x'" }), /Invalid attribute/);
});

test("a ninth long history is refused while eight are read, and what is dropped makes room", async () => {
  const { run_id } = (await store.createRun({ experiment_id: "0" })).info;
  const writer = openConnection(path, { busyTimeout: 1_000 });
  writer.exec(`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 26001)
    INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) SELECT 'many', n, n, '${run_id}', n, 0 FROM s`);
  writer.close();
  const ask = async () => printed.handlers.getMetricHistory?.({ run_id, metric_key: "many" });
  const [first, second, ...others] = await Promise.all(Array.from({ length: 8 }, ask));
  assert.ok(first && second);
  await assert.rejects(ask(), { error_code: "REQUEST_LIMIT_EXCEEDED" });
  const parts: Uint8Array[] = [];
  for await (const bytes of printed.partsFrom(first)) parts.push(bytes);
  assert.equal(JSON.parse(Buffer.concat(parts).toString()).metrics.length, 26_001);
  await printed.dropRest(second);
  for (const part of [await ask(), await ask(), ...others]) {
    assert.ok(part);
    await printed.dropRest(part);
  }
  await assert.rejects(store.printedRest?.({ more: second.more ?? "" }) ?? Promise.resolve(), /gone/);
});

/** A model of so many versions. */
async function createLongModel(name: string, versions: number): Promise<void> {
  await store.createRegisteredModel({ name });
  const writer = openConnection(path, { busyTimeout: 1_000 });
  writer.exec(`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${versions})
    INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, source, status, workspace)
    SELECT '${name}', n, n, n % 7, 'None', 'source ' || n, 'READY', 'default' FROM s`);
  writer.close();
}

/** A page is kept in memory, or copied to a table when it has more than 12,000 versions. */
for (const versions of [2_500, 12_100]) {
  test(`a page of ${versions} model versions comes in parts, of the moment at which it was asked for`, async () => {
    const name = `long ${versions}`;
    await createLongModel(name, versions);
    const filter = `name = '${name}'`;
    assert.equal(await assertSame("searchModelVersions", { filter, max_results: 1_500 }), 2);
    const request = { filter, order_by: ["version_number ASC"], max_results: 200_000 };
    const first = await printed.handlers.searchModelVersions?.(request);
    assert.ok(first);
    await store.updateModelVersion({ name, version: "2400", description: "written meanwhile" });
    await store.deleteModelVersion({ name, version: "2300" });
    const parts: Uint8Array[] = [];
    for await (const bytes of printed.partsFrom(first)) parts.push(bytes);
    const { model_versions } = JSON.parse(Buffer.concat(parts).toString());
    assert.equal(model_versions.length, versions);
    assert.equal(model_versions[2399].description, undefined);
    assert.equal(parts.length, Math.ceil(versions / 1_000));
  });
}

test("a page of few but long model versions is copied to a table too", async () => {
  await createLongModel("wordy", 1_100);
  const writer = openConnection(path, { busyTimeout: 1_000 });
  writer.exec(`UPDATE model_versions SET description = printf('%.*c', 5000, 'd') WHERE name = 'wordy'`);
  writer.close();
  const request = { filter: "name = 'wordy'", max_results: 200_000 };
  assert.equal(await assertSame("searchModelVersions", request), 2);
  const part = await printed.handlers.searchModelVersions?.(request);
  assert.match(part?.more ?? "", /^versions_/);
  if (part !== undefined) await printed.dropRest(part);
});

test("a ninth long page of model versions is refused while eight are read", async () => {
  const { searchModelVersions } = printed.handlers;
  const ask = async () => {
    const part = await searchModelVersions?.({ filter: "name = 'long 2500'" });
    assert.ok(part);
    return part;
  };
  const parts = await Promise.all(Array.from({ length: 8 }, ask));
  await assert.rejects(ask(), { error_code: "REQUEST_LIMIT_EXCEEDED" });
  for (const part of parts) await printed.dropRest(part);
  await printed.dropRest(await ask());
});
