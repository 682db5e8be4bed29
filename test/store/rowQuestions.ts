import type { RunColumnsQuery, RunField } from "../../src/protocol/runs.ts";
import { openStore } from "../../src/store/open.ts";
import type { StoreMethods } from "../../src/store/store.ts";

// What an Experiment panel asks of a database of `createManyRuns`, and the ms of CPU that each may take.

export interface RowQuestion {
  what: string;
  /** With 10,000 runs, and with 100,000. */
  goals: readonly [number, number];
  /** Of a store that was opened for it; else of one that has answered the first window. */
  first?: true;
  ask(store: StoreMethods): Promise<unknown>;
}

const param = (key: string): RunField => ({ kind: "param", key });
const metric = (key: string): RunField => ({ kind: "metric", key });
const fields = [0, 1, 2, 3].flatMap((n) => [param(`p${n}`), metric(`m${n}`)]);

function windowOf(query: Partial<RunColumnsQuery>) {
  return (store: StoreMethods) => store.runColumns({ experiment_ids: ["0"], offset: 0, limit: 100, fields, ...query });
}

/** `runs` is how many the database has: the last one has the long metric. */
export function rowQuestions(runs: number): RowQuestion[] {
  const long = { run_ids: [(runs - 1).toString(16).padStart(32, "0")], metric_key: "m0", points: 800 };
  const hundred = Array.from({ length: 100 }, (_, n) => n.toString(16).padStart(32, "0"));
  return [
    { what: "first window of 100 rows, 8 columns", goals: [300, 300], first: true, ask: windowOf({}) },
    { what: "filter by a metric", goals: [200, 1_000], ask: windowOf({ filter: "metrics.m3 > 50" }) },
    {
      what: "filter with OR, by a pattern",
      goals: [200, 1_000],
      ask: windowOf({ filter: "params.p3 LIKE '1%' OR params.p4 = '7'" }),
    },
    {
      what: "sort by a metric",
      goals: [200, 1_000],
      ask: windowOf({ order: [{ field: metric("m3"), ascending: false }] }),
    },
    {
      what: "sort by a param and a metric",
      goals: [200, 1_000],
      ask: windowOf({
        order: [
          { field: param("p5"), ascending: true },
          { field: metric("m4"), ascending: false },
        ],
      }),
    },
    {
      what: "group by a param",
      goals: [300, 1_000],
      ask: windowOf({ group_by: [param("p1")], fields: [metric("m3")] }),
    },
    { what: "children below their parents", goals: [200, 1_000], ask: windowOf({ nested: true }) },
    {
      what: "series of 100 runs, first picture",
      goals: [500, 500],
      ask: (store) => store.metricSeries({ ...long, run_ids: hundred, metric_key: "m1", rough: true }),
    },
    {
      what: "series of 1,000,000 points, first picture",
      goals: [300, 300],
      ask: (store) => store.metricSeries({ ...long, rough: true }),
    },
  ];
}

/** ms of CPU that a question takes, asked of a store that was just opened. */
export async function cpuOf(uri: string, { first, ask }: RowQuestion): Promise<number> {
  const store = openStore(uri, { readonly: true });
  try {
    if (first !== true) await windowOf({})(store);
    const start = process.cpuUsage();
    await ask(store);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  } finally {
    store.close();
  }
}
