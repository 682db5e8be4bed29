import { useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { rowsInside } from "../../../ui/chart/brush.ts";
import { Icon, LinkButton } from "../../../ui/controls.tsx";
import { countOf, formatCount } from "../../../ui/format.ts";
import type { ExperimentModel } from "../model.ts";
import { bothFilters, brushFilter, rangeText } from "./brushFilter.ts";
import { logsOf } from "./logs.ts";
import type { ChartSpec } from "./specs.ts";

/** What is brushed in a chart: each range removable, how many runs it leaves, and the way to the table. */
export function BrushChips({ spec, model }: { spec: ChartSpec; model: ExperimentModel }) {
  const { charts } = model;
  const brushes = spec.kind === "parallel" || spec.kind === "scatter";
  const key = JSON.stringify([spec.kind, spec.fields]);
  const table = useMemo(() => charts.data.tableOf(spec, () => logsOf(spec, charts)), [charts, key]);
  const inside = useComputed(() => {
    const own = Object.fromEntries(Object.entries(charts.brush.value).filter(([id]) => spec.fields.includes(id)));
    return { own, count: rowsInside(table.value, own).filter(Boolean).length };
  });
  if (!brushes) return null;
  const { own, count } = inside.value;
  const columns = table.value.columns.filter(({ id }) => own[id] !== undefined);
  if (columns.length === 0) return null;
  const filter = () => {
    const texts = (id: string) => charts.data.textsOf(spec, id);
    const found = brushFilter({ table: table.value, brush: own, texts, mayOr: model.mayOr });
    model.applyFilter(bothFilters(model.filter.peek(), found));
    charts.brush.value = {};
  };
  return (
    <div class="brushChips">
      {columns.map((column) => {
        const range = own[column.id];
        return range === undefined ? null : (
          <span class="chip accent" key={column.id}>
            <span class="cut">{rangeText(column, range)}</span>
            <button
              type="button"
              aria-label={`Remove the brush of ${column.name}`}
              onClick={() => charts.unbrush(column.id)}
            >
              <Icon name="close" />
            </button>
          </span>
        );
      })}
      <span class="num" role="status">
        {formatCount(count)} of {countOf(table.value.run_ids.length, "run")}
      </span>
      {count === 0 ? null : <LinkButton onClick={filter}>Filter the table to these</LinkButton>}
    </div>
  );
}
