import { chartColors } from "../../ui/chart/colors.ts";
import type { DrawingChart } from "../../ui/chart/drawingChart.ts";
import { type Figure, figureOf, figurePng, figureSvg } from "../../ui/chart/figure.ts";
import type { LineChart } from "../../ui/chart/lineChart.ts";
import { lineShapes } from "../../ui/chart/lineShapes.ts";
import { runColor } from "../../ui/chart/palette.ts";
import type { ValueTable } from "../../ui/chart/values.ts";
import { csvOf } from "../../ui/csv.ts";
import type { MenuEntry } from "../../ui/menu.tsx";
import type { Props } from "./props.ts";

/** A chart as it is drawn. */
export type Drawn = { kind: "lines"; chart: LineChart } | { kind: "drawing"; chart: DrawingChart };

/** Least size of an exported picture in px. */
const LEAST = { width: 720, height: 420 };

interface Job extends Props {
  title: string;
  drawn(): Drawn | undefined;
  /** Absent: it is not exported as a table. */
  table?: () => ValueTable;
}

/** The entries of a chart's menu that save it. */
export function exportEntries(job: Job): MenuEntry[] {
  const { model, host, title } = job;
  const save = (ending: string, content: () => string | Promise<Uint8Array>) => ({
    label: `Export ${ending.toUpperCase()}…`,
    icon: "save-as",
    onClick: () => {
      const name = `${title.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")}.${ending}`;
      model.attempt(Promise.resolve(content()).then((made) => host.saveFile({ name, content: made })));
    },
  });
  const figure = figureFor(job);
  const { table } = job;
  return [
    ...(figure === undefined ? [] : [save("png", () => figurePng(figure)), save("svg", () => figureSvg(figure))]),
    ...(table === undefined ? [] : [save("csv", () => tableCsv(table()))]),
  ];
}

function figureFor({ model, title, drawn }: Job): Figure | undefined {
  const made = drawn();
  if (made === undefined) return undefined;
  const colors = chartColors.peek();
  const { width, height } = made.chart.size;
  const size = {
    width: Math.max(LEAST.width, Math.round(width)),
    height: Math.max(LEAST.height, Math.round(height) + 60),
  };
  const legend = model.runs
    .peek()
    .map(({ run_name, ordinal }) => ({ name: run_name, color: runColor(ordinal, colors) }));
  const parts = { ...size, title, note: "", description: "", colors, legend };
  if (made.kind === "drawing") {
    const { drawing } = made.chart;
    return figureOf({ ...parts, axes: drawing.axes, padding: drawing.padding, draw: (place) => drawing.draw(place) });
  }
  const { plot, axes } = made.chart;
  const look = { colors, hovered: undefined, smoothed: false };
  return figureOf({ ...parts, axes, draw: (place) => lineShapes(plot, look, place) });
}

function tableCsv({ run_ids, run_names, columns }: ValueTable): string {
  const rows = run_ids.map((key, row) => [
    key.slice(0, key.indexOf(" ")),
    run_names[row] ?? "",
    ...columns.map(({ kind, values, names, texts }) => {
      const value = values[row] ?? Number.NaN;
      if (texts !== undefined) return texts[row] ?? null;
      if (Number.isNaN(value)) return null;
      return kind === "names" ? (names?.[value] ?? null) : value;
    }),
  ]);
  return csvOf(["run_id", "run_name", ...columns.map(({ name }) => name)], rows);
}
