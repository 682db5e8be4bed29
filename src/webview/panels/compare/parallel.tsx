import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Brush, without } from "../../ui/chart/brush.ts";
import { BrushChips } from "../../ui/chart/brushChips.tsx";
import type { DrawnChart } from "../../ui/chart/exported.ts";
import { ParallelView } from "../../ui/chart/parallelView.tsx";
import { IconButton } from "../../ui/controls.tsx";
import { below, type MenuEntry } from "../../ui/menu.tsx";
import { fieldName } from "../../ui/chart/fields.ts";
import { exportEntries } from "./exporting.ts";
import { allAxes, usualAxes } from "./fieldChoices.ts";
import type { CompareModel } from "./model.ts";
import type { Props } from "./props.ts";
import { type TableOfValues, useTable } from "./useTable.ts";

/** More axes than this are not offered in one menu. */
const OFFERED = 60;

/** Parallel coordinates of all runs of the experiments, the compared ones in their colours. */
export function Parallel({ model, host }: Props) {
  const drawn = useSignal<DrawnChart | undefined>(undefined);
  const axes = axesOf(model);
  const values = useTable(model, axes);
  useEffect(() => model.drawnTable(() => values.table.peek()), [model, values]);
  const isFull = model.full.value === "parallel";
  const openMore = (event: MouseEvent) => {
    const button = event.currentTarget instanceof HTMLElement ? event.currentTarget : null;
    const job = {
      model,
      host,
      title: "Parallel coordinates",
      drawn: () => drawn.peek(),
      table: () => values.table.peek(),
    };
    const clear: MenuEntry[] =
      Object.keys(model.brush.peek()).length === 0
        ? []
        : [{ label: "Clear Brush", icon: "clear-all", onClick: () => setBrush(model, {}) }, "separator"];
    model.menu.value = {
      label: "Parallel coordinates",
      back: button,
      ...(button === null ? { x: event.clientX, y: event.clientY } : below(button)),
      entries: [...clear, ...exportEntries(job)],
    };
  };
  return (
    <section class={`parallel ${isFull ? "fullPart" : ""}`} data-region aria-label="Parallel coordinates">
      <div class="partHead">
        <h2 class="strong">Parallel coordinates</h2>
        <Brushed model={model} values={values} />
        <span class="grow" />
        <IconButton
          icon="list-selection"
          label={`${countOfAxes(axes.length)}: choose them`}
          text={countOfAxes(axes.length)}
          onClick={(event) => openAxes(event, model, axes)}
        />
        <FullButton model={model} part="parallel" />
        <IconButton icon="ellipsis" label="More of the parallel coordinates" onClick={openMore} />
      </div>
      <div class="partBody">
        {values.known.value ? (
          <ParallelView
            key={values.question}
            hub={model.hub}
            table={values.table}
            drawn={model.compared}
            brush={model.brush}
            onChart={(chart) => {
              drawn.value = { kind: "drawing", chart };
            }}
          />
        ) : null}
      </div>
    </section>
  );
}

function axesOf(model: CompareModel): string[] {
  const choices = model.choices.value;
  const offered = new Set(allAxes(choices));
  const chosen = model.arrangement.value.axes.filter((id) => offered.has(id));
  return chosen.length > 0 ? chosen : usualAxes(choices);
}

function setBrush(model: CompareModel, brush: Brush): void {
  model.brush.value = brush;
}

/** Which axes there are, in the order in which they were chosen. */
function openAxes(event: MouseEvent, model: CompareModel, axes: string[]): void {
  const button = event.currentTarget instanceof HTMLElement ? event.currentTarget : null;
  const all = allAxes(model.choices.peek());
  const shown = [...axes, ...all.filter((id) => !axes.includes(id))].slice(0, OFFERED);
  const toggle = (id: string) => {
    const next = axes.includes(id) ? axes.filter((other) => other !== id) : [...axes, id];
    model.change({ axes: next });
    model.brush.value = Object.fromEntries(Object.entries(model.brush.peek()).filter(([key]) => next.includes(key)));
  };
  model.menu.value = {
    label: "Axes",
    back: button,
    ...(button === null ? { x: event.clientX, y: event.clientY } : below(button)),
    entries: [
      { label: "As at First", icon: "discard", onClick: () => model.change({ axes: [] }) },
      "separator",
      ...shown.map((id) => ({
        label: `${fieldName(id)} · ${id.slice(0, id.indexOf(".")).replace(/s$/, "")}`,
        checked: axes.includes(id),
        onClick: () => toggle(id),
      })),
    ],
  };
}

function Brushed({ model, values }: { model: CompareModel; values: TableOfValues }) {
  const brush = model.brush.value;
  const table = values.table.value;
  if (table.columns.every(({ id }) => brush[id] === undefined)) return null;
  return (
    <BrushChips
      table={table}
      brush={brush}
      countClass="num dim"
      onRemove={(id) => setBrush(model, without(brush, id))}
      onFilter={model.filterTable}
    />
  );
}

/** Lets a chart fill the panel, or gives the others their room back. */
export function FullButton({ model, part }: { model: CompareModel; part: "parallel" | "side" }) {
  const isFull = model.full.value === part;
  return (
    <IconButton
      icon={isFull ? "screen-normal" : "screen-full"}
      label={isFull ? "Leave full size (Escape)" : "Full size"}
      onClick={() => {
        model.full.value = isFull ? undefined : part;
      }}
    />
  );
}

function countOfAxes(count: number): string {
  return `${count} ${count === 1 ? "axis" : "axes"}`;
}
