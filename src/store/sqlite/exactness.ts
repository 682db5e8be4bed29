import type { Database } from "./database.ts";

/** The first SQLite whose numbers are printed with all their digits (17 of them where it takes that many). */
const EXACT = [3, 53];

const known = new WeakMap<Database, boolean>();

/** Whether a float that SQLite prints reads back as the same float. */
export function printsExactly(db: Database): boolean {
  let exact = known.get(db);
  if (exact === undefined) {
    const version = db.prepare<[], { version: string }>("SELECT sqlite_version() AS version").get()?.version ?? "0.0";
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const [needed = 0, neededMinor = 0] = EXACT;
    exact = major > needed || (major === needed && minor >= neededMinor);
    known.set(db, exact);
  }
  return exact;
}
