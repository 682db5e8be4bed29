import type { MetricDifference } from "../../../mlflow/modelVersions.ts";
import type { VersionDetails, VersionsBeside } from "../../../protocol/panels/model.ts";

/** The border: JSON has no NaN, so a metric that is NaN arrives as null. */
export function finiteBeside(beside: VersionsBeside): VersionsBeside {
  const metrics = beside.differences.metrics.map((row): MetricDifference => {
    const { value, against }: { value?: unknown; against?: unknown } = row;
    return {
      ...row,
      ...(value === null ? { value: Number.NaN } : {}),
      ...(against === null ? { against: Number.NaN } : {}),
    };
  });
  return { ...beside, differences: { ...beside.differences, metrics } };
}

/** The same of a version alone. */
export function finiteDetails(details: VersionDetails): VersionDetails {
  const metrics = details.metrics.map(({ key, value }: { key: string; value: unknown }) => ({
    key,
    value: typeof value === "number" ? value : Number.NaN,
  }));
  return { ...details, metrics };
}
