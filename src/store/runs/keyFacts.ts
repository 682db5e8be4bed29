import type { Run } from "../../mlflow/entities.ts";
import type { KeyFacts, RunKeys } from "../../protocol/runs.ts";
import { isFinitely } from "./spread.ts";

/** Values told of a key. */
const VALUES_TOLD = 20;
/** Different values of a key that are counted. */
const VALUES_COUNTED = 10_000;

interface Counts {
  runs: number;
  /** Empty for metrics. */
  values: Map<string, number>;
  varies: boolean;
  /** What every run so far has; for metrics their printed value. */
  first: string | number | undefined;
  min: number;
  max: number;
  /** Whether every value reads as a number. */
  numbers: boolean;
}

/** Counts what runs have logged, key by key. */
export class KeyCounter {
  readonly #keys = new Map<string, Counts>();

  /** `runs` of them have this text. */
  addText(key: string, text: string, runs = 1): void {
    const counts = this.#counts(key, text);
    counts.runs += runs;
    counts.varies ||= counts.first !== text;
    const known = counts.values.get(text);
    if (known !== undefined || counts.values.size < VALUES_COUNTED) counts.values.set(text, (known ?? 0) + runs);
    if (known !== undefined || !counts.numbers) return;
    const number = text.trim() === "" ? Number.NaN : Number(text);
    // A param that is "nan" here and there is still one of numbers.
    if (Number.isNaN(number)) counts.numbers = /^\s*nan\s*$/i.test(text);
    else widen(counts, number);
  }

  /** `runs` of them have values between these; NaN for both: they have NaN only. */
  addNumbers(key: string, runs: number, min: number, max: number, nans: number): void {
    const value = runs === nans ? Number.NaN : min;
    const counts = this.#counts(key, value);
    counts.runs += runs;
    counts.varies ||= (nans > 0 && nans < runs) || !Object.is(counts.first, value) || (nans < runs && min !== max);
    if (nans === runs) return;
    widen(counts, min);
    widen(counts, max);
  }

  /** Sorted by key; `total` runs were looked at. */
  facts(total: number): KeyFacts[] {
    return [...this.#keys]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { runs, values, varies, min, max, numbers }]) => {
        const facts: KeyFacts = { key, runs, varies: varies || runs < total };
        if (numbers && min <= max) facts.range = { min, max };
        if (values.size > 0) facts.values = mostFrequent(values);
        return facts;
      });
  }

  #counts(key: string, first: string | number): Counts {
    let counts = this.#keys.get(key);
    if (counts === undefined) {
      const [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      counts = { runs: 0, values: new Map(), varies: false, first, min, max, numbers: true };
      this.#keys.set(key, counts);
    }
    return counts;
  }
}

function widen(counts: Counts, value: number): void {
  if (!isFinitely(value)) return;
  counts.min = Math.min(counts.min, value);
  counts.max = Math.max(counts.max, value);
}

function mostFrequent(values: ReadonlyMap<string, number>): string[] {
  return [...values]
    .sort(([a, runsA], [b, runsB]) => runsB - runsA || (a < b ? -1 : 1))
    .slice(0, VALUES_TOLD)
    .map(([value]) => value);
}

/** The facts of runs that were read whole. */
export function keysOfRuns(runs: readonly Run[], stepped: readonly string[]): RunKeys {
  const params = new KeyCounter();
  const metrics = new KeyCounter();
  const tags = new KeyCounter();
  const datasets = new Set<string>();
  const logged = new Set<string>();
  for (const { data, inputs } of runs) {
    for (const { key, value } of data.params) params.addText(key, value);
    for (const { key, value } of data.tags) tags.addText(key, value);
    for (const { key, value } of data.metrics) {
      logged.add(key);
      metrics.addNumbers(key, 1, value, value, Number.isNaN(value) ? 1 : 0);
    }
    for (const { dataset } of inputs.dataset_inputs) datasets.add(dataset.name);
  }
  return {
    runs: runs.length,
    params: params.facts(runs.length),
    metrics: metrics.facts(runs.length),
    tags: tags.facts(runs.length),
    datasets: [...datasets].sort(),
    stepped: stepped.filter((key) => logged.has(key)).sort(),
  };
}
