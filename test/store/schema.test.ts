import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { childLocation } from "../../src/store/locations.ts";
import { type Connection, openConnection } from "../../src/store/sqlite/connection.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { headOfRelease } from "../../src/store/sqlite/heads.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";
import { shared, temporaryFolder } from "../support/environment.ts";
import { RELEASES, stateOf, withoutInterop } from "./interopStores.ts";

interface SchemaRow {
  name: string;
  sql: string;
}

/** Table constraints in order: Alembic writes them in another one each time. */
function canonical(sql: string): string {
  const text = sql.replace(/\s+/g, " ").trim();
  const body = /^(CREATE TABLE \S+ \()(.*)\)$/.exec(text);
  if (body === null) return text;
  const parts = (body[2] ?? "").split(/,(?![^(]*\))/).map((part) => part.trim());
  const isConstraint = (part: string) => /^(CONSTRAINT|CHECK|FOREIGN|PRIMARY|UNIQUE)\b/.test(part);
  const constraints = parts.filter(isConstraint).sort();
  return [body[1], ...parts.filter((part) => !isConstraint(part)), ...constraints].join(" ");
}

/** What a database holds, by name, without the spaces that mean nothing. */
function schemaOf(path: string): Map<string, string> {
  const connection = openConnection(path, { readonly: true, busyTimeout: 0 });
  const rows = connection.prepare<[], SchemaRow>("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all();
  connection.close();
  return new Map(rows.map(({ name, sql }) => [name, canonical(sql)]));
}

describe("the schema of a database that we create", () => {
  for (const release of RELEASES) {
    it(`for mlflow ${release} is that release's, table by table`, { skip: withoutInterop }, async () => {
      const folder = temporaryFolder();
      const [ours, theirs] = [join(folder, "ours.db"), join(folder, "theirs.db")];
      const store = openStore(storeUri(ours), { schemaRelease: release });
      await store.createExperiment({ name: "first" });
      store.close();
      writeFileSync(theirs, "");
      const connection = openConnection(theirs, { busyTimeout: 0 });
      connection.exec(readFileSync(shared("interop", release, "schema.sql") ?? "", "utf8"));
      connection.close();
      const byName = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : 1);
      assert.deepEqual([...schemaOf(ours)].sort(byName), [...schemaOf(theirs)].sort(byName));
      const { revision, journal, integrity } = stateOf(ours);
      assert.deepEqual([revision, journal, integrity], [headOfRelease(release)?.revision, "wal", "ok"]);
    });
  }

  const KNOWN: [string, string | undefined][] = [
    ["3.6.0", "3.6.0"],
    ["2.14.0", "2.14.3"],
    ["3.1.0", undefined],
    ["3.1.1", "3.1.4"],
    ["2.10.0", undefined],
    ["3.6.0rc0", undefined],
    ["3.18.0", undefined],
  ];
  for (const [release, head] of KNOWN) {
    const words = head === undefined ? "is not known" : `is that of ${head}`;
    it(`for mlflow ${release} ${words}`, () => assert.equal(headOfRelease(release)?.release, head));
  }

  it("comes with its revision, a write-ahead log and nothing lying about", () => {
    const folder = temporaryFolder();
    const path = join(folder, "mlflow.db");
    createDatabase(path, "/artifacts");
    assert.deepEqual(readdirSync(folder), ["mlflow.db"]);
    const connection = openConnection(path, { readonly: true, busyTimeout: 0 });
    const one = (sql: string) => Object.values(connection.prepare<[], object>(sql).get() ?? {})[0];
    assert.equal(one("PRAGMA journal_mode"), "wal");
    assert.equal(one("SELECT version_num FROM alembic_version"), "dc11669786a5");
    assert.equal(one("SELECT artifact_location FROM experiments WHERE experiment_id = 0"), "/artifacts/0");
    assert.equal(one("SELECT name FROM workspaces"), "default");
    connection.close();
  });

  it("leaves the log of a database alone that another creator makes and writes meanwhile", () => {
    const folder = temporaryFolder();
    const path = join(folder, "mlflow.db");
    let other: Connection | undefined;
    createDatabase(path, "/artifacts", {
      connect: (draft, options) => {
        createDatabase(path, "/artifacts");
        other = openConnection(path, { busyTimeout: 0 });
        other.exec("UPDATE experiments SET name = 'logged'");
        return openConnection(draft, options);
      },
    });
    const reader = openConnection(path, { busyTimeout: 0 });
    assert.deepEqual(reader.prepare("SELECT name FROM experiments").all(), [{ name: "logged" }]);
    assert.ok(readdirSync(folder).includes("mlflow.db-wal"));
    reader.close();
    other?.close();
  });

  it("fills a file that is there but empty", () => {
    const path = join(temporaryFolder(), "mlflow.db");
    writeFileSync(path, "");
    createDatabase(path, "/artifacts");
    assert.ok(schemaOf(path).has("runs"));
  });

  it("is made whole when several processes create it at once", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "mlflow.db");
    const module = JSON.stringify(join(import.meta.dirname, "../../src/store/sqlite/schema.ts"));
    const program = join(folder, "create.mjs");
    writeFileSync(program, `import { createDatabase } from ${module}; createDatabase(${JSON.stringify(path)}, "/a");`);
    const children = [1, 2, 3, 4].map(() => fork(program));
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
    assert.deepEqual(codes, [0, 0, 0, 0]);
    assert.deepEqual(readdirSync(folder).sort(), ["create.mjs", "mlflow.db"]);
    assert.ok(schemaOf(path).has("model_versions"));
  });
});

const LOCATIONS: [string, string[], string][] = [
  ["/data/mlruns", ["3"], "/data/mlruns/3"],
  ["/data/mlruns/", ["3", "artifacts"], "/data/mlruns/3/artifacts"],
  ["mlflow-artifacts:/", ["3"], "mlflow-artifacts:/3"],
  ["s3://bucket/root?region=x", ["3"], "s3://bucket/root/3?region=x"],
  ["/odd?name", ["3"], "/odd?name/3"],
];
for (const [location, parts, expected] of LOCATIONS) {
  it(`artifacts of ${parts.join("/")} below ${location} lie at ${expected}`, () => {
    assert.equal(childLocation(location, ...parts), expected);
  });
}
