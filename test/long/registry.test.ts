import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { fillRuns } from "../conformance/differential/contents.ts";
import { type Pair, startPair } from "../conformance/differential/pair.ts";
import { checkLife, registryLife } from "../conformance/differential/registrySteps.ts";
import { findPython, skipWithout } from "../support/environment.ts";
import { seedOf, share } from "../support/long.ts";

const skip = skipWithout(findPython(), "Python with mlflow");

describe("the model registry of our server beside the real one's", { skip }, () => {
  const seed = seedOf("registry");
  const numRuns = Math.ceil(200 * share);
  let pair: Pair;
  before(async () => {
    pair = await startPair(fillRuns);
  });

  it(`goes the same way through ${numRuns} sequences of calls`, () =>
    fc.assert(
      fc.asyncProperty(registryLife, (calls) => checkLife(pair, calls)),
      { seed, numRuns, endOnFailure: true },
    ));

  it("meets no error of our server", () => assert.deepEqual(pair.errors, []));
});
