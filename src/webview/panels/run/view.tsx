import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { Notice, Problem } from "../../ui/controls.tsx";
import { codeOf, messageOf } from "../../ui/errors.ts";
import { formatAge } from "../../ui/format.ts";
import { onPanelKeys } from "../../ui/regions.ts";
import { UnreadablePage } from "../../ui/unreadable.tsx";
import { ArtifactsPart } from "./artifactsView.tsx";
import { ChildRuns } from "./childrenView.tsx";
import { Code } from "./codeView.tsx";
import { Facts } from "./factsView.tsx";
import { Header } from "./header.tsx";
import { onRunKeys } from "./keys.ts";
import { LiveCharts, MetricsTable } from "./metricsView.tsx";
import { Note } from "./noteView.tsx";
import { Params } from "./paramsView.tsx";
import type { Props } from "./props.ts";
import { RunTags } from "./tagsView.tsx";

export function RunPanel({ model, host }: Props) {
  useEffect(() => onPanelKeys("[role='tab'][aria-selected='true']"), []);
  useEffect(() => onRunKeys({ model, host }), [model]);
  const overview = model.overview.value;
  const failure = model.failure.value;
  if (overview === undefined)
    return failure === undefined ? <main class="run" /> : <Unreadable model={model} host={host} failure={failure} />;
  const freshAt = model.freshAt.value;
  const age = freshAt === undefined ? "" : formatAge(freshAt, model.now.value);
  const gone = codeOf(failure) === "RESOURCE_DOES_NOT_EXIST";
  return (
    <main class="run">
      <Header {...{ model, host, overview }} />
      {failure === undefined ? null : (
        <Notice
          text={
            gone
              ? `This run is no longer in ${overview.store_name}; it is shown as it was ${age} ago.`
              : `The store does not answer; this run is shown as it was ${age} ago.`
          }
          action="Retry"
          onAction={model.retry}
        />
      )}
      <Problem problem={model.problem} />
      <SectionBody model={model} host={host} overview={overview} />
    </main>
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
      <SectionContent {...{ model, host, overview }} />
    </div>
  );
}

function SectionContent({ model, host, overview }: Props & { overview: RunOverview }) {
  const section = model.shownSection.value;
  switch (section) {
    case "overview":
      return (
        <>
          <FactsColumn {...{ model, host, overview }} />
          <div class="beside">
            <LiveCharts model={model} which="overview" most={3} />
            <ArtifactsPart {...{ model, host, overview }} />
          </div>
        </>
      );
    case "metrics":
      return (
        <>
          <MetricsTable model={model} wide />
          <LiveCharts model={model} which="metrics" />
        </>
      );
    case "system":
      return <LiveCharts model={model} which="system" />;
    case "artifacts":
      return <ArtifactsPart {...{ model, host, overview }} />;
    case "children":
      return <ChildRuns {...{ model, host, overview }} />;
    case "code":
      return <Code {...{ model, host, overview }} />;
    default:
      return section satisfies never;
  }
}

/** The left side of the overview; it scrolls by itself. */
function FactsColumn({ model, host, overview }: Props & { overview: RunOverview }) {
  const column = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    column.current?.scrollTo(0, model.scroll.peek()["facts"] ?? 0);
  }, []);
  const onScroll = (event: Event & { currentTarget: HTMLElement }) => {
    event.stopPropagation();
    model.scroll.value = { ...model.scroll.peek(), facts: Math.round(event.currentTarget.scrollTop) };
  };
  return (
    <div class="facts" ref={column} onScroll={onScroll}>
      <Facts {...{ model, host, overview }} />
      <RunTags {...{ model, host, overview }} />
      <Note {...{ model, host, overview }} />
      <Params {...{ model, host, overview }} />
      <MetricsTable model={model} />
    </div>
  );
}

function Unreadable({ model, host, failure }: Props & { failure: unknown }) {
  return (
    <UnreadablePage
      name="run"
      heading="Run"
      icon="database"
      text={messageOf(failure)}
      onRetry={model.retry}
      onShowLog={() => model.attempt(host.showLog({}))}
    />
  );
}
