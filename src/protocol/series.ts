/** What a line is drawn over: step, ms since the epoch, or ms since the run's first point of the metric. */
export type SeriesAxis = "step" | "time" | "relative";

/** Which metric histories, at most how many points a line. */
export interface SeriesQuery {
  run_ids: string[];
  metric_key: string;
  /** At most this many points a line; longer histories come as min/max buckets that keep every extreme. */
  points: number;
  /** What `range` is in, and what the buckets divide; "step" where absent. */
  axis?: SeriesAxis;
  /** Only points from … to, both included, and the nearest one beyond each end so that lines reach the edges. */
  range?: { from: number; to: number };
  /**
   * A line whose history is long and was not read yet may come as a sample, at once: it says `rough`, and asked again without this it comes
   * with every extreme.
   */
  rough?: boolean;
  /** Gives each point the value that this metric has at the same step; points without one are left out. `range` is in these values. */
  x_metric?: string;
}

/** One line as columns, in step order. NaN and ±Infinity stay what they are. */
export interface SeriesLine {
  run_id: string;
  steps: Float64Array;
  /** ms since the epoch. */
  timestamps: Float64Array;
  values: Float64Array;
  /** Values of `x_metric`, when it was asked for. */
  xs?: Float64Array;
  /** How many points there are in the range; more than `values.length` when they were bucketed. NaN where the line is rough. */
  total: number;
  /** A sample: extremes between its points are missing. */
  rough?: true;
  /** Time of the history's first point, ms since the epoch: where relative time begins. NaN without points. */
  began: number;
}

export interface Series {
  metric_key: string;
  lines: SeriesLine[];
}
