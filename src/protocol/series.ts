/** Which metric histories, at most how many points a line. */
export interface SeriesQuery {
  run_ids: string[];
  metric_key: string;
  /** At most this many points a line; longer histories come as min/max buckets that keep every extreme. */
  points: number;
}

/** One line as columns, in step order. NaN and ±Infinity stay what they are. */
export interface SeriesLine {
  run_id: string;
  steps: Float64Array;
  /** ms since the epoch. */
  timestamps: Float64Array;
  values: Float64Array;
  /** How many points the history has; more than `values.length` when it was bucketed. */
  total: number;
}

export interface Series {
  metric_key: string;
  lines: SeriesLine[];
}
