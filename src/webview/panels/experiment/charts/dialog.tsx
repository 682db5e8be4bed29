import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button, Checkbox, IconButton, Select, Slider, TextField } from "../../../ui/controls.tsx";
import { countOf } from "../../../ui/format.ts";
import type { ExperimentModel } from "../model.ts";
import { readX, xOptions } from "./bar.tsx";
import { ATTRIBUTES, fieldName } from "../../../ui/chart/fields.ts";
import { imageKeys } from "./images.tsx";
import {
  CHART_KINDS,
  type ChartKind,
  type ChartSettings,
  type ChartSpec,
  KIND_NAMES,
  matcherOf,
  titleOf,
} from "./specs.ts";

/** Adds a chart, or changes one. */
export function ChartDialog({ model }: { model: ExperimentModel }) {
  const editing = model.charts.editing.value;
  return editing === undefined ? null : <Editor key={editing.spec.id} model={model} {...editing} />;
}

function Editor({ model, spec, fresh }: { model: ExperimentModel; spec: ChartSpec; fresh: boolean }) {
  const { charts } = model;
  const draft = useSignal(fresh ? suggested(spec, "scatter", model) : spec);
  const own = useSignal<ChartSettings>(charts.ownOf(spec.id).peek());
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef(document.activeElement);
  const close = () => {
    charts.editing.value = undefined;
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  useEffect(() => {
    root.current?.querySelector<HTMLElement>("select")?.focus();
  }, []);
  const now = draft.value;
  const missing = missingOf(now);
  const save = () => {
    if (missing !== undefined) return;
    charts.keep(now);
    const kept =
      charts.specOf(now.id) === undefined
        ? charts.inOrder.peek().find((other) => titleOf(other) === titleOf(now))
        : now;
    if (kept !== undefined) charts.set(kept.id, own.peek());
    close();
  };
  const set = (next: Partial<ChartSpec>) => {
    draft.value = { ...now, ...next };
  };
  return (
    <div class="veil" onPointerDown={(event) => event.target === event.currentTarget && close()}>
      <div
        class="popup chartDialog"
        role="dialog"
        aria-modal="true"
        aria-label={fresh ? "Add a chart" : `Edit chart ${titleOf(spec)}`}
        ref={root}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            close();
          }
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
          if (event.key === "Tab") keepInside(event, root.current);
        }}
      >
        <div class="dialogHead">
          <h2 class="strong grow">{fresh ? "Add chart" : "Edit chart"}</h2>
          <IconButton icon="close" label="Close (Escape)" onClick={close} />
        </div>
        <div class="dialogBody">
          <Row label="Kind">
            <Select
              label="Kind"
              value={now.kind}
              options={CHART_KINDS.map((kind) => ({ value: kind, label: KIND_NAMES[kind] }))}
              onChange={(value) => {
                const kind = CHART_KINDS.find((other) => other === value) ?? "line";
                draft.value = suggested(now, kind, model);
              }}
            />
          </Row>
          <Inputs model={model} spec={now} set={set} />
          {now.kind === "line" ? (
            <LineInputs model={model} own={own.value} set={(next) => (own.value = { ...own.peek(), ...next })} />
          ) : null}
          <Row label="Title">
            <TextField
              label="Title"
              icon="edit"
              placeholder={titleOf({ ...now, title: "" })}
              value={now.title ?? ""}
              onInput={(title) => set({ title })}
              class="low"
            />
          </Row>
          <Row label="Section">
            <TextField
              label="Section"
              icon="list-tree"
              placeholder="As its metric's prefix"
              value={now.section ?? ""}
              onInput={(section) => (section === "" ? (draft.value = withoutSection(now)) : set({ section }))}
              class="low"
            />
          </Row>
        </div>
        <div class="dialogFoot">
          <span class="dim grow">{missing}</span>
          <Button onClick={close}>Cancel</Button>
          <Button primary onClick={save}>
            {fresh ? "Add Chart" : "Save"}
          </Button>
        </div>
      </div>
    </div>
  );
}

function withoutSection({ section: _section, ...rest }: ChartSpec): ChartSpec {
  return rest;
}

function Row({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="dialogRow">
      <span class="dim">{label}</span>
      <div class="grow">{children}</div>
    </div>
  );
}

interface InputsProps {
  model: ExperimentModel;
  spec: ChartSpec;
  set: (next: Partial<ChartSpec>) => void;
}

function Inputs({ model, spec, set }: InputsProps) {
  const all = fieldOptions(model);
  const field = (label: string, at: number, options = all) => (
    <Row label={label} key={label}>
      <Select
        label={label}
        value={spec.fields[at] ?? ""}
        options={options}
        onChange={(value) => set({ fields: spec.fields.toSpliced(at, 1, value) })}
      />
    </Row>
  );
  const metrics = model.charts.metricKeys.value;
  const metric = (label: string) => (
    <Row label={label}>
      <Select
        label={label}
        value={spec.metrics[0] ?? ""}
        options={metrics.map((value) => ({ value, label: value }))}
        onChange={(value) => set({ metrics: [value] })}
      />
    </Row>
  );
  switch (spec.kind) {
    case "line":
      return (
        <Several
          label="Metrics"
          options={metrics.map((value) => ({ value, label: value }))}
          chosen={spec.metrics}
          onChange={(chosen) => set({ metrics: chosen })}
        />
      );
    case "bar":
    case "difference":
      return metric("Metric");
    case "scatter":
      return [field("x", 0), field("y", 1)];
    case "contour":
      return [field("x", 0), field("y", 1), field("Levels of", 2)];
    case "box":
      return (
        <>
          {metric("Metric")}
          {field("A box for each", 0, [{ value: "", label: "All runs together" }, ...all])}
        </>
      );
    case "parallel":
      return <Several label="Axes" options={all} chosen={spec.fields} onChange={(fields) => set({ fields })} />;
    case "images":
      return field(
        "Images",
        0,
        imageKeys(model).map((value) => ({ value: `images.${value}`, label: value })),
      );
    default:
      return spec.kind satisfies never;
  }
}

function LineInputs({
  model,
  own,
  set,
}: {
  model: ExperimentModel;
  own: ChartSettings;
  set: (next: ChartSettings) => void;
}) {
  const { charts } = model;
  const smoothing = own.smoothing ?? charts.smoothing.value;
  const choices = [
    { value: "", label: "As all charts" },
    ...xOptions(charts.stepped.value, own.x ?? "step", "", Number.POSITIVE_INFINITY),
  ];
  return (
    <>
      <Row label="x">
        <Select
          label="x axis"
          value={own.x ?? ""}
          options={choices}
          onChange={(value) => set(value === "" ? without(own, "x") : { x: readX(value) })}
        />
      </Row>
      <Row label="Smoothing">
        <div class="row">
          <Slider
            label="Smoothing of this chart"
            min={0}
            max={0.99}
            step={0.01}
            value={smoothing}
            onInput={(value) => set({ smoothing: value })}
          />
          <span class="num">{smoothing.toFixed(2)}</span>
          {own.smoothing === undefined ? <span class="dim">as all charts</span> : null}
        </div>
      </Row>
    </>
  );
}

/** Undefined on purpose: the setting is taken away when it is saved. */
function without(settings: ChartSettings, name: keyof ChartSettings): ChartSettings {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, key === name ? undefined : value]));
}

interface SeveralProps {
  label: string;
  options: { value: string; label: string }[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

/** Options shown at once: the filter finds the others. */
const MOST_OPTIONS = 200;

/** Several of many, in the order in which they are chosen; the chosen ones stand first. */
function Several({ label, options, chosen, onChange }: SeveralProps) {
  const filter = useSignal("");
  const matches = matcherOf(filter.value);
  const rest = options
    .filter(({ value, label: text }) => !chosen.includes(value) && matches(text))
    .slice(0, MOST_OPTIONS);
  const first = chosen.flatMap((value) => options.find((option) => option.value === value) ?? []);
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <Row label={label}>
      <div role="group" aria-label={label}>
        <TextField
          class="low"
          label={`Find ${label.toLowerCase()}`}
          icon="search"
          placeholder={`Find among ${countOf(options.length, "name")}`}
          value={filter.value}
          onInput={(text) => (filter.value = text)}
        />
        <div class="severalList">
          {[...first, ...rest].map(({ value, label: text }) => (
            <Checkbox key={value} checked={chosen.includes(value)} onChange={() => toggle(value)}>
              {text}
            </Checkbox>
          ))}
        </div>
      </div>
    </Row>
  );
}

/** Everything that can be an axis: metrics, params, attributes. */
function fieldOptions(model: ExperimentModel): { value: string; label: string }[] {
  const { metrics = [], params = [] } = model.keys.value ?? {};
  return [
    ...metrics.map((key) => ({ value: `metrics.${key}`, label: `${key} (metric)` })),
    ...params.map((key) => ({ value: `params.${key}`, label: `${key} (param)` })),
    ...ATTRIBUTES.map(({ key, name }) => ({ value: `attributes.${key}`, label: name })),
  ];
}

/** Axes that parallel coordinates begin with. */
const FIRST_AXES = 6;

/** `spec` as another kind: what still fits stays, the rest is what the experiment suggests. */
function suggested(spec: ChartSpec, kind: ChartKind, model: ExperimentModel): ChartSpec {
  const metrics = model.charts.metricKeys.peek();
  const params = model.varying.peek().length > 0 ? model.varying.peek() : (model.keys.peek()?.params ?? []);
  const metric = `metrics.${spec.metrics[0] ?? metrics[0] ?? ""}`;
  const param = (at: number) => `params.${params[at] ?? params[0] ?? ""}`;
  const other = metrics[1] === undefined ? "attributes.duration" : `metrics.${metrics[1]}`;
  const fields: Record<ChartKind, string[]> = {
    line: [],
    bar: [],
    difference: [],
    scatter: [params.length > 0 ? param(0) : other, metric],
    contour: [param(0), param(1), metric],
    box: params.length > 0 ? [param(0)] : [""],
    parallel: [...params.slice(0, FIRST_AXES).map((key) => `params.${key}`), metric],
    images: imageKeys(model)
      .slice(0, 1)
      .map((key) => `images.${key}`),
  };
  const needsMetrics = kind === "line" || kind === "bar" || kind === "difference" || kind === "box";
  const { title: _title, ...rest } = spec;
  return {
    ...rest,
    kind,
    metrics: needsMetrics ? (spec.metrics.length > 0 ? spec.metrics : metrics.slice(0, 1)) : [],
    fields: fields[kind],
  };
}

/** What the chart still needs, as a sentence; undefined when it is whole. */
function missingOf({ kind, metrics, fields }: ChartSpec): string | undefined {
  const whole = (count: number) => fields.slice(0, count).filter((id) => fieldName(id) !== "").length === count;
  switch (kind) {
    case "line":
    case "bar":
    case "difference":
    case "box":
      return metrics.length === 0 || metrics[0] === "" ? "Choose a metric." : undefined;
    case "scatter":
      return whole(2) ? undefined : "Choose x and y.";
    case "contour":
      return whole(3) ? undefined : "Choose x, y and what the levels are of.";
    case "parallel":
      return fields.length < 2 ? "Choose two axes or more." : undefined;
    case "images":
      return whole(1) ? undefined : "No image was logged by the drawn runs.";
    default:
      return kind satisfies never;
  }
}

/** Tab goes round within the dialog. */
export function keepInside(event: KeyboardEvent, root: HTMLElement | null): void {
  const all = [
    ...(root?.querySelectorAll<HTMLElement>(
      "select, input, button, vscode-button, vscode-checkbox, vscode-text-field",
    ) ?? []),
  ];
  const [first, last] = [all[0], all.at(-1)];
  const edge = event.shiftKey ? first : last;
  if (document.activeElement !== edge && edge?.contains(document.activeElement) !== true) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
