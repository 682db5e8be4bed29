import { useMemo } from "preact/hooks";
import { BrushChips } from "../../../ui/chart/brushChips.tsx";
import { bothFilters, brushFilter } from "../../../ui/chart/brushFilter.ts";
import type { ExperimentModel } from "../model.ts";
import { logsOf } from "./logs.ts";
import type { ChartSpec } from "./specs.ts";

/** What is brushed in a chart of the experiment, if it is one to brush. */
export function ChartBrush({ spec, model }: { spec: ChartSpec; model: ExperimentModel }) {
  const { charts } = model;
  const brushes = spec.kind === "parallel" || spec.kind === "scatter";
  const key = JSON.stringify([spec.kind, spec.fields]);
  const table = useMemo(() => charts.data.tableOf(spec, () => logsOf(spec, charts)), [charts, key]);
  if (!brushes) return null;
  const own = Object.fromEntries(Object.entries(charts.brush.value).filter(([id]) => spec.fields.includes(id)));
  if (table.value.columns.every(({ id }) => own[id] === undefined)) return null;
  const filter = () => {
    const texts = (id: string) => charts.data.textsOf(spec, id);
    const found = brushFilter({ table: table.value, brush: own, texts, mayOr: model.mayOr });
    model.applyFilter(bothFilters(model.filter.peek(), found));
    charts.brush.value = {};
  };
  return (
    <div class="brushChips">
      <BrushChips table={table.value} brush={own} countClass="num" onRemove={charts.unbrush} onFilter={filter} />
    </div>
  );
}
