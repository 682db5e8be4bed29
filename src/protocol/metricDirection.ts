import type { Direction } from "./panels/settings.ts";

const LOWER =
  /(^|[^a-z])(loss|losses|error|err|rmse|mse|mae|mape|msle|rmsle|medae|deviance|perplexity|ppl|nll|logloss|wer|cer|latency|time|duration)([^a-z]|$)/i;

/** Which way a metric is better, by its name alone: errors and losses when lower. */
export function directionByName(metricKey: string): Direction {
  return LOWER.test(metricKey.replaceAll("_", " ")) ? "lower" : "higher";
}
