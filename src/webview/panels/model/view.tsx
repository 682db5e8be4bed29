import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Button, EmptyBody, Notice, Problem } from "../../ui/controls.tsx";
import { codeOf, isFilterError, isGone, messageOf } from "../../ui/errors.ts";
import { formatAge } from "../../ui/format.ts";
import { Menu } from "../../ui/menu.tsx";
import { onPanelKeys } from "../../ui/regions.ts";
import { Sash } from "../../ui/sash.tsx";
import { UnreadablePage } from "../../ui/unreadable.tsx";
import { useSize } from "../../ui/useSize.ts";
import { CompareView } from "./compareView.tsx";
import { Details } from "./details.tsx";
import { Header } from "./header.tsx";
import { HistoryView } from "./historyView.tsx";
import { onModelKeys } from "./keys.ts";
import type { Props, SeenProps } from "./props.ts";
import { USUAL_SHARE } from "./savedView.ts";
import { Toolbar } from "./toolbar.tsx";
import { tableHeight, VersionsTable } from "./versionsTable.tsx";

/** Px that a table of many rows has at least. */
const LEAST = 112;
/** ms that an answer may take before it is said that one is waited for. */
const SLOW = 300;

export function ModelPanel({ model, host }: Props) {
  useEffect(() => onPanelKeys(".grid"), []);
  useEffect(() => onModelKeys({ model, host }), [model]);
  const overview = model.overview.value;
  const failure = model.failure.value ?? model.rows.failure.value;
  if (overview === undefined)
    return failure === undefined ? <main class="model" /> : <Unreadable {...{ model, host, failure }} />;
  return (
    <main class="model">
      <Waiting model={model} />
      <Header {...{ model, host, overview }} />
      <Stale {...{ model, host, overview, failure }} />
      <Problem problem={model.problem} />
      <Body {...{ model, host, overview }} />
      <Menu menu={model.menu} />
    </main>
  );
}

function Body({ model, host, overview }: SeenProps) {
  const { rows } = model;
  const total = rows.total.value;
  const isFiltered = model.filter.value !== "";
  const area = useRef<HTMLDivElement>(null);
  const height = useRoom(area);
  if (total === 0 && !isFiltered) return <NoVersions {...{ model, host, overview }} />;
  const whole = tableHeight(total ?? 0);
  // A table of a few versions is as high as they are; a longer one scrolls, and takes its share. It does before there is a height to
  // share, too: one as high as 10,000 versions would draw them all.
  const most = Math.max(LEAST, Math.round(height.value * model.share.value));
  const isLong = height.value > 0 && whole > most;
  const isOld = (model.failure.value ?? rows.failure.value) !== undefined;
  return (
    <>
      <Toolbar {...{ model, host }} />
      <div class="modelBody" ref={area}>
        {total === 0 ? (
          <NoMatch model={model} />
        ) : (
          <section
            class={`versions ${isOld ? "old" : ""}`}
            data-region
            aria-label="Versions"
            style={{ height: `${Math.min(whole, most)}px` }}
          >
            {total === undefined ? null : <VersionsTable {...{ model, host }} />}
          </section>
        )}
        {isLong ? <Sash share={model.share} vertical={false} label="Versions and details" usual={USUAL_SHARE} /> : null}
        <Lower {...{ model, host, overview }} />
      </div>
    </>
  );
}

/** Px that an element has; 0 until it is drawn. */
function useRoom(element: { current: HTMLElement | null }) {
  const height = useSignal(0);
  useSize(element, (box) => {
    height.value = box.clientHeight;
  });
  return height;
}

/** What stands below the table: the chosen version, or two of them, and the history. */
function Lower({ model, host, overview }: SeenProps) {
  const area = useRef<HTMLDivElement>(null);
  const pair = model.pair.value;
  const shown = model.shown.value;
  const failure = model.detailsFailure.value;
  const isKnown = shown !== undefined || pair !== undefined;
  const restored = useRef(false);
  useLayoutEffect(() => {
    if (!isKnown || restored.current) return;
    restored.current = true;
    if (area.current !== null) area.current.scrollTop = model.detailsTop.peek();
  }, [isKnown]);
  return (
    <div
      class="modelDetails"
      ref={area}
      data-region
      role="region"
      aria-label="Details"
      tabIndex={0}
      onScroll={(event) => {
        event.currentTarget.toggleAttribute("data-scrolled", event.currentTarget.scrollTop > 0);
        model.detailsTop.value = event.currentTarget.scrollTop;
      }}
    >
      {failure === undefined || isFilterError(failure) ? null : (
        <Notice text={messageOf(failure)} action="Retry" onAction={model.retry} />
      )}
      {pair !== undefined ? (
        <CompareView {...{ model, host, overview, pair }} />
      ) : shown === undefined ? null : (
        <Details {...{ model, host, overview, shown }} />
      )}
      <HistoryView {...{ model, host }} />
    </div>
  );
}

function Waiting({ model }: Pick<Props, "model">) {
  const slow = useSignal(false);
  useSignalEffect(() => {
    if (!model.busy.value) {
      slow.value = false;
      return undefined;
    }
    const timer = setTimeout(() => {
      slow.value = true;
    }, SLOW);
    return () => clearTimeout(timer);
  });
  return slow.value ? <div class="progress" role="progressbar" aria-label="Reading versions" /> : null;
}

function Stale({ model, failure }: SeenProps & { failure: unknown }) {
  if (failure === undefined || isFilterError(failure)) return null;
  const freshAt = model.rows.freshAt.value;
  const isRecent = freshAt === undefined || model.now.value - freshAt < 60_000;
  const age = isRecent ? "a moment" : formatAge(freshAt, model.now.value);
  const isSilent = ["TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR", "CANCELLED", undefined].includes(codeOf(failure));
  const what = isGone(failure)
    ? `${model.subject.name} was deleted or renamed`
    : isSilent
      ? "The store does not answer"
      : messageOf(failure).replace(/\.$/, "");
  return <Notice text={`${what}; it is shown as it was ${age} ago.`} action="Retry" onAction={model.retry} />;
}

function Unreadable({ model, host, failure }: Props & { failure: unknown }) {
  const text = isGone(failure)
    ? `${model.subject.name} is not in this store any more: it was deleted or renamed.`
    : messageOf(failure);
  return (
    <UnreadablePage
      name="model"
      heading={model.subject.name}
      icon="package"
      text={text}
      onRetry={model.retry}
      onShowLog={() => model.attempt(host.showLog({}))}
    />
  );
}

function NoVersions({ model, host, overview }: SeenProps) {
  const register = model.can("write") ? (
    <Button primary onClick={() => model.attempt(host.act({ action: "register" }))}>
      Register a Version…
    </Button>
  ) : undefined;
  return (
    <div class="modelBody">
      <EmptyBody icon="package" actions={register}>
        {overview.name} has no version yet. Register the model of a run, and it appears here.
      </EmptyBody>
      <HistoryView {...{ model, host }} />
    </div>
  );
}

function NoMatch({ model }: Pick<Props, "model">) {
  return (
    <EmptyBody icon="filter" actions={<Button onClick={model.clearFilter}>Clear Filter</Button>}>
      No version matches <code>{model.filter.value}</code>.
    </EmptyBody>
  );
}
