import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { storeUri } from "../../src/store/open.ts";
import { makeBaseFolder } from "../store/writeOperations.ts";
import { memoryFolder } from "../support/environment.ts";
import { isOutsideKept, mutateFolder, treeOf } from "../support/mutatedFolders.ts";
import { assertUnhurt, readSpoiled } from "../support/spoiledStores.ts";

test("an mlruns folder spoiled in any way is read, soon, without a crash and without what lies outside", async () => {
  const folder = memoryFolder();
  await makeBaseFolder(join(folder, "base", "mlruns"));
  const tree = treeOf(join(folder, "base", "mlruns"));
  const read = await readSpoiled(folder, 120, 4711, (place, random) => {
    const how = mutateFolder(tree, place, random);
    return { uri: storeUri(join(place, "mlruns"), "files"), how };
  });
  assertUnhurt(read);
  assert.ok(isOutsideKept(join(folder, "case")), "nothing was written through a link");
  assert.ok(read.results > 2_000 && read.errors > 60, JSON.stringify(read));
});
