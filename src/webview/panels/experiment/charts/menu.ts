import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import { isZoomed } from "../../../ui/chart/zoom.ts";
import type { MenuEntry } from "../../../ui/menu.tsx";
import type { ExperimentModel } from "../model.ts";
import { baselineOf } from "./data.ts";
import type { DrawnChart } from "../../../ui/chart/exported.ts";
import { exportChart, type ExportFormat } from "./exporting.ts";
import { noteOf } from "./notes.ts";
import type { ChartSpec } from "./specs.ts";

interface MenuParts {
  spec: ChartSpec;
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
  full: boolean;
  /** Undefined while nothing is drawn. */
  drawn: DrawnChart | undefined;
}

/** Runs offered as baseline. */
const MOST_RUNS = 12;

/** Everything that can be done with a chart. */
export function menuOf(parts: MenuParts): MenuEntry[] {
  const { spec, model, full } = parts;
  const { charts } = model;
  const zoom = charts.zoomOf(spec.id);
  const entries: MenuEntry[] = [];
  if (isZoomed(zoom.peek()))
    entries.push({ label: "Reset Zoom", icon: "zoom-out", keys: "0", onClick: () => (zoom.value = {}) });
  entries.push({
    label: full ? "Leave Full Size" : "Full Size",
    icon: full ? "screen-normal" : "screen-full",
    keys: "F",
    onClick: () => {
      charts.full.value = full ? undefined : spec.id;
    },
  });
  entries.push(...axisEntries(parts), ...brushEntries(parts), "separator");
  entries.push({
    label: "Edit Chart…",
    icon: "edit",
    onClick: () => {
      charts.editing.value = { spec, fresh: false };
    },
  });
  if (!full) {
    const at = charts.inOrder.peek().findIndex(({ id }) => id === spec.id);
    if (at > 0)
      entries.push({
        label: "Move Before",
        icon: "arrow-left",
        keys: "Alt ←",
        onClick: () => charts.moveBy(spec.id, -1),
      });
    if (at < charts.inOrder.peek().length - 1)
      entries.push({
        label: "Move After",
        icon: "arrow-right",
        keys: "Alt →",
        onClick: () => charts.moveBy(spec.id, 1),
      });
  }
  entries.push({ label: "Remove Chart", icon: "trash", onClick: () => charts.remove(spec.id) });
  if (charts.arrangement.peek().removed.length > 0)
    entries.push({
      label: "Bring Removed Charts Back",
      icon: "discard",
      onClick: () => charts.change({ removed: [] }),
    });
  if (spec.kind !== "images")
    entries.push("separator", {
      label: "Show as Table",
      icon: "table",
      onClick: () => {
        charts.tabled.value = spec.id;
      },
    });
  entries.push(...exportEntries(parts));
  return entries;
}

function axisEntries({ spec, model: { charts } }: MenuParts): MenuEntry[] {
  const own = charts.ownOf(spec.id).peek();
  const toggle = (label: string, name: "logX" | "logY" | "clip" | "mean", usual = false): MenuEntry => ({
    label,
    checked: own[name] ?? usual,
    onClick: () => charts.set(spec.id, { [name]: !(own[name] ?? usual) }),
  });
  if (charts.data.isLines(spec)) {
    const grouped = charts.arrangement.peek().group !== "" && spec.kind === "line";
    return [
      "separator",
      toggle("Logarithmic y", "logY"),
      toggle("Logarithmic x", "logX"),
      toggle("Ignore Outliers", "clip"),
      ...(grouped ? [toggle("Means of Groups", "mean", true)] : []),
      ...baselineEntries(spec, charts),
    ];
  }
  if (spec.kind === "difference") return baselineEntries(spec, charts);
  if (spec.kind === "scatter" || spec.kind === "contour")
    return ["separator", toggle("Logarithmic y", "logY"), toggle("Logarithmic x", "logX")];
  if (spec.kind === "box") return ["separator", toggle("Logarithmic y", "logY")];
  return [];
}

function baselineEntries(spec: ChartSpec, charts: MenuParts["model"]["charts"]): MenuEntry[] {
  if (spec.kind !== "difference") return [];
  const baseline = baselineOf(charts.facts.peek(), charts.baseline.peek());
  return [
    "separator",
    { heading: "Baseline" },
    ...charts.facts
      .peek()
      .slice(0, MOST_RUNS)
      .map(({ run_id, name }) => ({
        label: name,
        checked: run_id === baseline,
        radio: true,
        onClick: () => {
          charts.baseline.value = run_id;
        },
      })),
  ];
}

/** What is shown becomes the brush: the way to it without a mouse. */
function brushEntries({ spec, model: { charts }, drawn }: MenuParts): MenuEntry[] {
  if (spec.kind !== "scatter" || drawn?.kind !== "drawing") return [];
  const { axes } = drawn.chart.drawing;
  const [x = "", y = ""] = spec.fields;
  if (axes === undefined) return [];
  const brushed = charts.brush.peek()[x] !== undefined || charts.brush.peek()[y] !== undefined;
  return [
    "separator",
    {
      label: "Brush What Is Shown",
      icon: "selection",
      onClick: () => {
        charts.brush.value = { ...charts.brush.peek(), [x]: [axes.x.min, axes.x.max], [y]: [axes.y.min, axes.y.max] };
      },
    },
    ...(brushed
      ? [
          {
            label: "Clear Brush",
            icon: "close",
            onClick: () => {
              charts.brush.value = {};
            },
          },
        ]
      : []),
  ];
}

const FORMATS: { format: ExportFormat; name: string }[] = [
  { format: "png", name: "PNG" },
  { format: "svg", name: "SVG" },
  { format: "csv", name: "CSV" },
];

function exportEntries({ spec, model, host, drawn }: MenuParts): MenuEntry[] {
  if (drawn === undefined) return [];
  const note = noteOf(spec, model.charts, { outside: 0, unshown: 0 }, true);
  return FORMATS.map(({ format, name }) => ({
    label: `Export ${name}…`,
    icon: format === "csv" ? "list-flat" : "file-media",
    onClick: () => model.attempt(exportChart({ spec, model, host, drawn, note }, format)),
  }));
}
