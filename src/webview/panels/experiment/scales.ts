import { metricScale, type MetricScale, type ScalePart, scalePart } from "../../ui/metrics.ts";
import { partsOf } from "../../ui/chart/fields.ts";
import { numbersOf, type RunPage } from "./page.ts";

const partsOfPages = new WeakMap<RunPage, Map<string, ScalePart>>();

/** Range and format of the metric column `id` over the loaded runs; each page is looked at once. */
export function scaleOver(pages: RunPage[], id: string): MetricScale {
  return metricScale(
    partsOf(id)?.key ?? id,
    pages.map((page) => partOf(page, id)),
  );
}

function partOf(page: RunPage, id: string): ScalePart {
  const parts = partsOfPages.get(page) ?? new Map<string, ScalePart>();
  partsOfPages.set(page, parts);
  const known = parts.get(id);
  if (known !== undefined) return known;
  const column = numbersOf(page, id);
  // The row of a group has a mean, which is no run's.
  const isValue = (_: number, i: number) => column?.logged[i] === 1 && page.run_ids[i] !== "";
  const part = scalePart(column === undefined ? [] : column.values.filter(isValue));
  parts.set(id, part);
  return part;
}
