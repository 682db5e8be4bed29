import { join } from "node:path";
import { test } from "node:test";
import { memoryFolder } from "../support/environment.ts";
import { progressOf, seedOf, share, tell } from "../support/long.ts";
import { makeBases, mutateDatabase } from "../support/mutatedDatabases.ts";
import { assertUnhurt, countsOf, readSpoiled } from "../support/spoiledStores.ts";

const TOTAL = Math.ceil(100_000 * share);

test(`${TOTAL} spoiled databases are read and written, or refused with MLflow's error, without a crash`, async () => {
  const folder = memoryFolder();
  const bases = await makeBases(folder);
  const read = await readSpoiled({
    folder,
    total: TOTAL,
    seed: seedOf("databases"),
    base: bases.base,
    // Of so many, each is asked a seventh, and all together are asked everything thousands of times.
    share: 0.15,
    spoil: (place, random) => {
      const path = join(place, "mlflow.db");
      return { uri: `sqlite:///${path}`, how: mutateDatabase(bases, path, random) };
    },
    progress: progressOf("databases", TOTAL),
    most: 1_000,
    heard: tell,
  });
  tell(`databases: ${countsOf(read)}`);
  assertUnhurt(read);
});
