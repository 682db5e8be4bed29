import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { Button, Dot, EmptyBody, Icon, Notice, Problem, StatusIcon } from "../../ui/controls.tsx";
import { messageOf } from "../../ui/errors.ts";
import { formatAge, formatCount } from "../../ui/format.ts";
import { onPanelKeys } from "../../ui/regions.ts";
import { Artifacts } from "./artifactsView.tsx";
import { ChildRuns, Facts, Note, Params, Tags } from "./factsView.tsx";
import { LiveCharts, MetricsTable } from "./metricsView.tsx";
import type { RunModel } from "./model.ts";
import type { Props } from "./props.ts";
import type { Section } from "./savedView.ts";

export function RunPanel({ model, host }: Props) {
  useEffect(() => onPanelKeys(), []);
  useEffect(() => onSectionKeys(model), [model]);
  const overview = model.overview.value;
  const failure = model.failure.value;
  if (overview === undefined)
    return failure === undefined ? <main class="run" /> : <Unreadable model={model} host={host} failure={failure} />;
  const freshAt = model.freshAt.value;
  const age = freshAt === undefined ? "" : formatAge(freshAt, model.now.value);
  return (
    <main class="run">
      <Header model={model} overview={overview} />
      {failure === undefined ? null : (
        <Notice
          text={`The store does not answer; this run is shown as it was ${age} ago.`}
          action="Retry"
          onAction={model.retry}
        />
      )}
      <Problem problem={model.problem} />
      <SectionBody model={model} host={host} overview={overview} />
    </main>
  );
}

const STATUS_WORDS = {
  RUNNING: "Running",
  SCHEDULED: "Scheduled",
  FINISHED: "Finished",
  FAILED: "Failed",
  KILLED: "Killed",
};

function Header({ model, overview }: { model: RunModel; overview: RunOverview }) {
  const { info } = overview.run;
  return (
    <header class="runHeader" data-region>
      <div class="row">
        <Dot ordinal={overview.ordinal} size={12} />
        <h1 class={`cut ${info.lifecycle_stage === "deleted" ? "gone" : ""}`} title={info.run_id}>
          {info.run_name}
        </h1>
        <span class="chip">
          {info.status === "FINISHED" ? <Icon name="pass" class="passed" /> : <StatusIcon status={info.status} />}
          {STATUS_WORDS[info.status]}
        </span>
        {info.lifecycle_stage === "deleted" ? <span class="chip">Deleted</span> : null}
      </div>
      <Tabs model={model} overview={overview} />
    </header>
  );
}

const SECTION_WORDS: Record<Section, string> = {
  overview: "Overview",
  metrics: "Metrics",
  artifacts: "Artifacts",
  children: "Children",
};

function Tabs({ model, overview }: { model: RunModel; overview: RunOverview }) {
  const shown = model.shownSection.value;
  const sections = model.sections.value;
  const counts: Partial<Record<Section, number>> = {
    metrics: model.metrics.value.length,
    children: overview.children.length,
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next =
      by === undefined ? undefined : sections[(sections.indexOf(shown) + by + sections.length) % sections.length];
    if (next === undefined) return;
    event.preventDefault();
    model.section.value = next;
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Sections" onKeyDown={onKeyDown}>
      {sections.map((section) => (
        <button
          key={section}
          type="button"
          id={`tab-${section}`}
          role="tab"
          aria-selected={section === shown}
          aria-controls="section"
          tabIndex={section === shown ? 0 : -1}
          onClick={() => {
            model.section.value = section;
          }}
        >
          {SECTION_WORDS[section]}
          {(counts[section] ?? 0) > 0 ? <span class="dim num"> {formatCount(counts[section] ?? 0)}</span> : null}
        </button>
      ))}
    </div>
  );
}

function SectionBody({ model, host, overview }: Props & { overview: RunOverview }) {
  const section = model.shownSection.value;
  const body = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    body.current?.scrollTo(0, model.scroll.peek()[section] ?? 0);
  }, [section]);
  const onScroll = (event: Event & { currentTarget: HTMLElement }) => {
    model.scroll.value = { ...model.scroll.peek(), [section]: Math.round(event.currentTarget.scrollTop) };
  };
  return (
    <div
      id="section"
      class={`sectionBody ${section}`}
      role="tabpanel"
      aria-labelledby={`tab-${section}`}
      ref={body}
      onScroll={onScroll}
      data-region
    >
      <SectionContent section={section} {...{ model, host, overview }} />
    </div>
  );
}

function SectionContent({ section, model, host, overview }: Props & { overview: RunOverview; section: Section }) {
  switch (section) {
    case "overview":
      return (
        <>
          <div class="facts">
            <Facts {...{ model, host, overview }} />
            <Tags overview={overview} />
            <Note overview={overview} />
            <Params overview={overview} />
            <MetricsTable model={model} />
          </div>
          <div class="beside">
            <LiveCharts model={model} most={3} />
            <Artifacts model={model} host={host} />
          </div>
        </>
      );
    case "metrics":
      return (
        <>
          <MetricsTable model={model} />
          <LiveCharts model={model} />
        </>
      );
    case "artifacts":
      return <Artifacts model={model} host={host} />;
    case "children":
      return <ChildRuns {...{ model, host, overview }} />;
    default:
      return section satisfies never;
  }
}

function Unreadable({ model, host, failure }: Props & { failure: unknown }) {
  const actions = (
    <>
      <Button primary onClick={model.retry}>
        Retry
      </Button>
      <Button onClick={() => model.attempt(host.showLog({}))}>Show Log</Button>
    </>
  );
  return (
    <main class="run">
      <EmptyBody icon="database" actions={actions}>
        {messageOf(failure)}
      </EmptyBody>
    </main>
  );
}

/** Alt 1…4 lead to the sections. */
function onSectionKeys(model: RunModel): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const section = event.altKey ? model.sections.peek()[Number(event.key) - 1] : undefined;
    if (section === undefined) return;
    event.preventDefault();
    model.section.value = section;
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}
