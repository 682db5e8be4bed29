import type { RunPage } from "./page.ts";
import { metricScale, type MetricScale, type ScalePart, scalePart } from "../../ui/metrics.ts";

const partsOfPages = new WeakMap<RunPage, Map<string, ScalePart>>();

/** Range and format of one metric over the loaded pages; each page is looked at once. */
export function scaleOver(pages: RunPage[], metricKey: string): MetricScale {
  return metricScale(
    metricKey,
    pages.map((page) => partOf(page, metricKey)),
  );
}

function partOf(page: RunPage, metricKey: string): ScalePart {
  const parts = partsOfPages.get(page) ?? new Map<string, ScalePart>();
  partsOfPages.set(page, parts);
  const known = parts.get(metricKey);
  if (known !== undefined) return known;
  const column = page.metrics[metricKey];
  const part = scalePart(column === undefined ? [] : column.values.filter((_, i) => column.logged[i] === 1));
  parts.set(metricKey, part);
  return part;
}
