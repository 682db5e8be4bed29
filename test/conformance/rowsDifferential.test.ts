import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import type { RunOrder, RunRowsQuery } from "../../src/protocol/runs.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { findPython, skipWithout, temporaryFolder, whenOver } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { right } from "./differential/filters.ts";
import { fillRows, ROW_ORDERS, ROW_WORDS } from "./differential/rows.ts";

const skip = skipWithout(findPython(), "Python with mlflow");
const seed = Number(process.env["FLOWDECK_SEED"] ?? 1);
const SEARCHES = 300;

interface Search {
  filter: string;
  order: RunOrder[];
  /** The same in MLflow's words. */
  order_by: string[];
}

describe("the rows of a table are those that mlflow 3.17 finds in the same database", { skip }, () => {
  const folder = temporaryFolder();
  const store = openStore(storeUri(join(folder, "mlflow.db")));
  whenOver(() => store.close());
  const experiment_ids = ["0", "1"];

  const condition = right(ROW_WORDS);
  const order = fc.uniqueArray(fc.tuple(fc.constantFrom(...ROW_ORDERS), fc.boolean()), {
    selector: ([{ clause }]) => clause,
    maxLength: 3,
  });
  const search = fc.tuple(fc.array(condition, { maxLength: 3 }), order).map(([conditions, orders]): Search => {
    return {
      filter: conditions.join(" AND "),
      order: orders.map(([{ field }, ascending]) => ({ field, ascending })),
      order_by: orders.map(([{ clause }, ascending]) => `${clause} ${ascending ? "ASC" : "DESC"}`),
    };
  });

  /** What mlflow finds; null where it refuses. */
  const askMlflow = async (searches: Pick<Search, "filter" | "order_by">[]): Promise<(string[] | null)[]> => {
    const file = join(folder, "searches.json");
    writeFileSync(file, JSON.stringify(searches));
    const uri = `sqlite:///${join(folder, "mlflow.db")}`;
    return JSON.parse(await runPython("searchRuns.py", [uri, file], uri, folder));
  };
  const ask = async (query: Partial<RunRowsQuery>): Promise<string[] | null> => {
    try {
      return (await store.runIds({ experiment_ids, ...query })).run_ids;
    } catch {
      return null;
    }
  };

  before(() => fillRows(store));

  it(`of ${SEARCHES} filters and orders`, async () => {
    const searches = fc.sample(search, { numRuns: SEARCHES, seed });
    const expected = await askMlflow(searches);
    let found = 0;
    for (const [i, wanted] of searches.entries()) {
      const told = JSON.stringify([wanted.filter, wanted.order_by]);
      assert.deepEqual(await ask(wanted), expected[i], told);
      found += (expected[i]?.length ?? 0) > 0 ? 1 : 0;
    }
    assert.ok(found > SEARCHES / 4, `Only ${found} searches found something.`);
  });

  it("and OR and parentheses find what its answers to their parts come to", async () => {
    const triples = fc.sample(fc.tuple(condition, condition, condition), { numRuns: SEARCHES / 5, seed });
    const answers = await askMlflow(triples.flat().map((filter) => ({ filter, order_by: [] })));
    let mixed = 0;
    for (const [i, [a, b, c]] of triples.entries()) {
      const [inA, inB, inC] = [answers[3 * i], answers[3 * i + 1], answers[3 * i + 2]].map(
        (ids) => ids && new Set(ids),
      );
      if (!inA || !inB || !inC) continue;
      const cases: [string, Set<string>][] = [
        [`${a} OR ${b}`, either(inA, inB)],
        [`${a} OR ${b} AND ${c}`, either(inA, both(inB, inC))],
        [`(${a} OR ${b}) AND ${c}`, both(either(inA, inB), inC)],
        [`${a} AND (${b} OR (${c}))`, both(inA, either(inB, inC))],
      ];
      for (const [filter, expected] of cases) {
        assert.deepEqual((await ask({ filter }))?.toSorted(), [...expected].toSorted(), filter);
        if (expected.size > 0 && expected.size < 60) mixed += 1;
      }
    }
    assert.ok(mixed > 50, `Only ${mixed} filters found some of the runs.`);
  });
});

function either(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a, ...b]);
}

function both(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a].filter((id) => b.has(id)));
}
