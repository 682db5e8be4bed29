/** What somebody who sees every write tells a store that keeps runs in memory. */
export interface ChangedRuns {
  /** Anything may have changed: another program has written. */
  others: boolean;
  /** Runs that were written. */
  run_ids: string[];
  /** Registered models or their versions were written. */
  registry?: true;
}
