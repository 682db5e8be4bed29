import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { fillAll } from "../conformance/differential/contentsModels.ts";
import { type Pair, startPair } from "../conformance/differential/pair.ts";
import { checkProperty, PROPERTIES } from "../conformance/differential/properties.ts";
import { findPython, skipWithout } from "../support/environment.ts";
import { seedOf, share } from "../support/long.ts";

const skip = skipWithout(findPython(), "Python with mlflow");

/** How many times the cases of `npm test`, with a seed of their own: some 22,000. */
const TIMES = 30 * share;

describe("a request has the same answer from mlflow 3.17 and from us", { skip }, () => {
  const seed = seedOf("differential");
  let pair: Pair;
  before(async () => {
    pair = await startPair(fillAll);
  });

  for (const property of PROPERTIES) {
    const count = Math.ceil(property.count * TIMES);
    it(`${property.what}, ${count} times`, () => checkProperty(pair, property, count, seed));
  }

  it("and none of the requests is an error of our server", () => {
    assert.deepEqual(pair.errors, []);
  });
});
