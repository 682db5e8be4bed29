import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { findPython, skipWithout } from "../support/environment.ts";
import { fillRuns } from "./differential/contents.ts";
import { type Pair, startPair } from "./differential/pair.ts";
import { checkLife, registryLife } from "./differential/registrySteps.ts";

const skip = skipWithout(findPython(), "Python with mlflow");
const seed = Number(process.env["FLOWDECK_SEED"] ?? 1);

describe("the model registry of our server beside the real one's", { skip }, () => {
  let pair: Pair;
  before(async () => {
    pair = await startPair(fillRuns);
  });

  it("goes the same way through sequences of calls, each with its answer, and all that is there after it", () =>
    fc.assert(
      fc.asyncProperty(registryLife, (calls) => checkLife(pair, calls)),
      { seed, numRuns: 4, endOnFailure: true },
    ));

  it("meets no error of our server", () => assert.deepEqual(pair.errors, []));
});
