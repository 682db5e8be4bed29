import { parseFilter } from "../../mlflow/filter/parse.ts";
import type { RunKeys, RunKeysQuery } from "../../protocol/runs.ts";
import { inTurns, pause, waitFor } from "../chain.ts";
import { KeyCounter } from "../runs/keyFacts.ts";
import { trimOldest } from "../trim.ts";
import { experimentNumber } from "../validation.ts";
import type { Database } from "./database.ts";
import { inPieces } from "./historyColumns.ts";

/** While the store goes on changing, facts are counted for a sixth of the time at most: who asks again waits. */
const SHARE = 5;
/** Runs that stand for all in a rough answer, and ms that it may take beyond the first of them. */
const SAMPLED = 200;
const SAMPLED_FOR = 50;
const SAMPLED_AT_ONCE = 20;
/** Answers that are kept. */
const MOST_KEPT = 8;

interface Kept {
  keys: RunKeys;
  /** What the database was when they were counted. */
  seen: string;
  /** When they may be counted anew (ms of `performance.now()`). */
  again: number;
}

interface TextRow {
  key: string;
  value: string | null;
  runs: number;
}

interface MetricRow {
  key: string;
  runs: number;
  nans: number;
  min: number | null;
  max: number | null;
  stepped: number;
}

const AMONG = "x.run_uuid IN (SELECT value FROM json_each(?))";

/** What the runs that match have logged, counted by statements of about 20 ms. */
export function runKeysReader(db: Database, matching: (query: RunKeysQuery) => Promise<{ run_ids: string[] }>) {
  const kept = new Map<string, Kept>();
  const texts = (table: "params" | "tags") =>
    db.prepare<[string], TextRow>(
      `SELECT CAST(key AS TEXT) AS key, CAST(value AS TEXT) AS value, count(*) AS runs FROM ${table} x
       WHERE ${AMONG} GROUP BY x.key, x.value`,
    );
  const paramRows = texts("params");
  const tagRows = texts("tags");
  const metricRows = db.prepare<[string], MetricRow>(
    `SELECT key, count(*) AS runs, sum(is_nan) AS nans, min(CASE WHEN is_nan = 0 THEN CAST(value AS REAL) END) AS min,
       max(CASE WHEN is_nan = 0 THEN CAST(value AS REAL) END) AS max, max(step <> 0) AS stepped
     FROM latest_metrics x WHERE ${AMONG} GROUP BY key`,
  );
  const datasetRows = db.prepare<[string], { name: string }>(
    `SELECT DISTINCT CAST(d.name AS TEXT) AS name FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
     WHERE i.destination_type = 'RUN' AND i.destination_id IN (SELECT value FROM json_each(?))`,
  );
  // The latest value has the greatest step: an earlier row is a second step. One that was logged at step 0 has none before it
  // but negative ones, which are not looked for.
  const hasSteps = db.prepare<[string, string], { found: number }>(
    `SELECT EXISTS (SELECT 1 FROM latest_metrics x WHERE x.key = ? AND ${AMONG} AND x.step <> 0 AND EXISTS (
       SELECT 1 FROM metrics m WHERE m.run_uuid = x.run_uuid AND m.key = x.key AND m.step < x.step)) AS found`,
  );

  /** Counts runs bit by bit. */
  const counter = (signal: AbortSignal | undefined) => {
    const params = new KeyCounter();
    const tags = new KeyCounter();
    const metrics = new KeyCounter();
    const datasets = new Set<string>();
    /** Runs among which a metric may have steps. */
    const candidates = new Map<string, string[]>();
    const countSome = (ids: string) => {
      for (const { key, value, runs } of paramRows.all(ids)) params.addText(key, value ?? "", runs);
      for (const { key, value, runs } of tagRows.all(ids)) tags.addText(key, value ?? "", runs);
      for (const { key, runs, nans, min, max, stepped } of metricRows.all(ids)) {
        metrics.addNumbers(key, runs, min ?? Number.NaN, max ?? Number.NaN, nans);
        if (stepped !== 1) continue;
        const known = candidates.get(key);
        if (known === undefined) candidates.set(key, [ids]);
        else known.push(ids);
      }
      for (const { name } of datasetRows.all(ids)) datasets.add(name);
    };
    return {
      add: (some: string[]) => db.read(() => countSome(JSON.stringify(some))),
      /** What `counted` runs came to, told of `runs` of them. */
      async keys(counted: number, runs: number): Promise<RunKeys> {
        const stepped: string[] = [];
        await inTurns(candidates, signal, ([key, lists]) => {
          const found = lists.some((ids) => db.read(() => hasSteps.get(key, ids))?.found === 1);
          if (found) stepped.push(key);
        });
        const factsOf = (keys: KeyCounter) =>
          keys.facts(counted).map((facts) => ({ ...facts, runs: Math.round((facts.runs * runs) / counted) }));
        return {
          runs,
          params: factsOf(params),
          metrics: factsOf(metrics),
          tags: factsOf(tags),
          datasets: [...datasets].sort(),
          stepped: stepped.sort(),
        };
      },
    };
  };

  const count = async (run_ids: string[], signal: AbortSignal | undefined): Promise<RunKeys> => {
    const counted = counter(signal);
    await inPieces(run_ids, signal, counted.add);
    return counted.keys(run_ids.length, run_ids.length);
  };

  /** Of runs from everywhere among them, as many as there is time for. */
  const countRoughly = async (run_ids: string[], signal: AbortSignal | undefined): Promise<RunKeys> => {
    const counted = counter(signal);
    const end = performance.now() + SAMPLED_FOR;
    let looked = 0;
    while (looked < SAMPLED && (looked === 0 || performance.now() < end)) {
      const first = looked;
      const some = Array.from({ length: SAMPLED_AT_ONCE }, (_, i) => placeOf(first + i, run_ids.length));
      counted.add(some.map((at) => run_ids[at] ?? ""));
      looked += some.length;
      await pause(signal);
    }
    return { ...(await counted.keys(looked, run_ids.length)), rough: true };
  };

  const state = () => {
    const { opened, others, own } = db.read(() => db.look());
    return `${opened}.${others}.${own}`;
  };

  return async (query: RunKeysQuery, signal?: AbortSignal): Promise<RunKeys> => {
    parseFilter("runs", query.filter, { extended: true });
    const { experiment_ids, filter, run_view_type } = query;
    const name = JSON.stringify([experiment_ids.map(experimentNumber), filter, run_view_type]);
    for (;;) {
      const known = kept.get(name);
      if (known?.seen === state()) return known.keys;
      if (query.rough === true && known !== undefined) return { ...known.keys, rough: true };
      const wait = (known?.again ?? 0) - performance.now();
      if (wait <= 0) break;
      await waitFor(wait, signal);
    }
    const seen = state();
    const { run_ids } = await matching(query);
    if (query.rough === true && run_ids.length > SAMPLED * 3) return countRoughly(run_ids, signal);
    const began = performance.now();
    const keys = await count(run_ids, signal);
    const now = performance.now();
    kept.delete(name);
    kept.set(name, { keys, seen, again: now + (now - began) * SHARE });
    trimOldest(kept, MOST_KEPT);
    return keys;
  };
}

/** Places of a sample: multiples of the golden ratio are spread evenly however many there are, and in step with nothing. */
function placeOf(nth: number, among: number): number {
  return Math.floor(((nth * 0.618_033_988_749_895) % 1) * among);
}
