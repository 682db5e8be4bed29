/** Custom requests of the language server; without them (another editor) no lens is offered and all else works. */
export const LAST_RUN_REQUEST = "flowdeck/lastRun";

export interface LastRunParams {
  /** File URI of the MLproject file. */
  uri: string;
  entry_point: string;
}

export interface LastRunResult {
  run_id: string;
  status: string;
  /** ms since the epoch. */
  start_time: number;
  end_time?: number;
  /** The metric the run is known by, if it logged any. */
  metric?: { key: string; value: number };
}

/** Notification of the client, without parameters: runs have changed, so that lenses ask again. */
export const RUNS_CHANGED_NOTIFICATION = "flowdeck/runsChanged";
