import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { anyModel, countVersions, readBelow, readModels, readVersions } from "../../src/extension/models/readModels.ts";
import type { ModelRow, StoreRow } from "../../src/extension/models/rows.ts";
import type { StoreHandle } from "../../src/extension/stores/stores.ts";
import { placeText, readAcross, remedyOf, unlistedText } from "../../src/extension/stores/readAcross.ts";
import { countOf, versionDescription, versionTooltip } from "../../src/extension/models/rowTexts.ts";
import { emptyListing } from "../../src/extension/tracking/rows.ts";
import { openStore } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import type { Store } from "../../src/store/store.ts";
import { memoryFolder, whenOver } from "../support/environment.ts";
import { damagedRegistry } from "../support/damagedRegistry.ts";

const DAMAGED = "`mlflow.db` is damaged: database disk image is malformed.";
const file = join(memoryFolder(), "mlflow.db");
const store = openStore(`sqlite:///${file}`);
whenOver(() => store.close());

/** As the view holds it; only what is asked of the store is asked. */
function handleOf(remote: Store): StoreHandle {
  const status = remote.status();
  return { ...{ uri: status.uri, name: "mlflow.db", folders: [], added: true, status }, remote };
}

function rootRow(remote = store): StoreRow {
  const handle = handleOf(remote);
  return { kind: "store", uri: handle.uri, store: handle, models: emptyListing() };
}

async function modelRow(name: string): Promise<ModelRow> {
  const root = rootRow();
  await readModels(root, `name = '${name}'`);
  const [row] = root.models.rows;
  assert.ok(row !== undefined);
  return row;
}

/** Versions written at once, as no client could. */
async function versions(name: string, count: number): Promise<void> {
  await store.createRegisteredModel({ name });
  const database = openConnection(file, { busyTimeout: 1_000 });
  database
    .prepare<[number, string], never>(
      `WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ?)
       INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, source, status, workspace)
       SELECT ?, v, v, v, 'None', 's', 'READY', 'default' FROM n`,
    )
    .run(count, name);
  database.close();
}

test("versions are read by pages, newest first, and read again as many as were there", async () => {
  await versions("many", 250);
  const row = await modelRow("many");
  assert.equal((await readVersions(row)).listChanged, true);
  assert.deepEqual([row.versions.rows.length, row.versions.rows[0]?.version], [100, "250"]);
  await readVersions(row, true);
  await readVersions(row, true);
  assert.deepEqual(
    [row.versions.rows.length, row.versions.next, row.versions.rows.at(-1)?.version],
    [250, undefined, "1"],
  );
  const before = row.versions.rows;
  assert.equal((await readVersions(row)).listChanged, false);
  assert.ok(row.versions.rows.every((version, at) => version === before[at]));
});

test("the versions of a model are counted without reading them, and told when they become more", async () => {
  await versions("counted", 150);
  const row = await modelRow("counted");
  assert.deepEqual([await countVersions(row), row.count, row.versions.loaded], [true, 150, false]);
  await store.createModelVersion({ name: "counted", source: "s" });
  await store.deleteModelVersion({ name: "counted", version: "1" });
  assert.equal(await countVersions(row), false);
  await store.deleteModelVersion({ name: "counted", version: "2" });
  assert.deepEqual([await countVersions(row), row.count], [true, 149]);
});

test("a new version stands above, and one that changed is told", async () => {
  await versions("few", 2);
  const row = await modelRow("few");
  await readVersions(row);
  const [, first] = row.versions.rows;
  await store.updateModelVersion({ name: "few", version: "1", description: "Better." });
  const { listChanged, changed } = await readVersions(row);
  assert.deepEqual([listChanged, changed], [false, [first]]);
  await store.createModelVersion({ name: "few", source: "s" });
  assert.equal((await readVersions(row)).listChanged, true);
  assert.deepEqual(
    row.versions.rows.map(({ version }) => version),
    ["3", "2", "1"],
  );
});

test("an alias that moves changes two rows", async () => {
  await versions("moved", 3);
  await store.setRegisteredModelAlias({ name: "moved", alias: "champion", version: "1" });
  const row = await modelRow("moved");
  await readVersions(row);
  assert.deepEqual(row.versions.rows.at(-1)?.aliases, ["champion"]);
  await store.setRegisteredModelAlias({ name: "moved", alias: "champion", version: "3" });
  await readModels(row.parent, "name = 'moved'");
  const { changed } = await readVersions(row);
  assert.deepEqual(
    changed.map(({ version, aliases }) => [version, aliases]),
    [
      ["3", ["champion"]],
      ["1", []],
    ],
  );
});

test("a page of 10,000 versions costs what one of 100 does", async () => {
  await versions("huge", 10_000);
  await versions("small", 100);
  const [huge, small] = [await modelRow("huge"), await modelRow("small")];
  const cost = async (row: ModelRow): Promise<number> => {
    const before = process.cpuUsage();
    for (let n = 0; n < 20; n += 1) {
      row.versions = emptyListing();
      await readVersions(row);
    }
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  await cost(small);
  const [ofHuge, ofSmall] = [await cost(huge), await cost(small)];
  assert.equal(huge.versions.rows.length, 100);
  assert.ok(ofHuge < 5 * ofSmall, `${ofHuge} µs beside ${ofSmall} µs`);
});

test("a model whose name the filter language cannot say has its versions all the same", async () => {
  const name = `it's "quoted"`;
  await versions(name, 2);
  await store.createRegisteredModel({ name: `it_s "quoted"` });
  await store.createModelVersion({ name: `it_s "quoted"`, source: "s" });
  const root = rootRow();
  await readModels(root, undefined);
  const row = root.models.rows.find((one) => one.name === name);
  assert.ok(row !== undefined);
  await readVersions(row);
  assert.deepEqual(
    row.versions.rows.map((one) => [one.name, one.version]),
    [
      [name, "2"],
      [name, "1"],
    ],
  );
});

test("models are read by pages, and read again past a search's limit", async () => {
  const database = openConnection(file, { busyTimeout: 1_000 });
  database
    .prepare<[], never>(
      `WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 1150)
       INSERT INTO registered_models (name, creation_time, last_updated_time, workspace)
       SELECT printf('zz-%04d', v), v, v, 'default' FROM n`,
    )
    .run();
  database.close();
  const root = rootRow();
  const filter = "name LIKE 'zz-%'";
  await readModels(root, filter);
  assert.equal(root.models.rows.length, 100);
  while (root.models.next !== undefined) await readModels(root, filter, true);
  assert.equal(root.models.rows.length, 1150);
  assert.equal((await readModels(root, filter)).listChanged, false);
  assert.equal(root.models.rows.length, 1150);
});

test("a row says what is wrong, then aliases and stage, and its age where there is room", async () => {
  await versions("said", 1);
  const found = await store.getModelVersion({ name: "said", version: "1" });
  const now = found.creation_timestamp + 7_200_000;
  const pending = { status: "PENDING_REGISTRATION" as const };
  const failed = { status: "FAILED_REGISTRATION" as const, status_message: "The files are gone." };
  const cases: [Partial<typeof found>, string[], string][] = [
    [{}, [], "2 h"],
    [{}, ["champion"], "@champion · 2 h"],
    [{ current_stage: "Staging" }, ["a", "b"], "@a · @b · Staging"],
    [pending, [], "pending · 2 h"],
    [failed, ["a"], "failed · @a"],
  ];
  for (const [changes, aliases, text] of cases) {
    assert.equal(versionDescription({ found: { ...found, ...changes }, aliases }, now), text);
  }
  const hover = versionTooltip({ found: { ...found, ...failed, description: "Better.", user_id: "mira" } }, "today");
  assert.equal(hover, "said 1\nRegistration failed: The files are gone.\nBetter.\nRegistered today by mira\ns");
});

test("a model says how many versions it has as soon as they are counted", async () => {
  const { model } = await modelRow("counted");
  assert.deepEqual([countOf({ model }), countOf({ model, count: 1_234 })], ["", "1,234 versions"]);
  assert.equal(countOf({ model: { ...model, latest_versions: [] } }), "no versions");
});

test("a store whose models cannot be read keeps why, and is read again when it can", async () => {
  await store.createRegisteredModel({ name: "kept" });
  const root = rootRow();
  const read = () => readBelow(root, () => readModels(root, "name = 'kept'"));
  await read();
  const whole = root.store;
  root.store = handleOf(await damagedRegistry(join(memoryFolder(), "mlflow.db")));
  assert.equal(await read(), undefined);
  assert.equal(root.failure?.message, DAMAGED);
  assert.deepEqual(
    root.models.rows.map(({ name }) => name),
    ["kept"],
  );
  assert.equal(await anyModel([root.store]), undefined);
  root.store = whole;
  assert.equal((await read())?.listChanged, false);
  assert.equal(root.failure, undefined);
});

test("a store that fails keeps nobody from those of the others", async () => {
  const damaged = await damagedRegistry(join(memoryFolder(), "mlflow.db"));
  const handles = [handleOf(damaged), handleOf(store)];
  await store.createRegisteredModel({ name: "readable" });
  const { found, failed } = await readAcross(handles, async ({ remote }) => {
    return (await remote.searchRegisteredModels({ filter: "name = 'readable'" })).items;
  });
  assert.deepEqual(
    found.map(({ name }) => name),
    ["readable"],
  );
  assert.deepEqual(
    failed.map((one) => [one.store.uri, one.error.message, remedyOf(one)]),
    [[handles[0]?.uri, DAMAGED, "remove"]],
  );
  const locked = failed.map((one) => {
    const status = { ...one.store.status, state: "unreadable" as const, locked: true as const };
    return remedyOf({ ...one, store: { ...one.store, status } });
  });
  assert.deepEqual(locked, ["again"]);
  assert.equal(await anyModel(handles), true);
  // Both are called mlflow.db.
  const [place = ""] = handles.map((handle) => placeText(handle, handles));
  assert.equal(place, `mlflow.db in ${basename(dirname(handles[0]?.status.path ?? ""))}`);
  assert.equal(placeText(handles[0] ?? handleOf(store), handles.slice(0, 1)), "mlflow.db");
  const [one] = failed;
  assert.equal(one && unlistedText([one], handles, "runs"), `${place} cannot be read, so none of its runs is listed.`);
  assert.equal(
    one && unlistedText([one, { ...one, store: handleOf(store) }], [], "runs"),
    "mlflow.db and mlflow.db cannot be read, so none of their runs is listed.",
  );
  assert.equal(unlistedText([], handles, "runs"), undefined);
});
