import { type Signal, useComputed, useSignal } from "@preact/signals";
import { countOf, formatCount } from "../format.ts";
import { type Brush, rowsInside, without } from "./brush.ts";
import type { DrawingChart } from "./drawingChart.ts";
import { DrawingView } from "./drawingView.tsx";
import { type AxisPlace, axisPlaces, BRUSH, parallelDrawing } from "./parallelDrawing.ts";
import type { OwnGestures } from "./plot.tsx";
import { useRuns, type ValueViewProps } from "./valueViews.tsx";

interface Props extends ValueViewProps {
  brush: Signal<Brush>;
}

/** Px beside an axis that belong to it. */
const AXIS_REACH = 14;
/** Share of an axis that an arrow moves its brush by. */
const STEP = 0.05;

/** Parallel coordinates. A drag along an axis brushes it; Enter does so by keyboard, then the arrows move the brush. */
export function ParallelView({ hub, table, drawn, brush, onChart }: Props) {
  const run_ids = useComputed(() => table.value.run_ids);
  /** Axis of the keyboard, and whether its brush is being moved. */
  const at = useSignal<{ axis: number; editing: boolean } | undefined>(undefined);
  const description = useComputed(() => {
    const names = table.value.columns.map(({ name }) => name).join(", ");
    const chosen = Object.keys(brush.value).length;
    const inside = rowsInside(table.value, brush.value).filter(Boolean).length;
    const brushed = chosen === 0 ? "" : ` ${formatCount(inside)} of them lie in the brushed ranges.`;
    return `${countOf(table.value.run_ids.length, "run")} over ${names}.${brushed}`;
  });
  const set = ({ column, axis }: AxisPlace, from: number, to: number) => {
    const [low, high] = from < to ? [from, to] : [to, from];
    const range = [Math.max(axis.min, low), Math.min(axis.max, high)] as const;
    brush.value = { ...brush.peek(), [column.id]: range };
  };
  const own = (chart: DrawingChart | undefined): OwnGestures => ({
    down(px, py) {
      const place = chart?.place;
      const each =
        place === undefined
          ? undefined
          : axisPlaces(table.peek(), place).find(({ x }) => Math.abs(x - px) <= AXIS_REACH);
      if (each === undefined) return undefined;
      const range = brush.peek()[each.column.id];
      const start = each.ruler.value(py);
      if (range !== undefined && start >= range[0] && start <= range[1] && Math.abs(each.x - px) <= BRUSH) {
        // The brush is taken and moved as it is; a logarithmic one keeps its height on the screen.
        const [low, high] = [each.ruler.px(range[0]), each.ruler.px(range[1])];
        return (_px, y) => set(each, each.ruler.value(low + y - py), each.ruler.value(high + y - py));
      }
      return (_px, y) => {
        if (Math.abs(y - py) > 3) set(each, start, each.ruler.value(y));
      };
    },
    key: (event) => onKey(event, chart),
    doubleClick(px) {
      const place = chart?.place;
      const each =
        place === undefined
          ? undefined
          : axisPlaces(table.peek(), place).find(({ x }) => Math.abs(x - px) <= AXIS_REACH);
      if (each !== undefined) brush.value = without(brush.peek(), each.column.id);
    },
  });
  const onKey = (event: KeyboardEvent, chart: DrawingChart | undefined): boolean => {
    const places = chart === undefined ? [] : axisPlaces(table.peek(), chart.place);
    const now = at.peek();
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (sideways !== undefined) {
      const next = now === undefined ? (sideways > 0 ? 0 : places.length - 1) : now.axis + sideways;
      at.value = { axis: Math.min(places.length - 1, Math.max(0, next)), editing: false };
      return true;
    }
    const each = now === undefined ? undefined : places[now.axis];
    if (each === undefined || now === undefined) return false;
    const [bottom, top] = [each.ruler.px(each.axis.min), each.ruler.px(each.axis.max)];
    const range = brush.peek()[each.column.id];
    if (event.key === "Enter") {
      if (range === undefined)
        set(each, each.ruler.value(bottom + (top - bottom) * 0.25), each.ruler.value(bottom + (top - bottom) * 0.75));
      at.value = { axis: now.axis, editing: !now.editing };
      return true;
    }
    if (event.key === "Delete" || event.key === "Backspace" || (event.key === "Escape" && range !== undefined)) {
      brush.value = without(brush.peek(), each.column.id);
      at.value = { axis: now.axis, editing: false };
      return true;
    }
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (up === undefined || !now.editing || range === undefined) return false;
    const by = (top - bottom) * STEP * up;
    const [low, high] = [each.ruler.px(range[0]), each.ruler.px(range[1])];
    // With Shift only the upper end moves.
    const moved = event.shiftKey ? [low, high + by] : [low + by, high + by];
    const clamp = (px: number) => Math.min(bottom, Math.max(top, px));
    const [from = low, to = high] = moved.map(clamp);
    if (Math.abs(from - to) > 2) set(each, each.ruler.value(from), each.ruler.value(to));
    return true;
  };
  const active = at.value === undefined ? undefined : table.value.columns[at.value.axis];
  return (
    <DrawingView
      label={`Parallel coordinates of ${countOf(table.value.run_ids.length, "run")}. Left and right choose an axis, Enter brushes it, then up and down move the brush and Shift its end; Delete removes it.`}
      description={description}
      hub={hub}
      run_ids={useRuns({ table, drawn })}
      known={run_ids}
      draw={(look) =>
        parallelDrawing({ table: table.value, drawn: drawn.value, brush: brush.value, active: at.value?.axis }, look)
      }
      own={own}
      said={active === undefined ? "" : saidOf(active.name, at.value?.editing === true)}
      {...(onChart === undefined ? {} : { onChart })}
    />
  );
}

function saidOf(name: string, editing: boolean): string {
  return editing ? `Axis ${name}, moving its brush` : `Axis ${name}`;
}
