import { join } from "node:path";
import { test } from "node:test";
import { storeUri } from "../../src/store/open.ts";
import { makeBaseFolder } from "../store/writeOperations.ts";
import { memoryFolder } from "../support/environment.ts";
import { progressOf, seedOf, share, tell } from "../support/long.ts";
import { mutateFolder, treeOf } from "../support/mutatedFolders.ts";
import { assertUnhurt, readSpoiled } from "../support/spoiledStores.ts";

const TOTAL = Math.ceil(20_000 * share);

test(`${TOTAL} spoiled mlruns folders are read without a crash and without what lies outside`, async () => {
  const folder = memoryFolder();
  await makeBaseFolder(join(folder, "base", "mlruns"));
  const tree = treeOf(join(folder, "base", "mlruns"));
  const spoil = (place: string, random: Parameters<typeof mutateFolder>[2]) => {
    const how = mutateFolder(tree, place, random);
    return { uri: storeUri(join(place, "mlruns"), "files"), how };
  };
  const read = await readSpoiled(folder, TOTAL, seedOf("folders"), spoil, progressOf("folders", TOTAL));
  const { cases, results, errors, slowest, faults } = read;
  tell(
    `folders: ${cases} spoiled, ${results} reads answered, ${errors} refused, slowest ${slowest.toFixed(0)} ms of CPU, ${faults.length} faults`,
  );
  assertUnhurt(read);
});
