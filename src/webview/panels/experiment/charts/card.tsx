import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import type { DrawnChart } from "../../../ui/chart/exported.ts";
import { ChartFrame } from "../../../ui/chart/frame.tsx";
import type { LineFacts } from "../../../ui/chart/lineChartView.tsx";
import { isZoomed } from "../../../ui/chart/zoom.ts";
import { IconButton } from "../../../ui/controls.tsx";
import { below } from "../../../ui/menu.tsx";
import { NARROW, pageWidth } from "../../../ui/narrow.ts";
import type { ExperimentModel } from "../model.ts";
import { ChartBody } from "./body.tsx";
import { ChartBrush } from "./brushChips.tsx";
import { dragCard } from "./dragCard.ts";
import { drawnCharts } from "./actions.ts";
import { menuOf } from "./menu.ts";
import { noteOf } from "./notes.ts";
import { type ChartSpec, titleOf } from "./specs.ts";

interface Props {
  spec: ChartSpec;
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
  /** It fills the panel. */
  full?: boolean;
  actions?: ComponentChildren;
}

/** One chart: title, note of what is set, tools, and its picture. */
export function ChartCard({ spec, model, host, full = false, actions }: Props) {
  const { charts } = model;
  const visible = useSignal(false);
  const facts = useSignal<LineFacts>({ outside: 0, unshown: 0 });
  const drawn = useRef<DrawnChart | undefined>(undefined);
  const zoom = useMemo(() => charts.zoomOf(spec.id), [charts, spec.id]);
  const newest = useRef(spec);
  newest.current = spec;
  const key = JSON.stringify([spec.kind, spec.metrics, spec.fields]);
  const shape = useSignal(key);
  if (shape.peek() !== key) queueMicrotask(() => (shape.value = key));
  useSignalEffect(() => {
    const known = shape.value !== "";
    return visible.value && known ? charts.data.seen(newest.current) : undefined;
  });
  const note = useComputed(() => noteOf(newest.current, charts, facts.value, pageWidth.value < NARROW));
  const zoomed = useComputed(() => isZoomed(zoom.value));
  const openMenu = (x: number, y: number, back: HTMLElement | null) => {
    charts.menu.value = {
      label: `Chart ${titleOf(spec)}`,
      x,
      y,
      back,
      entries: menuOf({ spec, model, host, full, drawn: drawn.current }),
    };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.matches("input, select, textarea")) return;
    if (event.ctrlKey || event.metaKey) return;
    const box = event.target.getBoundingClientRect();
    if (event.altKey) {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined || full) return;
      charts.moveBy(spec.id, by);
      keepFocus(spec.id);
    } else if (event.key === "f" || event.key === "F") charts.full.value = full ? undefined : spec.id;
    else if (
      event.key === "m" ||
      event.key === "M" ||
      event.key === "ContextMenu" ||
      (event.key === "F10" && event.shiftKey)
    )
      openMenu(box.left + Math.min(80, box.width / 3), box.top + Math.min(60, box.height / 3), event.target);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ChartFrame
      title={titleOf(spec)}
      id={spec.id}
      eager={full}
      class={`${full ? "full" : ""} ${spec.kind === "parallel" ? "wide" : spec.kind === "images" ? "wide pictures" : ""}`}
      note={note.value}
      actions={actions}
      tools={
        <>
          {zoomed.value ? (
            <IconButton
              icon="zoom-out"
              label="Reset zoom (0)"
              onClick={() => {
                zoom.value = {};
              }}
            />
          ) : null}
          {full ? null : (
            <IconButton
              icon="screen-full"
              label="Full size (F)"
              onClick={() => {
                charts.full.value = spec.id;
              }}
            />
          )}
          <IconButton
            icon="ellipsis"
            label="More (M)"
            onClick={(event) => {
              const button = event.currentTarget instanceof HTMLElement ? event.currentTarget : null;
              const { x, y } = button === null ? { x: event.clientX, y: event.clientY } : below(button);
              openMenu(x, y, button);
            }}
          />
        </>
      }
      onVisible={(now) => {
        visible.value = now;
      }}
      onKeyDown={onKeyDown}
      onTurnTo={() => {
        charts.current.value = spec.id;
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        openMenu(
          event.clientX,
          event.clientY,
          event.currentTarget instanceof HTMLElement ? event.currentTarget.querySelector<HTMLElement>(".plot") : null,
        );
      }}
      {...(full ? {} : { grip: { onPointerDown: (event) => dragCard(event, spec.id, charts) } })}
    >
      <ChartBrush spec={spec} model={model} />
      <div class="chartPicture">
        <ChartBody
          spec={spec}
          model={model}
          host={host}
          facts={facts}
          zoom={zoom}
          full={full}
          onDrawn={(chart) => {
            drawn.current = chart;
            drawnCharts.set(spec.id, chart);
          }}
        />
      </div>
    </ChartFrame>
  );
}

/** A chart that was moved by key keeps the focus at its new place. */
function keepFocus(id: string): void {
  requestAnimationFrame(() => {
    const plot = document.querySelector<HTMLElement>(`[data-chart="${CSS.escape(id)}"] .plot`);
    plot?.focus();
    plot?.scrollIntoView({ block: "nearest" });
  });
}
