// What is compared between mlflow's server and ours, with how many cases: a sample in `npm test`, more in the long suite.
import fc from "fast-check";
import type { Call } from "./call.ts";
import { fileRequest } from "./fileRequests.ts";
import { checkPages, checkSame, checkSameOutcome, type Pair } from "./pair.ts";
import { confusedRequest, request } from "./requests.ts";
import {
  searchExperiments,
  searchLoggedModels,
  searchModelVersions,
  searchRegisteredModels,
  searchTraces,
} from "./searches.ts";
import { searchRuns } from "./searchRuns.ts";

export interface Property {
  /** As the name of a test. */
  what: string;
  /** Cases in `npm test`. */
  count: number;
  calls: fc.Arbitrary<Call>;
  check(pair: Pair, call: Call): Promise<unknown>;
}

/** In this order: what only one of the two takes makes their stores part, so that the last one asks with wrong types. */
export const PROPERTIES: readonly Property[] = [
  { what: "every page of a search of runs", count: 100, calls: searchRuns, check: checkPages },
  { what: "every page of a search of experiments", count: 50, calls: searchExperiments, check: checkPages },
  { what: "every page of a search of registered models", count: 50, calls: searchRegisteredModels, check: checkPages },
  { what: "every page of a search of model versions", count: 50, calls: searchModelVersions, check: checkPages },
  { what: "every page of a search of logged models", count: 70, calls: searchLoggedModels, check: checkPages },
  { what: "every page of a search of traces", count: 70, calls: searchTraces, check: checkPages },
  { what: "a request for a file or of MLflow's page", count: 50, calls: fileRequest, check: checkSame },
  { what: "a request of any route", count: 200, calls: request, check: checkSame },
  { what: "a request with a value of the wrong type", count: 120, calls: confusedRequest, check: checkSameOutcome },
];

/** Checks `numRuns` cases of a property, the same for the same seed. */
export async function checkProperty(pair: Pair, { calls, check }: Property, numRuns: number, seed: number) {
  // The one that fast-check ends with was tried after others that may have made the stores part.
  const failures: unknown[] = [];
  const property = fc.asyncProperty(calls, async (call) => {
    await check(pair, call).catch((error: unknown) => {
      failures.push(error);
      throw error;
    });
  });
  await fc.assert(property, { seed, numRuns }).catch((error: unknown) => {
    throw new Error(`First of all: ${String(failures[0])}`, { cause: error });
  });
}
