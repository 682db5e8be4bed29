import assert from "node:assert/strict";
import fc from "fast-check";
import { before, describe, it } from "node:test";
import { findPython, skipWithout } from "../support/environment.ts";
import type { Call } from "./differential/call.ts";
import { fillAll } from "./differential/contentsModels.ts";
import { checkPages, checkSame, checkSameOutcome, type Pair, startPair } from "./differential/pair.ts";
import { confusedRequest, request } from "./differential/requests.ts";
import {
  searchExperiments,
  searchLoggedModels,
  searchModelVersions,
  searchRegisteredModels,
  searchTraces,
} from "./differential/searches.ts";
import { searchRuns } from "./differential/searchRuns.ts";

const skip = skipWithout(findPython(), "Python with mlflow");
const seed = Number(process.env["FLOWDECK_SEED"] ?? 1);
const share = Number(process.env["FLOWDECK_CASES"] ?? 1);

const SEARCHES: readonly [string, fc.Arbitrary<Call>, number][] = [
  ["runs", searchRuns, 400],
  ["experiments", searchExperiments, 150],
  ["registered models", searchRegisteredModels, 150],
  ["model versions", searchModelVersions, 150],
  ["logged models", searchLoggedModels, 200],
  ["traces", searchTraces, 200],
];

describe("a request has the same answer from mlflow 3.17 and from us", { skip }, () => {
  let pair: Pair;
  before(async () => {
    pair = await startPair(fillAll);
  });

  const samePages = async (calls: fc.Arbitrary<Call>, count: number) => {
    await fc.assert(
      fc.asyncProperty(calls, (call) => checkPages(pair, call)),
      { seed, numRuns: Math.ceil(count * share) },
    );
  };

  for (const [what, calls, count] of SEARCHES) {
    it(`every page of a search of ${what}`, () => samePages(calls, count));
  }

  it("a request of any route", async () => {
    await fc.assert(
      fc.asyncProperty(request, async (call) => {
        await checkSame(pair, call);
      }),
      { seed, numRuns: Math.ceil(700 * share) },
    );
  });

  // The last: what only one of the two takes makes their stores part.
  it("a request with a value of the wrong type", async () => {
    await fc.assert(
      fc.asyncProperty(confusedRequest, (call) => checkSameOutcome(pair, call)),
      { seed, numRuns: Math.ceil(400 * share) },
    );
  });

  it("and none of the requests is an error of our server", () => {
    assert.deepEqual(pair.errors, []);
  });
});
