import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { openStore, storePath, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { root, temporaryFolder, until } from "../support/environment.ts";
import { refuses } from "../store/contractCases.ts";

/** A database with one run, closed again. */
async function databaseIn(folder: string): Promise<string> {
  const path = join(folder, "mlflow.db");
  const store = openStore(storeUri(path));
  await store.createRun({ experiment_id: "0", run_name: "kept" });
  store.close();
  return path;
}

it("a folder's name may hold what means something in a URI", async () => {
  const folder = join(temporaryFolder(), "what? 100% #1 %3F");
  mkdirSync(folder);
  const path = await databaseIn(folder);
  assert.deepEqual(readdirSync(folder), ["mlflow.db"]);
  assert.equal(storePath(storeUri(path)), path);
});

describe("a store in trouble says so in one sentence", () => {
  it("looking at a missing file creates nothing, and it reads as an empty store", async () => {
    const folder = temporaryFolder();
    const store = openStore(storeUri(join(folder, "mlflow.db")));
    after(() => store.close());
    assert.equal(store.status().state, "absent");
    const { items } = await store.searchExperiments({});
    assert.deepEqual(
      items.map(({ name, artifact_location }) => [name, artifact_location]),
      [["Default", join(folder, "mlruns", "0")]],
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it("a file that is no database", async () => {
    const path = join(temporaryFolder(), "mlflow.db");
    writeFileSync(path, "this is not a database".repeat(500));
    const store = openStore(storeUri(path));
    after(() => store.close());
    const problem = "`mlflow.db` is not an SQLite database, so no run can be read from it.";
    assert.deepEqual([store.status().state, store.status().problem], ["unreadable", problem]);
    await refuses(store.searchExperiments({}), "INVALID_STATE", problem);
    await refuses(store.createExperiment({ name: "x" }), "INVALID_STATE", problem);
  });

  it("a file that cannot even be looked at", async () => {
    const path = join(temporaryFolder(), "mlflow.db");
    symlinkSync(path, path);
    const store = openStore(`sqlite:///${path}`);
    after(() => store.close());
    const problem = "`mlflow.db` cannot be opened: check its permissions and those of its folder.";
    assert.deepEqual([store.status().state, store.status().problem], ["unreadable", problem]);
    await refuses(store.searchExperiments({}), "INVALID_STATE", problem);
  });

  it("a database that is not MLflow's", () => {
    const path = join(temporaryFolder(), "mlflow.db");
    writeFileSync(path, "");
    const connection = openConnection(path, { busyTimeout: 0 });
    connection.exec("CREATE TABLE shopping (item TEXT)");
    connection.close();
    const store = openStore(storeUri(path));
    after(() => store.close());
    assert.equal(store.status().problem, "`mlflow.db` is not a database of MLflow, so no run can be read from it.");
  });

  it("a locked database is unreadable until the lock goes", async () => {
    const path = await databaseIn(temporaryFolder());
    const lock = openConnection(path, { busyTimeout: 0 });
    lock.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
    const store = openStore(storeUri(path));
    after(() => store.close());
    assert.match(store.status().problem ?? "", /^`mlflow\.db` is locked by another program;/);
    await refuses(store.searchExperiments({}), "TEMPORARILY_UNAVAILABLE", "is locked by another program");
    lock.exec("COMMIT");
    lock.close();
    await until("the lock's end", () => store.status().state === "open");
    assert.equal((await store.searchRuns({ experiment_ids: ["0"] })).items.length, 1);
  });

  it("a write that meets a lock fails with MLflow's code and reads go on", async () => {
    const path = await databaseIn(temporaryFolder());
    const store = openStore(storeUri(path), { lockWait: 50 });
    const lock = openConnection(path, { busyTimeout: 0 });
    after(() => {
      lock.close();
      store.close();
    });
    lock.exec("BEGIN IMMEDIATE");
    await refuses(store.createExperiment({ name: "x" }), "TEMPORARILY_UNAVAILABLE", "database is locked");
    assert.equal((await store.searchRuns({ experiment_ids: ["0"] })).items.length, 1);
  });

  it("a database of another schema revision is read and not written", async () => {
    const path = await databaseIn(temporaryFolder());
    const connection = openConnection(path, { busyTimeout: 0 });
    connection.exec(
      "UPDATE alembic_version SET version_num = 'f00d'; DROP TABLE logged_models; ALTER TABLE inputs DROP COLUMN step",
    );
    connection.close();
    const store = openStore(storeUri(path));
    after(() => store.close());
    assert.deepEqual([store.status().state, store.status().read_only], ["open", true]);
    const problem = "`mlflow.db` has the schema of another MLflow (f00d), so its runs can be read but not changed.";
    await refuses(store.createExperiment({ name: "x" }), "PERMISSION_DENIED", problem);
    assert.equal((await store.searchRuns({ experiment_ids: ["0"] })).items[0]?.info.run_name, "kept");
    assert.deepEqual((await store.searchLoggedModels({ experiment_ids: ["0"] })).items, []);
  });

  it("the log that a deleted database left behind is not the new one's", async () => {
    const folder = temporaryFolder();
    const path = await databaseIn(folder);
    const old = openConnection(path, { busyTimeout: 0 });
    old.exec("UPDATE experiments SET name = 'old'");
    copyFileSync(`${path}-wal`, `${path}.kept`);
    old.close();
    rmSync(path);
    copyFileSync(`${path}.kept`, `${path}-wal`);
    const store = openStore(storeUri(path));
    after(() => store.close());
    await store.createExperiment({ name: "new" });
    const { items } = await store.searchExperiments({});
    assert.deepEqual(items.map(({ name }) => name).sort(), ["Default", "new"]);
  });

  it("a view in place of a table is not read: it could go on for ever", async () => {
    const path = await databaseIn(temporaryFolder());
    const connection = openConnection(path, { busyTimeout: 0 });
    connection.exec(
      `DROP TABLE tags; CREATE VIEW tags AS
       WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT 'k' AS key, x AS value, 'r' AS run_uuid FROM c`,
    );
    connection.close();
    const store = openStore(storeUri(path));
    after(() => store.close());
    assert.equal(store.status().problem, "`mlflow.db` is not a database of MLflow, so no run can be read from it.");
    store.onChange(() => undefined);
    await refuses(store.searchRuns({ experiment_ids: ["0"] }), "INVALID_STATE", "is not a database of MLflow");
  });

  const COMPUTED = ["x TEXT as (key)", "x TEXT GENERATED ALWAYS AS(key)", "x TEXT AS\n(key)"];
  for (const column of COMPUTED) {
    it(`a column of a table that is computed (${JSON.stringify(column)}) is not read either`, async () => {
      const path = await databaseIn(temporaryFolder());
      const connection = openConnection(path, { busyTimeout: 0 });
      connection.exec(`DROP TABLE tags; CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT, ${column})`);
      connection.close();
      const store = openStore(storeUri(path));
      after(() => store.close());
      assert.equal(store.status().problem, "`mlflow.db` is not a database of MLflow, so no run can be read from it.");
    });
  }

  it("a database of the newest revision that lacks a table is read and not written", async () => {
    const path = await databaseIn(temporaryFolder());
    const connection = openConnection(path, { busyTimeout: 0 });
    connection.exec("DROP TABLE input_tags");
    connection.close();
    const store = openStore(storeUri(path));
    after(() => store.close());
    assert.deepEqual([store.status().state, store.status().read_only], ["open", true]);
    const { info } = (await store.searchRuns({ experiment_ids: ["0"] })).items[0] ?? {};
    assert.equal((await store.getRun({ run_id: info?.run_id ?? "" })).info.run_name, "kept");
  });

  it("a reader never writes", async () => {
    const path = await databaseIn(temporaryFolder());
    const store = openStore(storeUri(path), { readonly: true });
    after(() => store.close());
    await refuses(store.createExperiment({ name: "x" }), "PERMISSION_DENIED", "reading only");
  });
});

/** Runs as a user to whom permissions apply, since tests may run as root. */
const nobody = { skip: process.getuid?.() === 0 ? false : "needs root, to become another user" };

const READ = `
import { openStore, storeUri } from ${JSON.stringify(join(root, "src/store/open.ts"))};
const store = openStore(storeUri(process.argv[2]));
const { state, read_only, problem } = store.status();
const runs = await store.searchRuns({ experiment_ids: ["0"] }).then(({ items }) => items.length, ({ message }) => message);
const write = await store.createExperiment({ name: "x" }).then(() => "written", ({ error_code, message }) => error_code + ": " + message);
console.log(JSON.stringify({ state, read_only, problem, runs, write }));
store.close();`;

function readAsNobody(path: string): Record<string, unknown> {
  const program = join(temporaryFolder(), "read.mjs");
  writeFileSync(program, READ);
  chmodSync(join(program, ".."), 0o755);
  const { stdout, stderr } = spawnSync(process.execPath, [program, path], {
    uid: 65_534,
    gid: 65_534,
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("permissions", nobody, () => {
  it("in a folder that cannot be written a WAL database is read all the same", async () => {
    const folder = temporaryFolder();
    const path = await databaseIn(folder);
    execFileSync("chmod", ["-R", "a-w,a+rX", folder]);
    const seen = readAsNobody(path);
    assert.deepEqual([seen["state"], seen["read_only"], seen["runs"]], ["open", true, 1]);
    assert.match(String(seen["problem"]), /cannot be written, so its runs can be read but not changed\.$/);
    assert.match(String(seen["write"]), /^PERMISSION_DENIED: /);
  });

  it("a database that cannot be created refuses the write with the reason", () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    const seen = readAsNobody(join(folder, "mlflow.db"));
    assert.deepEqual([seen["state"], seen["runs"]], ["absent", 0]);
    assert.equal(seen["write"], "PERMISSION_DENIED: `mlflow.db` cannot be created: its folder cannot be written.");
  });

  it("a file that cannot be read says to check permissions", async () => {
    const folder = temporaryFolder();
    const path = await databaseIn(folder);
    chmodSync(folder, 0o755);
    chmodSync(path, 0o600);
    const seen = readAsNobody(path);
    const problem = "`mlflow.db` cannot be opened: check its permissions and those of its folder.";
    assert.deepEqual([seen["state"], seen["problem"], seen["runs"]], ["unreadable", problem, problem]);
  });
});

describe("store URIs", () => {
  const cases: [string, string][] = [
    ["sqlite:////data/my wine/mlflow.db", "/data/my wine/mlflow.db"],
    ["file:///data/my%20wine/mlruns", "/data/my wine/mlruns"],
    ["file:/data/mlruns", "/data/mlruns"],
  ];
  for (const [uri, path] of cases) {
    it(`${uri} is at ${path}`, () => assert.equal(storePath(uri), path));
  }

  it("two ways to one file are one store", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "real"));
    execFileSync("ln", ["-s", "real", join(folder, "link")]);
    assert.equal(storeUri(join(folder, "link/mlflow.db")), storeUri(join(folder, "real/mlflow.db")));
  });
});
