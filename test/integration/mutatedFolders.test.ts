import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { storeUri } from "../../src/store/open.ts";
import { makeBaseFolder } from "../store/writeOperations.ts";
import { memoryFolder } from "../support/environment.ts";
import { changedOutside, mutateFolder, treeOf } from "../support/mutatedFolders.ts";
import { assertUnhurt, countsOf, readSpoiled } from "../support/spoiledStores.ts";

test("an mlruns folder spoiled in any way is read and written, soon, without a crash and without what lies outside", async () => {
  const folder = memoryFolder();
  const base = await makeBaseFolder(join(folder, "base", "mlruns"));
  const tree = treeOf(join(folder, "base", "mlruns"));
  const read = await readSpoiled({
    folder,
    total: 120,
    seed: 4711,
    base,
    share: 0.4,
    spoil: (place, random) => {
      const how = mutateFolder(tree, place, random);
      return { uri: storeUri(join(place, "mlruns"), "files"), how };
    },
    complaint: changedOutside,
  });
  assertUnhurt(read);
  assert.ok(read.results > 2_000 && read.errors > 60, countsOf(read));
});
