import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { shared, skipWithout, temporaryFolder } from "../support/environment.ts";

// The databases in shared/interop, each written by a real release of mlflow.

export const RELEASES = ["1.30.1", "2.3.2", "2.9.2", "2.14.3", "2.22.5", "3.1.4", "3.6.0", "3.17.2"] as const;
export type Release = (typeof RELEASES)[number];

export const withoutInterop = skipWithout(shared("interop"), "shared/interop");

/** Unpacks the store of a release; gives the path of its database, in a folder of its own. */
export function unpackStore(release: Release): string {
  const folder = temporaryFolder();
  execFileSync("tar", ["-xzf", shared("interop", release, "sqlite.tar.gz") ?? "", "-C", folder]);
  return join(folder, release, "sqlite", "mlflow.db");
}

/** True when `release` is at least as new as `since`. */
export function isSince(release: Release, since: Release): boolean {
  return RELEASES.indexOf(release) >= RELEASES.indexOf(since);
}

/** What a database holds beside rows: every statement of its schema, its revision, its journal mode and its soundness. */
export interface DatabaseState {
  schema: string[];
  revision: unknown;
  journal: unknown;
  integrity: unknown;
  foreignKeys: unknown[];
}

export function stateOf(path: string): DatabaseState {
  const connection = openConnection(path, { readonly: true, busyTimeout: 5_000 });
  const all = (sql: string) => connection.prepare<[], Record<string, unknown>>(sql).all();
  const one = (sql: string) => Object.values(all(sql)[0] ?? {})[0];
  const state = {
    schema: all("SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master ORDER BY 1").map(
      ({ line }) => String(line),
    ),
    revision: one("SELECT version_num FROM alembic_version"),
    journal: one("PRAGMA journal_mode"),
    integrity: one("PRAGMA integrity_check"),
    foreignKeys: all("PRAGMA foreign_key_check"),
  };
  connection.close();
  return state;
}
