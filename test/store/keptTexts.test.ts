import assert from "node:assert/strict";
import { it } from "node:test";
import { KeptTexts } from "../../src/store/sqlite/keptTexts.ts";
import { type ModelText, sizeOfModel } from "../../src/store/sqlite/printedModels.ts";

it("models whose latest versions are long are not kept for longer than there is room for these", () => {
  const kept = new KeptTexts<ModelText>(sizeOfModel);
  const asked: number[][] = [];
  const ask = (id: number) =>
    kept.all([id], (ids) => {
      asked.push(ids);
      const latest_versions = [{ source: null, head: "v".repeat(3_000_000), tail: "" }];
      return ids.map((each): [number, ModelText] => [each, { head: "{", latest_versions, tail: "}" }]);
    });
  for (const id of [1, 1, 2, 1]) assert.equal(ask(id).length, 1);
  assert.deepEqual(asked, [[1], [2], [1]]);
});
