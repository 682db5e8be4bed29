import { type ReadonlySignal, type Signal, useComputed } from "@preact/signals";
import { countOf } from "../format.ts";
import { boxDrawing, boxesOf } from "./boxDrawing.ts";
import type { Brush } from "./brush.ts";
import { contourDrawing } from "./contourDrawing.ts";
import type { DrawingChart } from "./drawingChart.ts";
import { DrawingView } from "./drawingView.tsx";
import type { ChartHub } from "./hub.ts";
import { scatterDrawing } from "./scatterDrawing.ts";
import { describeBoxes, describeSurface, describeValues } from "./summaries.ts";
import type { ValueColumn, ValueTable } from "./values.ts";
import type { Range, Zoom } from "./zoom.ts";

/** What every chart of values takes. */
export interface ValueViewProps {
  hub: ChartHub;
  table: ReadonlySignal<ValueTable>;
  /** Runs in their own colour. */
  drawn: ReadonlySignal<ReadonlySet<string>>;
  zoom?: Signal<Zoom>;
  onChart?: ((chart: DrawingChart) => void) | undefined;
}

const KEYS = "Up and down choose a run, M opens the menu.";

/** Runs of the keyboard: the drawn ones where there are any. */
export function useRuns({ table, drawn }: Pick<ValueViewProps, "table" | "drawn">): ReadonlySignal<string[]> {
  return useComputed(() => {
    const own = table.value.run_ids.filter((id) => drawn.value.has(id));
    return own.length > 0 ? own : table.value.run_ids;
  });
}

interface ScatterProps extends ValueViewProps {
  x: ReadonlySignal<ValueColumn | undefined>;
  y: ReadonlySignal<ValueColumn | undefined>;
  brush: ReadonlySignal<Brush>;
  onBrush: (range: { x: Range; y: Range }) => void;
}

/** A dot for each run. Alt and a drag choose runs. */
export function ScatterView({ hub, table, drawn, x, y, brush, onBrush, zoom, onChart }: ScatterProps) {
  const run_ids = useComputed(() => table.value.run_ids);
  const [xName, yName] = [x.value?.name ?? "", y.value?.name ?? ""];
  const description = useComputed(() => describeValues(`${yName} over ${xName}`, yName, rowsOf(table.value, y.value)));
  return (
    <DrawingView
      label={`${yName} over ${xName}, scatter plot of ${countOf(table.value.run_ids.length, "run")}. ${KEYS}`}
      description={description}
      hub={hub}
      run_ids={useRuns({ table, drawn })}
      known={run_ids}
      both
      draw={(look) => {
        const [first, second] = [x.value, y.value];
        if (first === undefined || second === undefined) return undefined;
        const ranges = { x: brush.value[first.id], y: brush.value[second.id] };
        return scatterDrawing({ table: table.value, x: first, y: second, drawn: drawn.value, brush: ranges }, look);
      }}
      onBrush={onBrush}
      {...(zoom === undefined ? {} : { zoom })}
      {...(onChart === undefined ? {} : { onChart })}
    />
  );
}

interface BoxProps extends ValueViewProps {
  y: ReadonlySignal<ValueColumn | undefined>;
  by: ReadonlySignal<ValueColumn | undefined>;
}

export function BoxView({ hub, table, drawn, y, by, onChart }: BoxProps) {
  const run_ids = useComputed(() => table.value.run_ids);
  const name = y.value?.name ?? "";
  const description = useComputed(() =>
    y.value === undefined ? "" : describeBoxes(name, boxesOf({ table: table.value, y: y.value, by: by.value })),
  );
  return (
    <DrawingView
      label={`${name} by ${by.value?.name ?? "all runs"}, box plot. ${KEYS}`}
      description={description}
      hub={hub}
      run_ids={useRuns({ table, drawn })}
      known={run_ids}
      draw={(look) =>
        y.value === undefined
          ? undefined
          : boxDrawing({ table: table.value, y: y.value, by: by.value, drawn: drawn.value }, look)
      }
      {...(onChart === undefined ? {} : { onChart })}
    />
  );
}

interface ContourProps extends ValueViewProps {
  x: ReadonlySignal<ValueColumn | undefined>;
  y: ReadonlySignal<ValueColumn | undefined>;
  z: ReadonlySignal<ValueColumn | undefined>;
}

export function ContourView({ hub, table, drawn, x, y, z, zoom, onChart }: ContourProps) {
  const run_ids = useComputed(() => table.value.run_ids);
  const names = [x, y, z].map((column) => column.value?.name ?? "");
  const description = useComputed(() =>
    describeSurface(names[2] ?? "", names[0] ?? "", names[1] ?? "", table.value, z.value),
  );
  return (
    <DrawingView
      label={`${names[2]} over ${names[0]} and ${names[1]}, contour plot. ${KEYS}`}
      description={description}
      hub={hub}
      run_ids={useRuns({ table, drawn })}
      known={run_ids}
      both
      draw={(look) => {
        const [first, second, third] = [x.value, y.value, z.value];
        if (first === undefined || second === undefined || third === undefined) return undefined;
        return contourDrawing({ table: table.value, x: first, y: second, z: third, drawn: drawn.value }, look);
      }}
      {...(zoom === undefined ? {} : { zoom })}
      {...(onChart === undefined ? {} : { onChart })}
    />
  );
}

export function rowsOf({ run_ids, run_names }: ValueTable, column: ValueColumn | undefined) {
  return run_ids.flatMap((run_id, i) => {
    const value = column?.values[i] ?? Number.NaN;
    return Number.isNaN(value) ? [] : [{ name: run_names[i] ?? run_id, value }];
  });
}
