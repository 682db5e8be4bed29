import type { ChartsModel } from "./model.ts";
import type { ChartSpec } from "./specs.ts";

/** Which columns of a chart the person made logarithmic, or not; the others are as their values want. */
export function logsOf(spec: ChartSpec, charts: ChartsModel): Record<string, boolean> {
  const { logX, logY } = charts.ownOf(spec.id).value;
  const logs: Record<string, boolean> = {};
  const [x, y] = spec.kind === "box" ? [undefined, `metrics.${spec.metrics[0] ?? ""}`] : spec.fields;
  if (spec.kind === "parallel") return logs;
  if (x !== undefined && logX !== undefined) logs[x] = logX;
  if (y !== undefined && logY !== undefined) logs[y] = logY;
  return logs;
}
