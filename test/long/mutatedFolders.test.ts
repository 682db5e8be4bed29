import { join } from "node:path";
import { test } from "node:test";
import { storeUri } from "../../src/store/open.ts";
import { makeBaseFolder } from "../store/writeOperations.ts";
import { memoryFolder } from "../support/environment.ts";
import { progressOf, seedOf, share, tell } from "../support/long.ts";
import { changedOutside, mutateFolder, treeOf } from "../support/mutatedFolders.ts";
import { assertUnhurt, countsOf, readSpoiled } from "../support/spoiledStores.ts";

const TOTAL = Math.ceil(20_000 * share);

test(`${TOTAL} spoiled mlruns folders are read and written without a crash and without what lies outside`, async () => {
  const folder = memoryFolder();
  const base = await makeBaseFolder(join(folder, "base", "mlruns"));
  const tree = treeOf(join(folder, "base", "mlruns"));
  const read = await readSpoiled({
    folder,
    total: TOTAL,
    seed: seedOf("folders"),
    base,
    share: 0.15,
    spoil: (place, random) => {
      const how = mutateFolder(tree, place, random);
      return { uri: storeUri(join(place, "mlruns"), "files"), how };
    },
    complaint: changedOutside,
    progress: progressOf("folders", TOTAL),
    most: 1_000,
    heard: tell,
  });
  tell(`folders: ${countsOf(read)}`);
  assertUnhurt(read);
});
