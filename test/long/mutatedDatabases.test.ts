import { join } from "node:path";
import { test } from "node:test";
import { makeBase } from "../store/writeOperations.ts";
import { memoryFolder } from "../support/environment.ts";
import { progressOf, seedOf, share, tell } from "../support/long.ts";
import { mutateDatabase } from "../support/mutatedDatabases.ts";
import { assertUnhurt, readSpoiled } from "../support/spoiledStores.ts";

const TOTAL = Math.ceil(100_000 * share);

test(`${TOTAL} spoiled databases are read, or refused with MLflow's error, without a crash`, async () => {
  const folder = memoryFolder();
  const base = join(folder, "base.db");
  await makeBase(base);
  const spoil = (place: string, random: Parameters<typeof mutateDatabase>[2]) => {
    const path = join(place, "mlflow.db");
    return { uri: `sqlite:///${path}`, how: mutateDatabase(base, path, random) };
  };
  const read = await readSpoiled(folder, TOTAL, seedOf("databases"), spoil, progressOf("databases", TOTAL));
  const { cases, results, errors, slowest, faults } = read;
  tell(
    `databases: ${cases} spoiled, ${results} reads answered, ${errors} refused, slowest ${slowest.toFixed(0)} ms of CPU, ${faults.length} faults`,
  );
  assertUnhurt(read);
});
