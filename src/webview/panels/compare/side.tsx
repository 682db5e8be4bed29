import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { DrawingChart } from "../../ui/chart/drawingChart.ts";
import type { DrawnChart } from "../../ui/chart/exported.ts";
import { LineChartView } from "../../ui/chart/lineChartView.tsx";
import { USUAL_LINES } from "../../ui/chart/linePlot.ts";
import { BoxView, ContourView, ScatterView } from "../../ui/chart/valueViews.tsx";
import { IconButton, Select, Slider } from "../../ui/controls.tsx";
import { below } from "../../ui/menu.tsx";
import { fieldName } from "../../ui/chart/fields.ts";
import { ArtifactsTab } from "./artifactsTab.tsx";
import { exportEntries } from "./exporting.ts";
import { type ChartName, type FieldList, fieldLists } from "./fieldChoices.ts";
import { FullButton } from "./parallel.tsx";
import type { Props } from "./props.ts";
import { type Tab, TAB_WORDS, TABS } from "./savedView.ts";
import { useTable } from "./useTable.ts";

/** Charts of two or three values, curves of one metric, and files: one at a time. */
export function Side({ model, host }: Props) {
  const { tab, fields } = model.arrangement.value;
  const isFull = model.full.value === "side";
  const drawn = useSignal<(() => DrawnChart) | undefined>(undefined);
  const lists = tab === "artifacts" ? [] : fieldLists(tab, model.choices.value, fields[tab]);
  useEffect(() => {
    drawn.value = undefined;
  }, [tab]);
  const openMore = (event: MouseEvent) => {
    const button = event.currentTarget instanceof HTMLElement ? event.currentTarget : null;
    const title = `${TAB_WORDS[tab]} ${lists.map(({ value }) => fieldName(value)).join(" ")}`;
    model.menu.value = {
      label: TAB_WORDS[tab],
      back: button,
      ...(button === null ? { x: event.clientX, y: event.clientY } : below(button)),
      entries: exportEntries({ model, host, title, drawn: () => drawn.peek()?.() }),
    };
  };
  return (
    <section class={`side ${isFull ? "fullPart" : ""}`} data-region aria-label="Charts and artifacts">
      <div class="partHead">
        <Tabs model={model} host={host} />
        <span class="grow" />
        <FullButton model={model} part="side" />
        {tab === "artifacts" ? null : <IconButton icon="ellipsis" label="More of this chart" onClick={openMore} />}
      </div>
      <div id="sideBody" class="sideBody" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "artifacts" ? (
          <ArtifactsTab model={model} host={host} />
        ) : (
          <>
            <Lists model={model} tab={tab} lists={lists} />
            <div class="partBody">
              <SideChart
                key={JSON.stringify([tab, lists.map(({ value }) => value)])}
                {...{ model, host, tab, lists }}
                onDrawn={(made) => {
                  drawn.value = made;
                }}
              />
            </div>
          </>
        )}
      </div>
    </section>
  );
}

function Tabs({ model }: Props) {
  const { tab } = model.arrangement.value;
  const show = (next: Tab) => model.change({ tab: next });
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = by === undefined ? undefined : TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length];
    if (next === undefined) return;
    event.preventDefault();
    show(next);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div class="sideTabs" role="tablist" aria-label="Charts and artifacts" onKeyDown={onKeyDown}>
      {TABS.map((one) => (
        <button
          key={one}
          type="button"
          id={`tab-${one}`}
          role="tab"
          aria-selected={one === tab}
          aria-controls="sideBody"
          tabIndex={one === tab ? 0 : -1}
          onClick={() => show(one)}
        >
          {TAB_WORDS[one]}
        </button>
      ))}
    </div>
  );
}

function Lists({ model, tab, lists }: Pick<Props, "model"> & { tab: ChartName; lists: FieldList[] }) {
  const choose = (at: number, value: string) => {
    const chosen = lists.map((list, i) => (i === at ? value : list.value));
    model.change({ fields: { ...model.arrangement.peek().fields, [tab]: chosen } });
  };
  return (
    <div class="fieldLists">
      {lists.map(({ label, options, value }, at) => (
        <label key={label} class="fieldList">
          <span class="dim">{label}</span>
          <Select
            label={`${TAB_WORDS[tab]}: ${label}`}
            value={value}
            options={options.map((id) => ({ value: id, label: fieldName(id) }))}
            onChange={(chosen) => choose(at, chosen)}
          />
        </label>
      ))}
      {tab === "overlay" ? (
        <label class="fieldList">
          <span class="dim words">Smoothing</span>
          <Slider
            label="Smoothing of the lines"
            min={0}
            max={0.99}
            step={0.01}
            value={model.arrangement.value.smoothing}
            onInput={(smoothing) => model.change({ smoothing })}
          />
        </label>
      ) : null}
    </div>
  );
}

interface ChartProps extends Props {
  tab: ChartName;
  lists: FieldList[];
  onDrawn: (made: () => DrawnChart) => void;
}

function SideChart(props: ChartProps) {
  const { tab, lists } = props;
  if (lists.some(({ value }) => value === ""))
    return (
      <p class="emptyChart dim small">
        {tab === "overlay"
          ? "No metric of these runs has more than one step."
          : "These runs log too little for this chart."}
      </p>
    );
  return tab === "overlay" ? <Overlay {...props} /> : <ValueChart {...props} />;
}

function Overlay({ model, lists, onDrawn }: ChartProps) {
  const key = (lists[0]?.value ?? "").replace(/^metrics\./, "");
  useEffect(() => {
    model.series.want(key, true);
    return () => model.series.want(key, false);
  }, [model, key]);
  const lines = useComputed(() => model.linesOf(key));
  const settings = useComputed(() => ({ ...USUAL_LINES, smoothing: model.hub.smoothing.value }));
  if (lines.value.length === 0) return null;
  return (
    <LineChartView
      metricKey={key}
      lines={lines}
      hub={model.hub}
      settings={settings}
      onChart={(chart) => onDrawn(() => ({ kind: "lines", chart }))}
    />
  );
}

function ValueChart({ model, tab, lists, onDrawn }: ChartProps) {
  const { table, known, question } = useTable(
    model,
    lists.map(({ value }) => value),
  );
  const column = (at: number) => {
    const id = lists[at]?.value;
    return table.value.columns.find((each) => each.id === id);
  };
  const [first, second, third] = [
    useComputed(() => column(0)),
    useComputed(() => column(1)),
    useComputed(() => column(2)),
  ];
  const onChart = (chart: DrawingChart) => onDrawn(() => ({ kind: "drawing", chart }));
  const common = { hub: model.hub, table, drawn: model.compared, onChart };
  if (!known.value) return null;
  switch (tab) {
    case "scatter":
      return (
        <ScatterView
          key={question}
          {...common}
          x={first}
          y={second}
          brush={model.brush}
          onBrush={({ x, y }) => {
            model.brush.value = { ...model.brush.peek(), [lists[0]?.value ?? ""]: x, [lists[1]?.value ?? ""]: y };
          }}
        />
      );
    case "contour":
      return <ContourView key={question} {...common} x={first} y={second} z={third} />;
    case "box":
      return <BoxView key={question} {...common} by={first} y={second} />;
    default:
      return null;
  }
}
