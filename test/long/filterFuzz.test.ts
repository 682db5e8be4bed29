import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { openStore, storeUri } from "../../src/store/open.ts";
import { makeBase, whole } from "../store/writeOperations.ts";
import { memoryFolder, whenOver } from "../support/environment.ts";
import { ask, filters, problemLiesWithin, questions } from "../support/filterFuzz.ts";
import { progressOf, seedOf, share, tell } from "../support/long.ts";

const TOTAL = Math.ceil(1_000_000 * share);
const PART = 10_000;

test(`${TOTAL} texts are read as filters with OR and parentheses, or refused with the place`, () => {
  const seed = seedOf("places");
  const progress = progressOf("places", TOTAL);
  for (let done = 0; done < TOTAL; done += PART) {
    const numRuns = Math.min(PART, TOTAL - done);
    fc.assert(fc.property(filters, problemLiesWithin), { numRuns, seed: seed + done });
    progress(done + numRuns);
  }
});

test(`${TOTAL} filters are answered by a page or INVALID_PARAMETER_VALUE, each within a second`, async () => {
  const path = join(memoryFolder(), "mlflow.db");
  const base = await makeBase(path);
  const store = whole(openStore(storeUri(path)));
  whenOver(() => store.close());
  const seed = seedOf("filters");
  const progress = progressOf("filters", TOTAL);
  const counted = { found: 0, refused: 0, slowest: 0 };
  for (let done = 0; done < TOTAL; done += PART) {
    const numRuns = Math.min(PART, TOTAL - done);
    const property = fc.asyncProperty(questions, (asked) => ask(store, base, asked, counted));
    await fc.assert(property, { numRuns, seed: seed + done });
    progress(done + numRuns);
  }
  tell(
    `filters: ${counted.found} answered, ${counted.refused} refused, slowest ${counted.slowest.toFixed(0)} ms of CPU`,
  );
});
