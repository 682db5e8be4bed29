import { type Signal, signal } from "@preact/signals";
import type { Series, SeriesLine } from "../../../protocol/series.ts";

export type Lines = ReadonlyMap<string, SeriesLine>;

interface Entry {
  lines: Signal<Lines>;
  /** Runs whose line was asked for; false = it has changed since. */
  asked: Map<string, boolean>;
  wanted: boolean;
  busy: boolean;
}

/**
 * Metric histories of the drawn runs. Only charts on screen fetch; a run that changed is asked again, alone, and what was known
 * stays until the answer is there.
 */
export class SeriesCache {
  readonly #fetch: (metric_key: string, run_ids: string[]) => Promise<Series>;
  readonly #onError: (error: unknown) => void;
  readonly #entries = new Map<string, Entry>();
  #runs: string[] = [];

  constructor(fetch: (metric_key: string, run_ids: string[]) => Promise<Series>, onError: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#onError = onError;
  }

  lines(metricKey: string): Signal<Lines> {
    return this.#entry(metricKey).lines;
  }

  /** A chart came on screen (`wanted`) or left it. */
  want(metricKey: string, wanted: boolean): void {
    const entry = this.#entry(metricKey);
    entry.wanted = wanted;
    this.#pump(metricKey, entry);
  }

  setRuns(runs: string[]): void {
    this.#runs = runs;
    for (const [key, entry] of this.#entries) this.#pump(key, entry);
  }

  /** These runs have new points; undefined = any may have. */
  changed(runs: string[] | undefined): void {
    for (const [key, entry] of this.#entries) {
      for (const id of runs ?? [...entry.asked.keys()]) if (entry.asked.has(id)) entry.asked.set(id, false);
      this.#pump(key, entry);
    }
  }

  #entry(metricKey: string): Entry {
    const known = this.#entries.get(metricKey);
    if (known !== undefined) return known;
    const entry: Entry = { lines: signal<Lines>(new Map()), asked: new Map(), wanted: false, busy: false };
    this.#entries.set(metricKey, entry);
    return entry;
  }

  #pump(metricKey: string, entry: Entry): void {
    const ids = this.#runs.filter((id) => entry.asked.get(id) !== true);
    if (!entry.wanted || entry.busy || ids.length === 0) return;
    entry.busy = true;
    for (const id of ids) entry.asked.set(id, true);
    this.#fetch(metricKey, ids)
      .then(
        (series) => {
          const lines = new Map(entry.lines.value);
          for (const line of series.lines) lines.set(line.run_id, line);
          entry.lines.value = lines;
          return true;
        },
        (error: unknown) => {
          for (const id of ids) entry.asked.set(id, false);
          this.#onError(error);
          return false;
        },
      )
      .then((answered) => {
        entry.busy = false;
        if (answered) this.#pump(metricKey, entry);
      })
      .catch(this.#onError);
  }
}
