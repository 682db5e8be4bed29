import { closeSync, openSync, writeSync } from "node:fs";
import { openStore } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import type { Store } from "../../src/store/store.ts";
import { whenOver } from "./environment.ts";

/** A database whose tables of registered models were overwritten on disk: all else in it can be read. */
export async function damagedRegistry(path: string): Promise<Store> {
  const whole = openStore(`sqlite:///${path}`);
  await whole.createRegisteredModel({ name: "lost" });
  whole.close();
  const database = openConnection(path, { busyTimeout: 1_000 });
  database.exec("PRAGMA journal_mode = delete");
  const pages = database
    .prepare<[], { rootpage: number }>("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'registered_models'")
    .all()
    .filter(({ rootpage }) => rootpage > 0);
  database.close();
  const file = openSync(path, "r+");
  for (const { rootpage } of pages) writeSync(file, Buffer.alloc(PAGE, 0xff), 0, PAGE, (rootpage - 1) * PAGE);
  closeSync(file);
  const store = openStore(`sqlite:///${path}`);
  whenOver(() => store.close());
  return store;
}

/** Bytes of a page of SQLite. */
const PAGE = 4096;
