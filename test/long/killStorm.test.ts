import assert from "node:assert/strict";
import { test } from "node:test";
import { shared, skipWithout } from "../support/environment.ts";
import { type Database, journalMode, killStorm, median, stormFolder } from "../support/killStorm.ts";
import { seedOf, share, tell } from "../support/long.ts";

const CYCLES: Record<Database, number> = { ours: Math.ceil(100 * share), "python's": Math.ceil(50 * share) };

for (const database of ["ours", "python's"] as const) {
  const missing = database === "ours" ? undefined : skipWithout(shared("interop"), "../shared/interop");
  test(`${CYCLES[database]} times killed among eight writers on a database that is ${database}`, {
    skip: missing ?? false,
  }, async () => {
    const folder = stormFolder(database);
    const { cycles, acknowledged, ready, readyCpu } = await killStorm(folder, CYCLES[database], seedOf(database));
    assert.equal(journalMode(folder), database === "ours" ? "wal" : "delete");
    tell(
      `${database}: ${cycles} cycles, ${acknowledged} acknowledged writes, 0 lost; ready again after ${median(ready).toFixed(0)} ms (median), ${Math.max(...ready).toFixed(0)} ms (most), ${median(readyCpu)} ms of CPU (median)`,
    );
    assert.ok(Number.isNaN(median(readyCpu)) || median(readyCpu) < 1_000);
  });
}
