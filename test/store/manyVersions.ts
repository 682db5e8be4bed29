import { dirname, join } from "node:path";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";

/**
 * A database with one registered model, "big", of `count` versions with two tags each, a hundredth of them Archived; one in
 * Production is `@champion`, one in Staging `@challenger`; and "small" beside it with a single version.
 */
export function createManyVersions(path: string, count: number): void {
  createDatabase(path, join(dirname(path), "mlruns"));
  const database = openConnection(path, { busyTimeout: 1_000 });
  const model = database.prepare<[string], never>(
    "INSERT INTO registered_models (name, creation_time, last_updated_time) VALUES (?, 1, 1)",
  );
  const version = database.prepare<[string, number, number, string, string, string, string], never>(
    `INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, user_id, current_stage, source, run_id, run_link,
       status) VALUES (?, ?, ?, 1, '', '', ?, ?, ?, ?, 'READY')`,
  );
  const tag = database.prepare<[number, string, string], never>(
    "INSERT INTO model_version_tags (name, version, key, value) VALUES ('big', ?, ?, ?)",
  );
  const alias = database.prepare<[number, string], never>(
    "INSERT INTO registered_model_aliases (name, version, alias) VALUES ('big', ?, ?)",
  );
  const [champion, challenger] = [Math.ceil(count * 0.901), Math.ceil(count * 0.951)];
  database.exec("BEGIN");
  for (const name of ["big", "small"]) model.run(name);
  version.run("small", 1, 1, "None", "s3://bucket/small", runOf(1), "");
  for (let number = 1; number <= count; number++) {
    const staged = number === champion ? "Production" : number === challenger ? "Staging" : undefined;
    const stage = staged ?? (number % 100 === 0 ? "Archived" : "None");
    version.run("big", number, number, stage, `s3://bucket/${number}`, runOf(number), "");
    tag.run(number, "validation", number % 3 === 0 ? "passed" : "failed");
    tag.run(number, "round", String(number % 10));
  }
  alias.run(champion, "champion");
  alias.run(challenger, "challenger");
  database.exec("COMMIT");
  database.close();
}

export function runOf(version: number): string {
  return version.toString(16).padStart(32, "0");
}
