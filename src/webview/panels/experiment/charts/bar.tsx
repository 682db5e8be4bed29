import { IconButton, Select, TextField } from "../../../ui/controls.tsx";
import { fieldName } from "../../../ui/chart/fields.ts";
import { SmoothingSlider } from "../../../ui/chart/smoothingSlider.tsx";
import { countOf, formatCount } from "../../../ui/format.ts";
import { below } from "../../../ui/menu.tsx";
import type { ExperimentModel } from "../model.ts";
import { FIRST_DRAWN, type XChoice } from "./specs.ts";

/** What all charts share: their filter, smoothing, x axis; and the way to a new one. */
export function ChartBar({ model, all, matching }: { model: ExperimentModel; all: number; matching: number }) {
  const { charts } = model;
  const runs = countOf(model.drawnFacts.value.length, "run");
  const count = matching === all ? countOf(all, "chart") : `${formatCount(matching)} of ${countOf(all, "chart")}`;
  const { x } = charts.arrangement.value;
  return (
    <div class="chartBar">
      <TextField
        class="low chartFilter"
        label="Metrics by regular expression"
        icon="search"
        placeholder="Metrics by regex"
        value={model.chartFilter.value}
        onInput={(text) => {
          model.chartFilter.value = text;
        }}
        onClear={() => {
          model.chartFilter.value = "";
        }}
      />
      {model.keys.value === undefined ? null : (
        <span class="dim num cut">
          {count} ·{" "}
          <button
            type="button"
            class="plain"
            title="Which runs are drawn"
            aria-haspopup="menu"
            onClick={(event) => openRuns(model, event)}
          >
            {runs}
          </button>
        </span>
      )}
      <span class="grow" />
      <SmoothingSlider smoothing={model.smoothing} />
      <span class="separator words" />
      <Select
        label="What the x axis of all charts is"
        class="xChoice"
        value={x}
        options={xOptions(charts.stepped.value, x)}
        onChange={(value) => charts.change({ x: readX(value) })}
      />
      <IconButton icon="add" label="Add a chart" text="Add a chart" onClick={charts.addChart} />
    </div>
  );
}

/** More metrics than this are not offered as x: the dialog of a chart has them all. */
const MOST_METRICS = 12;

export function xOptions(stepped: ReadonlySet<string>, chosen: XChoice, prefix = "x: ", most = MOST_METRICS) {
  const metrics = [...stepped].slice(0, most).map((key): XChoice => `metrics.${key}`);
  const all: XChoice[] = ["step", "time", "relative", ...metrics];
  if (!all.includes(chosen)) all.push(chosen);
  return all.map((value) => ({ value, label: `${prefix}${xName(value)}` }));
}

export function xName(x: XChoice): string {
  switch (x) {
    case "step":
      return "step";
    case "time":
      return "wall time";
    case "relative":
      return "relative time";
    default:
      return fieldName(x);
  }
}

/** The border to the list's own values. */
export function readX(value: string): XChoice {
  if (value === "time" || value === "relative") return value;
  return value.startsWith("metrics.") ? `metrics.${value.slice("metrics.".length)}` : "step";
}

/** How many of the first runs are drawn, and by what they are grouped. */
function openRuns(model: ExperimentModel, event: MouseEvent): void {
  const { charts } = model;
  const button = event.currentTarget instanceof HTMLElement ? event.currentTarget : null;
  const { first, group } = charts.arrangement.peek();
  const total = model.rows.total.peek() ?? 0;
  const counts = [FIRST_DRAWN, 50, 100, 1000].filter((_, i, list) => i === 0 || (list[i - 1] ?? 0) < total);
  const checked = model.checked.peek().size;
  const params = (model.keys.peek()?.params ?? []).slice(0, 20);
  charts.menu.value = {
    label: "Drawn runs",
    back: button,
    ...(button === null ? { x: event.clientX, y: event.clientY } : below(button)),
    entries: [
      { heading: "Draw" },
      ...counts.map((count) => ({
        label: `The first ${formatCount(count)} runs`,
        checked: first === count,
        radio: true,
        onClick: () => {
          model.drawFirst(count);
        },
      })),
      ...(checked === 0 ? [] : [{ label: `Only the ${formatCount(checked)} checked`, onClick: model.drawOnlyChecked }]),
      "separator",
      { heading: "Lines of groups as mean ± deviation" },
      { label: "None", checked: group === "", radio: true, onClick: () => charts.change({ group: "" }) },
      ...params.map((key) => ({
        label: key,
        checked: group === `params.${key}`,
        radio: true,
        onClick: () => charts.change({ group: `params.${key}` }),
      })),
    ],
  };
}
