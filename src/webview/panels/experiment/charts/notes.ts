import type { LineFacts } from "../../../ui/chart/lineChartView.tsx";
import { formatCount } from "../../../ui/format.ts";
import { xName } from "./bar.tsx";
import { baselineOf } from "./data.ts";
import type { ChartsModel } from "./model.ts";
import { fieldName } from "../../../ui/chart/fields.ts";
import type { ChartSpec } from "./specs.ts";

/** What is set for a chart, in a few words beside its title. */
export function noteOf(spec: ChartSpec, charts: ChartsModel, facts: LineFacts, narrow: boolean): string {
  const own = charts.ownOf(spec.id).value;
  const notes: string[] = [];
  const lines = charts.data.isLines(spec);
  if (spec.kind === "bar") notes.push("last value");
  if (spec.kind === "difference") {
    const baseline = baselineOf(charts.facts.value, charts.baseline.value);
    const name = charts.facts.value.find(({ run_id }) => run_id === baseline)?.name;
    if (name !== undefined) notes.push(`to ${name}`);
  }
  if (own.logY === true) notes.push("log y");
  if (own.logX === true) notes.push("log x");
  if (!lines) return notes.join(" · ");
  if (own.x !== undefined && own.x !== charts.arrangement.value.x) notes.push(`by ${xName(own.x)}`);
  const smoothing = own.smoothing ?? charts.smoothing.value;
  if ((own.smoothing !== undefined || narrow) && smoothing > 0) notes.push(`smoothing ${smoothing.toFixed(2)}`);
  if (own.smoothing === 0 && charts.smoothing.value > 0) notes.push("not smoothed");
  const { group } = charts.arrangement.value;
  if (group !== "" && spec.kind === "line")
    notes.push(own.mean === false ? "runs, no means" : `mean ± deviation by ${fieldName(group)}`);
  if (own.clip === true)
    notes.push(`${formatCount(facts.outside)} ${facts.outside === 1 ? "point" : "points"} outside`);
  if (facts.unshown > 0) notes.push(`${formatCount(facts.unshown)} not above 0`);
  return notes.join(" · ");
}
