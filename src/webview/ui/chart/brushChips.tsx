import { countOf, formatCount } from "../format.ts";
import { Icon, LinkButton } from "../controls.tsx";
import { type Brush, rowsInside } from "./brush.ts";
import { rangeText } from "./brushFilter.ts";
import type { ValueTable } from "./values.ts";

interface BrushChipsProps {
  table: ValueTable;
  brush: Brush;
  /** Classes of the count beside `num`. */
  countClass: string;
  onRemove(id: string): void;
  onFilter(): void;
}

/** What is brushed: each range removable, how many runs it leaves, and the way to the table. */
export function BrushChips({ table, brush, countClass, onRemove, onFilter }: BrushChipsProps) {
  const count = rowsInside(table, brush).filter(Boolean).length;
  return (
    <>
      {table.columns.map((column) => {
        const range = brush[column.id];
        return range === undefined ? null : (
          <span class="chip accent" key={column.id}>
            <span class="cut">{rangeText(column, range)}</span>
            <button type="button" aria-label={`Remove the brush of ${column.name}`} onClick={() => onRemove(column.id)}>
              <Icon name="close" />
            </button>
          </span>
        );
      })}
      <span class={countClass} role="status">
        {formatCount(count)} of {countOf(table.run_ids.length, "run")}
      </span>
      {count === 0 ? null : <LinkButton onClick={onFilter}>Filter the table to these</LinkButton>}
    </>
  );
}
