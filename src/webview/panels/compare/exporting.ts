import { chartColors } from "../../ui/chart/colors.ts";
import { type DrawnChart, exportedFigure, exportName } from "../../ui/chart/exported.ts";
import { type Figure, figurePng, figureSvg } from "../../ui/chart/figure.ts";
import { runColor } from "../../ui/chart/palette.ts";
import type { ValueTable } from "../../ui/chart/values.ts";
import { csvOf } from "../../ui/csv.ts";
import type { MenuEntry } from "../../ui/menu.tsx";
import type { Props } from "./props.ts";

interface Job extends Props {
  title: string;
  drawn(): DrawnChart | undefined;
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
      const name = exportName(title, ending);
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
  const legend = model.runs
    .peek()
    .map(({ run_name, ordinal }) => ({ name: run_name, color: runColor(ordinal, colors) }));
  return exportedFigure(made, { title, note: "", legend });
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
