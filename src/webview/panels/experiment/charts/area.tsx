import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import { Icon, IconButton } from "../../../ui/controls.tsx";
import { formatCount } from "../../../ui/format.ts";
import { Menu } from "../../../ui/menu.tsx";
import { NARROW, pageWidth } from "../../../ui/narrow.ts";
import type { ExperimentModel } from "../model.ts";
import { ChartBar } from "./bar.tsx";
import { ChartCard } from "./card.tsx";
import { DataDialog } from "./dataDialog.tsx";
import { ChartDialog } from "./dialog.tsx";
import type { ChartSpec } from "./specs.ts";

interface Props {
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
}

/** The chart bar and the charts in their sections; in the narrow layout one at a time. */
export function Charts({ model, host }: Props) {
  const { charts } = model;
  const at = useMemo(() => signal(0), []);
  const all = charts.specs.value;
  const inOrder = charts.inOrder.value;
  const known = model.keys.value !== undefined;
  const noneDrawn = inOrder.length > 0 && model.rows.total.value !== undefined && model.drawn.value.length === 0;
  const narrow = pageWidth.value < NARROW;
  const one = narrow ? Math.min(at.value, Math.max(0, inOrder.length - 1)) : undefined;
  const step = (by: number) => {
    at.value = ((one ?? 0) + by + inOrder.length) % Math.max(1, inOrder.length);
  };
  const arrows =
    one === undefined || inOrder.length < 2 ? undefined : (
      <>
        <IconButton icon="arrow-left" label="Previous chart" onClick={() => step(-1)} />
        <IconButton icon="arrow-right" label="Next chart" onClick={() => step(1)} />
      </>
    );
  const single = one === undefined ? undefined : inOrder[one];
  // Charts draw the first rows: these are on screen before any chart is made.
  const [ready, setReady] = useState(false);
  const readable = known && model.rows.total.value !== undefined;
  useEffect(() => {
    if (readable) setReady(true);
  }, [readable]);
  return (
    <>
      <ChartBar model={model} all={all.length} matching={inOrder.length} />
      {known && all.length === 0 ? (
        <p class="noCharts dim">No metric is logged yet. Each one gets a chart here.</p>
      ) : null}
      {all.length > 0 && inOrder.length === 0 ? <p class="noCharts dim">No metric matches this expression.</p> : null}
      {noneDrawn ? <p class="noCharts dim">No run is drawn. A click on its dot in the table draws it.</p> : null}
      {ready ? <ChartSections model={model} host={host} single={single} arrows={arrows} /> : <div class="chartArea" />}
      {one !== undefined && inOrder.length > 1 ? <Pager at={one} count={inOrder.length} /> : null}
      <FullChart model={model} host={host} />
      <ChartDialog model={model} />
      <DataDialog model={model} />
      <Menu menu={charts.menu} />
    </>
  );
}

/** More charts than this have no dot each. */
const MOST_DOTS = 12;

function Pager({ at, count }: { at: number; count: number }) {
  const dots = count > MOST_DOTS ? [] : Array.from({ length: count }, (_, i) => i);
  return (
    <div class="pager dim num">
      {dots.length === 0 ? null : (
        <span class="pagerDots" aria-hidden="true">
          {dots.map((i) => (
            <i key={i} class={i === at ? "at" : ""} />
          ))}
        </span>
      )}
      chart {formatCount(at + 1)} of {formatCount(count)}
    </div>
  );
}

interface SectionsProps extends Props {
  /** The only chart there is room for. */
  single: ChartSpec | undefined;
  arrows: preact.ComponentChildren;
}

function ChartSections({ model, host, single, arrows }: SectionsProps) {
  const area = useRef<HTMLDivElement>(null);
  const { charts } = model;
  const sections = charts.sections.value;
  const folded = charts.arrangement.value.folded;
  const restored = useRef(false);
  const count = charts.inOrder.value.length;
  useLayoutEffect(() => {
    if (restored.current || count === 0 || area.current === null) return;
    restored.current = true;
    const top = model.chartScroll.peek();
    if (top > 0) area.current.scrollTop = top;
  }, [count]);
  const titled = sections.length > 1 && single === undefined;
  return (
    <div
      class="chartArea"
      ref={area}
      onScroll={(event) => {
        model.chartScroll.value = event.currentTarget.scrollTop;
      }}
    >
      {single !== undefined ? (
        <>
          <h2 class="hidden">{sectionName("")}</h2>
          <div class="chartGrid few">
            <ChartCard key={single.id} spec={single} model={model} host={host} actions={arrows} />
          </div>
        </>
      ) : (
        sections.map(({ name, charts: specs }) => {
          const closed = titled && folded.includes(name);
          return (
            <div
              class={`chartSection ${titled ? "titled" : ""}`}
              key={name}
              role="group"
              aria-label={sectionName(name)}
            >
              {titled ? (
                <h2>
                  <button type="button" class="sectionTitle" aria-expanded={!closed} onClick={() => charts.fold(name)}>
                    <Icon name={closed ? "chevron-right" : "chevron-down"} />
                    <span class="strong">{sectionName(name)}</span>
                    <span class="badge">{formatCount(specs.length)}</span>
                  </button>
                </h2>
              ) : (
                <h2 class="hidden">{sectionName(name)}</h2>
              )}
              {closed ? null : (
                <div class={`chartGrid ${!titled && specs.length <= 3 ? "few" : ""}`}>
                  {specs.map((spec) => (
                    <ChartCard
                      // A metric that gets its second step becomes another chart.
                      key={`${spec.id} ${spec.kind}`}
                      spec={spec}
                      model={model}
                      host={host}
                    />
                  ))}
                </div>
              )}
            </div>
          );
        })
      )}
    </div>
  );
}

function sectionName(name: string): string {
  return name === "" ? "Charts" : name;
}

/** The chart that fills the panel, over everything else. */
function FullChart({ model, host }: Props) {
  const { charts } = model;
  const root = useRef<HTMLDivElement>(null);
  const id = charts.full.value;
  const spec = id === undefined ? undefined : charts.specOf(id);
  useEffect(() => {
    (root.current?.querySelector<HTMLElement>(".plot") ?? root.current)?.focus();
    if (id === undefined) return undefined;
    return () => document.querySelector<HTMLElement>(`[data-chart="${CSS.escape(id)}"] .plot`)?.focus();
  }, [id]);
  if (spec === undefined) return null;
  const leave = () => {
    charts.full.value = undefined;
  };
  const inOrder = charts.inOrder.value;
  const at = inOrder.findIndex((other) => other.id === spec.id);
  const step = (by: number) => {
    charts.full.value = inOrder[(at + by + inOrder.length) % inOrder.length]?.id;
  };
  return (
    <div
      class="fullChart"
      role="dialog"
      aria-modal="true"
      aria-label="Chart in full size"
      tabIndex={-1}
      ref={root}
      onKeyDownCapture={(event) => {
        if (event.key === "Escape" && charts.menu.peek() === undefined) {
          event.stopPropagation();
          leave();
        }
      }}
    >
      <ChartCard
        key={`full ${spec.id}`}
        spec={spec}
        model={model}
        host={host}
        full
        actions={
          <>
            {inOrder.length < 2 ? null : (
              <>
                <span class="dim small num">
                  chart {formatCount(at + 1)} of {formatCount(inOrder.length)}
                </span>
                <IconButton icon="arrow-left" label="Previous chart" onClick={() => step(-1)} />
                <IconButton icon="arrow-right" label="Next chart" onClick={() => step(1)} />
              </>
            )}
            <IconButton icon="screen-normal" label="Leave full size (Escape)" onClick={leave} />
          </>
        }
      />
    </div>
  );
}
