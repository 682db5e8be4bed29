import { xsOf } from "../../../ui/chart/lines.ts";
import type { ChartsModel } from "./model.ts";
import { fieldName } from "../../../ui/chart/fields.ts";
import type { ChartSpec } from "./specs.ts";

export interface DataTable {
  header: string[];
  rows: (string | number | null)[][];
}

/** What a chart draws, as a table: stored values, all digits. */
export function tableRows(spec: ChartSpec, charts: ChartsModel): DataTable {
  const { data } = charts;
  if (data.isLines(spec)) {
    const rows = data
      .linesOf(spec)
      .peek()
      .flatMap((line) => {
        const xs = xsOf(line);
        const { values } = line.line;
        return Array.from(values, (value, i) => [
          line.name,
          line.part?.key ?? spec.metrics[0] ?? "",
          xs[i] ?? null,
          value,
        ]);
      });
    return { header: ["run_name", "metric", charts.xOf(spec.id).replace(/^metrics\./, ""), "value"], rows };
  }
  if (spec.kind === "bar" || spec.kind === "difference") {
    const rows = data
      .barsOf(spec)
      .peek()
      .map(({ run_id, name, value }) => [run_id, name, value]);
    return { header: ["run_id", "run_name", spec.metrics[0] ?? "value"], rows };
  }
  const table = data.tableOf(spec, () => ({})).peek();
  const names = table.columns.map(({ id }) => (id.startsWith("attributes.") ? fieldName(id) : id));
  const rows = table.run_ids.map((run_id, row) => [
    run_id,
    table.run_names[row] ?? "",
    ...table.columns.map(({ kind, values, names: texts }) => {
      const value = values[row] ?? Number.NaN;
      if (Number.isNaN(value)) return null;
      return kind === "names" ? (texts?.[value] ?? null) : value;
    }),
  ]);
  return { header: ["run_id", "run_name", ...names], rows };
}
