import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { Database } from "../../src/store/sqlite/database.ts";
import { readVersionsQuery } from "../../src/store/sqlite/searchModels.ts";
import { VersionsOfRuns } from "../../src/store/sqlite/versionsOfRuns.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

const path = join(temporaryFolder(), "mlflow.db");
const store = openStore(storeUri(path));
whenOver(() => store.close());
const run_ids = await Promise.all(
  ["a", "b", "none"].map(async (run_name) => (await store.createRun({ experiment_id: "0", run_name })).info.run_id),
);
const [a = "", b = "", none = ""] = run_ids;
await store.createRegisteredModel({ name: "wine" });
for (const run_id of [a, b, a]) await store.createModelVersion({ name: "wine", source: "s3://b/m", run_id });
await store.createModelVersion({ name: "wine", source: "s3://b/m" });

/** Numbers of the versions that the printed search finds; the other search must find the same. */
async function found(filter: string): Promise<string[]> {
  const { items } = await store.searchModelVersions({ filter });
  const part = await store.printedModelVersions?.({ filter });
  const { model_versions = [] }: { model_versions?: { version: string }[] } = JSON.parse(
    Buffer.from(part?.bytes ?? []).toString(),
  );
  const versions = model_versions.map(({ version }) => version);
  assert.deepEqual(
    versions,
    items.map(({ version }) => version),
  );
  return versions.toSorted();
}

test("the versions of a run are found, with other conditions too, after each change, whoever makes it", async () => {
  assert.deepEqual(await found(`run_id = '${a}'`), ["1", "3"]);
  assert.deepEqual(await found(`run_id = '${none}'`), []);
  assert.deepEqual(await found(`run_id = '${a}' AND version_number > '1'`), ["3"]);
  assert.deepEqual(await found(`run_id = '${a}' AND run_id = '${b}'`), []);
  assert.deepEqual(await found(`run_id != '${a}'`), ["2"]);
  assert.deepEqual(await found("run_id = ''"), []);
  await store.createModelVersion({ name: "wine", source: "s3://b/m", run_id: none });
  assert.deepEqual(await found(`run_id = '${none}'`), ["5"]);
  await store.deleteModelVersion({ name: "wine", version: "1" });
  assert.deepEqual(await found(`run_id = '${a}'`), ["3"]);
  const other = openConnection(path, { busyTimeout: 1_000 });
  other.exec(
    `UPDATE model_versions SET run_id = '${a}' WHERE version = 2; UPDATE model_versions SET run_id = '' WHERE version = 4`,
  );
  other.close();
  assert.deepEqual(await found(`run_id = '${a}'`), ["2", "3"]);
  assert.deepEqual(await found(`run_id = '${b}'`), []);
  assert.deepEqual(await found("run_id = ''"), ["4"]);
});

test("runs are not kept apart where versions are many, and searches of no one run are left as they are", () => {
  const db = new Database(path, { readonly: true, artifactRoot: "/", lockWait: 1_000 });
  whenOver(() => db.close());
  const query = readVersionsQuery({ filter: `run_id = '${a}'` });
  assert.equal(new VersionsOfRuns(db, 3).narrowed(query), query);
  assert.notEqual(new VersionsOfRuns(db, 5).narrowed(query).from, query.from);
  const others = readVersionsQuery({ filter: "name = 'wine'" });
  assert.equal(new VersionsOfRuns(db).narrowed(others), others);
});
