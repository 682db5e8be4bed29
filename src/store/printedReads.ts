import type { ChangedRuns } from "./changedRuns.ts";
import type { MetricHistoryQuery, Search, SearchRuns } from "./trackingStore.ts";

/** A part of an answer: JSON in UTF-8. The parts of an answer, one after another, are its text. */
export interface PrintedPart {
  bytes: Uint8Array;
  /** Asks `printedRest` for the next part; absent = this was the last one. */
  more?: string;
}

/** Asks for what follows a part. */
export interface RestOf {
  more: string;
  /** Nobody wants it any more: nothing is answered. */
  drop?: boolean;
}

/** Points of one metric of several runs, thinned evenly; steps are inclusive. */
export interface SampledHistories {
  run_ids: string[];
  metric_key: string;
  start_step?: number;
  end_step?: number;
  /** Points of each run. */
  max_results: number;
}

/**
 * Reads whose answer is MLflow's JSON already, for a server that passes it on. Undefined where the store cannot print this one: the method of
 * TrackingStore with the same meaning can.
 */
export interface PrintedReads {
  /** SearchRunsResponse. */
  printedRuns(query: SearchRuns): Promise<PrintedPart | undefined>;
  /** GetMetricHistoryResponse. */
  printedHistory(query: MetricHistoryQuery): Promise<PrintedPart | undefined>;
  /** GetMetricHistoryBulkIntervalResponse. */
  printedSamples(query: SampledHistories): Promise<PrintedPart | undefined>;
  /** SearchRegisteredModelsResponse. */
  printedRegisteredModels(query: Search): Promise<PrintedPart | undefined>;
  /** SearchModelVersionsResponse. */
  printedModelVersions(query: Search): Promise<PrintedPart | undefined>;
  /** The part after the one that said `more`, which is kept until the last one was asked for or the rest is dropped. */
  printedRest(query: RestOf): Promise<PrintedPart | undefined>;
}

/** How a store whose reads are on another thread learns of writes. */
export interface RunWitness {
  /** Tells the store that reads; from the first time on it believes what it is told. */
  noteChanges(changes: ChangedRuns): void;
  /** True once after other programs have written, of the store that writes. */
  changedByOthers(): boolean;
}
