import assert from "node:assert/strict";
import fc from "fast-check";
import { before, describe, it } from "node:test";
import { findPython, skipWithout } from "../support/environment.ts";
import type { Call } from "./differential/call.ts";
import { fillRuns } from "./differential/contents.ts";
import { checkPages, type Pair, startPair } from "./differential/pair.ts";
import { searchRuns } from "./differential/searchRuns.ts";

const skip = skipWithout(findPython(), "Python with mlflow");
const seed = Number(process.env["FLOWDECK_SEED"] ?? 1);
const share = Number(process.env["FLOWDECK_CASES"] ?? 1);

describe("a request has the same answer from mlflow 3.17 and from us", { skip }, () => {
  let pair: Pair;
  before(async () => {
    pair = await startPair(fillRuns);
  });

  const samePages = async (calls: fc.Arbitrary<Call & { body: object }>, count: number) => {
    await fc.assert(
      fc.asyncProperty(calls, (call) => checkPages(pair, call)),
      { seed, numRuns: Math.ceil(count * share) },
    );
  };

  it("every page of a search of runs", () => samePages(searchRuns, 400));

  it("and none of the requests is an error of our server", () => {
    assert.deepEqual(pair.errors, []);
  });
});
